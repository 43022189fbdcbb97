/**
 * Unmodified tfjs: `trainOnBatch`, nothing measured. It runs in a process of its own, because this project's kernels
 * also compute the products of tfjs's own layers in the process that has loaded them.
 */

import path from "node:path";
import type { Contender } from "./shape.ts";
import { StepProcess } from "./stepProcess.ts";

/** @param backend "wasm", or "tensorflow", which is tfjs-node. @returns null if it cannot be loaded. */
export async function stock(root: string, name: string, backend: "wasm" | "tensorflow"): Promise<Contender | null> {
  const steps = await StepProcess.start(process.execPath, [path.join(root, "test/bench/stockSteps.mjs"), backend]);
  return steps?.contender(name, "step") ?? null;
}
