/** Reports what the engine is and what it runs on, to explain why something is slow or missing. */

import os from "node:os";
import * as tf from "@tensorflow/tfjs-core";
import type { Problem } from "../../config/problem.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import { documentWords } from "../../messages/documents.ts";
import { engineWords } from "../../messages/engine.ts";
import type { DataFacts } from "../../protocol/dataFacts.ts";
import type { DoctorReport } from "../../protocol/engineMessages.ts";
import type { BackendInfo, RecurrentInfo } from "../../protocol/run.ts";
import { nativePackage } from "../backend/ladder.ts";
import { batchTensors } from "../data/batches.ts";
import { dataFacts } from "../data/facts/dataFacts.ts";
import { instrument } from "../instrument/instrument.ts";
import { type KernelSource, kernelSource } from "../instrument/kernelSource.ts";
import { measuredLayers } from "../instrument/measuredLayers.ts";
import { layerInfos } from "../measure/layerInfo.ts";
import { entriesOf } from "../model/builtModel.ts";
import { forward } from "../model/forward.ts";
import { faultProblem } from "../model/layerFault.ts";
import { atFile } from "../saved/loadModel.ts";
import { lossOf, type Prepared, prepare, timeCut, warningsOf } from "../training/prepare.ts";

const variants = { simd: "SIMD", relaxed: "relaxed SIMD" } as const;

/** How a recurrent layer of a config is run. */
export interface RecurrentMethod {
  readonly layer: string;
  readonly method: RecurrentInfo["method"];
  /** Why the kernels do not run it; null if they do. */
  readonly reason: string | null;
}

export interface ModelFacts {
  /** How its recurrent layers will be run, and why not in the kernels. */
  readonly recurrent: readonly RecurrentMethod[];
  readonly data: DataFacts;
}

export interface ExaminedModel {
  /** Null: a run would be refused. */
  readonly facts: ModelFacts | null;
  /** The reasons why a run would be refused, at their places; for a model that can be run, its warnings. */
  readonly problems: readonly Problem[];
}

/**
 * Loads a model's data, builds it and passes one batch through it, like a run before its first update; trains nothing.
 * Rejects if a run would fail.
 */
export async function examineModel(model: ResolvedModel, configPath: string): Promise<ExaminedModel> {
  const source = await kernelSource();
  const kernels = "plans" in source ? source : null;
  const prepared = await prepare({ model, configPath });
  if (!("built" in prepared)) return { facts: null, problems: prepared };
  const { built, dataset } = prepared;
  try {
    const layers = measuredLayers(built.model);
    const fault = firstPassFault(prepared, kernels, model);
    if (fault) return { facts: null, problems: model.file === null ? [fault] : atFile([fault], model.file) };
    const infos = layerInfos(layers, built.byLayer, dataset.timesteps, kernels !== null, [], timeCut(model));
    const recurrent = infos.flatMap(({ name, recurrent }): RecurrentMethod[] => {
      if (!recurrent) return [];
      const { method, reason = null } = recurrent;
      return [{ layer: name, method, reason: method === "taps" && "reason" in source ? source.reason : reason }];
    });
    const data = await dataFacts(dataset, entriesOf(built), (name) => lossOf(prepared, model.training, name));
    return {
      facts: { recurrent, data },
      problems: warningsOf(prepared, model),
    };
  } finally {
    prepared.dispose();
  }
}

/** The fault of a layer that cannot compute the first batch; null: all layers can. */
function firstPassFault(
  { built, dataset }: Prepared,
  kernels: KernelSource | null,
  { training }: ResolvedModel,
): Problem | null {
  const instrumentation = instrument(built.model, null, { kernels });
  const size = Math.min(training.batchSize, dataset.samples);
  const { inputs, targets } = batchTensors(
    dataset,
    Uint32Array.from({ length: size }, (_, i) => i),
  );
  try {
    tf.tidy(() => void instrumentation.infer(() => forward(built.model, inputs, true)));
    return null;
  } catch (error) {
    const problem = faultProblem(error, built);
    if (problem === null) throw error;
    return problem;
  } finally {
    tf.dispose([inputs, targets]);
    instrumentation.remove();
  }
}

export async function doctorReport(backend: BackendInfo): Promise<DoctorReport> {
  const source = await kernelSource();
  const kernels =
    "plans" in source
      ? { name: documentWords().wasmWith(variants[source.kernels.variant]), threads: source.kernels.maxThreads }
      : { name: documentWords().noKernels(source.reason), threads: 1 };
  const hint = tensorflowHint(backend);
  const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GB`;
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    backend,
    facts: [
      ...(hint === null ? [] : [{ name: documentWords().facts.tensorflow, value: hint }]),
      { name: "tfjs", value: tf.version_core },
      {
        name: documentWords().facts.processors,
        value: `${os.availableParallelism()} × ${os.cpus()[0]?.model.trim() || documentWords().unknown}`,
      },
      { name: documentWords().facts.kernels, value: kernels.name },
      { name: documentWords().facts.threads, value: documentWords().threads(kernels.threads) },
      {
        name: documentWords().facts.memory,
        value: documentWords().memory({ free: gigabytes(os.freemem()), all: gigabytes(os.totalmem()) }),
      },
    ],
  };
}

/**
 * Explains how to get TensorFlow if its library is missing; null: it is present, or another rung was requested.
 *
 * npm skips an optional dependency whose install fails, and this one downloads libtensorflow while it installs.
 */
export function tensorflowHint({ rejected }: BackendInfo): string | null {
  const reason = rejected.find(({ name }) => name === "tensorflow")?.reason ?? "";
  if (![engineWords().notInstalled, engineWords().noLibrary].some((words) => reason.includes(words))) return null;
  return documentWords().tensorflowHint(nativePackage);
}
