/** What the engine is and what it runs on, for whoever wonders why something is slow or missing. */

import os from "node:os";
import { version_core } from "@tensorflow/tfjs-core";
import type { ResolvedModel } from "../../config/resolved.ts";
import type { DataFacts } from "../../protocol/dataFacts.ts";
import type { DoctorReport } from "../../protocol/engineMessages.ts";
import type { BackendInfo, RecurrentInfo } from "../../protocol/run.ts";
import { dataFacts } from "../data/facts/dataFacts.ts";
import { layerInfos } from "../measure/layerInfo.ts";
import { entriesOf } from "../model/builtModel.ts";
import { kernelSource } from "../recurrent/kernelSource.ts";
import { measuredLayers } from "../recurrent/layers.ts";
import { prepare } from "../training/prepare.ts";

const variants = { simd: "SIMD", relaxed: "relaxed SIMD" } as const;

/** Who runs a recurrent layer of a config. */
export interface RecurrentMethod {
  readonly layer: string;
  readonly method: RecurrentInfo["method"];
  /** Why the kernels don't; null where they do. */
  readonly reason: string | null;
}

export interface ModelFacts {
  /** Who will run its recurrent layers, and why not the kernels. */
  readonly recurrent: readonly RecurrentMethod[];
  readonly data: DataFacts;
}

/** What is known of a model without training it; null when it is not sound. */
export async function modelFacts(model: ResolvedModel, configPath: string): Promise<ModelFacts | null> {
  const source = await kernelSource();
  const prepared = await prepare({ model, configPath });
  if (!("built" in prepared)) return null;
  const { built, dataset } = prepared;
  try {
    const layers = measuredLayers(built.model);
    const infos = layerInfos(layers, built.byLayer, dataset.timesteps, "plans" in source);
    const recurrent = infos.flatMap(({ name, recurrent }, i): RecurrentMethod[] => {
      const kernel = layers[i]?.cell?.kernel;
      if (!recurrent || !kernel) return [];
      const missing = "reason" in source && !("own" in kernel) ? source.reason : null;
      const reason = "reason" in kernel ? kernel.reason : missing;
      return [{ layer: name, method: recurrent.method, reason }];
    });
    return { recurrent, data: dataFacts(dataset, entriesOf(built)) };
  } finally {
    prepared.dispose();
  }
}

export async function doctorReport(backend: BackendInfo): Promise<DoctorReport> {
  const source = await kernelSource();
  const kernels =
    "plans" in source
      ? { name: `WASM with ${variants[source.kernels.variant]}`, threads: source.kernels.maxThreads }
      : { name: `none, ${source.reason}; tfjs's own loops run recurrent layers`, threads: 1 };
  const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GB`;
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    backend,
    facts: [
      { name: "tfjs", value: version_core },
      { name: "processors", value: `${os.availableParallelism()} × ${os.cpus()[0]?.model.trim() || "unknown"}` },
      { name: "kernels", value: kernels.name },
      { name: "threads", value: kernels.threads === 1 ? "1" : `up to ${kernels.threads}, for the kernels` },
      { name: "memory", value: `${gigabytes(os.freemem())} of ${gigabytes(os.totalmem())} free` },
    ],
  };
}
