/** Chooses the tfjs backend: TensorFlow's native library if it is available, then WASM, then plain JavaScript. */

import * as tf from "@tensorflow/tfjs-core";
import { engineWords } from "../../messages/engine.ts";
import type { BackendInfo, BackendName } from "../../protocol/run.ts";
import { applyPatches } from "../tfjs/patches/patches.ts";
import type { Rung } from "./rung.ts";
import { nativePackage, useTensorflow } from "./tensorflow.ts";
import { useWasm } from "./wasm.ts";

export { nativePackage };

export const ladder: readonly BackendName[] = ["tensorflow", "wasm", "cpu"];

export interface BackendOptions {
  /** A folder whose own `@tensorflow/tfjs-node` may be loaded. Set only for a trusted workspace. */
  readonly workspace?: string;
  /**
   * Real paths of packages with native code that the user has allowed to be loaded from the workspace; default: none.
   */
  readonly native?: readonly string[];
}

/**
 * Makes the first backend that works, starting at `choice` and going down the ladder, tfjs's current backend. It does
 * not reject because a backend is missing: plain JavaScript always works.
 */
export async function initBackend(choice: "auto" | BackendName, options: BackendOptions = {}): Promise<BackendInfo> {
  // Silences tfjs's advice about other backends; nothing else depends on this flag.
  tf.enableProdMode();
  applyPatches();
  const rejected: { name: BackendName; reason: string }[] = [];
  for (const name of ladder) {
    if (choice !== "auto" && ladder.indexOf(name) < ladder.indexOf(choice)) {
      rejected.push({ name, reason: engineWords().notTried(choice) });
      continue;
    }
    const rung = await take(name, options);
    if ("label" in rung) return { name, label: rung.label, rejected };
    rejected.push({ name, reason: rung.reason });
  }
  throw new Error(
    engineWords().noneStarted(
      rejected.map((r) => engineWords().because({ what: r.name, why: r.reason })).join(engineWords().semicolon),
    ),
  );
}

async function take(name: BackendName, options: BackendOptions): Promise<Rung> {
  switch (name) {
    case "tensorflow":
      return await useTensorflow({ workspace: options.workspace ?? null, allowed: options.native ?? [] });
    case "wasm":
      return await useWasm();
    case "cpu":
      return await useCpu();
  }
}

/** Describes the current backend; if none was set, sets the best one available. */
export async function currentBackend(): Promise<BackendInfo> {
  const name = tf.engine().backendName;
  return await initBackend(ladder.find((rung) => rung === name) ?? "auto");
}

/** The last rung: tfjs's kernels in plain JavaScript. */
async function useCpu(): Promise<Rung> {
  return (await tf.setBackend("cpu")) ? { label: engineWords().slow } : { reason: engineWords().notStarted };
}
