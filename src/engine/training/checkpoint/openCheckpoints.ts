/** The checkpoints of a run that is about to begin or to go on. */

import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Problem } from "../../../config/problem.ts";
import type { CheckpointConfig } from "../../../config/resolved.ts";
import type { BuiltModel } from "../../model/builtModel.ts";
import type { RunRequest } from "../../run.ts";
import type { EpochLosses } from "../epochLosses.ts";
import type { Optimizer } from "../optimizers.ts";
import { Checkpoints } from "./checkpoints.ts";
import { fingerprint } from "./fingerprint.ts";
import { checkpointFolder } from "./folder.ts";
import { resume } from "./readResume.ts";

export interface RunParts {
  readonly built: BuiltModel;
  readonly optimizer: Optimizer;
  readonly masks: readonly Uint8Array[][];
  readonly epochs: EpochLosses;
  /** Of the samples kept for testing; null: there are none. */
  readonly testLoss: (() => Promise<number>) | null;
}

export interface OpenCheckpoints {
  /** Steps that were taken before; the parts are as they were then. */
  readonly from: number;
  /** null: the run keeps none. */
  readonly checkpoints: Checkpoints | null;
}

export async function openCheckpoints(
  { model, configPath, checkpoints: use }: RunRequest,
  { built, optimizer, masks, epochs, testLoss }: RunParts,
): Promise<OpenCheckpoints | Problem> {
  const { training, trainingPath } = model;
  const config = training.checkpoint;
  if (use === undefined) return { from: 0, checkpoints: null };
  if (config === null) {
    if (use === "write") return { from: 0, checkpoints: null };
    const message = `There is nothing to go on from: "training" has no "checkpoint", e.g. { "folder": "checkpoints" }.`;
    return { severity: "error", message, path: trainingPath, on: "key" };
  }
  let from = 0;
  let best = Number.POSITIVE_INFINITY;
  if (use === "resume") {
    const folder = checkpointFolder(model, configPath, config.folder, "last");
    const state = await resume(folder, config, fingerprint(model), { built, optimizer, masks });
    if ("message" in state) return state;
    epochs.restore(state.epochs);
    ({ step: from, best } = state);
  }
  const unwritable = await makeFolder(config, checkpointFolder(model, configPath, config.folder, "last"));
  if (unwritable) return unwritable;
  const checkpoints = new Checkpoints({
    config,
    model,
    configPath,
    built,
    optimizer,
    masks,
    epochs,
    testLoss: config.keep === "last" ? null : testLoss,
    best,
  });
  return { from, checkpoints };
}

/** Whether checkpoints can be written is to be known before the first step, not after the first hundred. */
async function makeFolder({ folder, path: place }: CheckpointConfig, of: string): Promise<Problem | null> {
  try {
    await mkdir(path.dirname(of), { recursive: true });
    return null;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    const message = `Checkpoints cannot be written to "${folder}"${code}. Name a folder that can be made below the config's.`;
    return { severity: "error", message, path: [...place, "folder"], on: "value" };
  }
}
