/** The checkpoints of a run that is about to begin or to go on. */

import { existsSync, lstatSync } from "node:fs";
import { mkdir, realpath } from "node:fs/promises";
import path from "node:path";
import type { Problem } from "../../../config/problem.ts";
import type { CheckpointConfig } from "../../../config/resolved.ts";
import type { BuiltModel } from "../../model/builtModel.ts";
import type { CarriedStates } from "../../recurrent/carriedStates.ts";
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
  /** Of stateful layers; null: there are none. */
  readonly states: CarriedStates | null;
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
  { built, optimizer, masks, epochs, states, testLoss }: RunParts,
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
    const state = await resume(folder, config, fingerprint(model), { built, optimizer, masks, states });
    if ("message" in state) return state;
    epochs.restore(state.epochs);
    ({ step: from, best } = state);
  }
  const folders = (["last", "best"] as const).map((kept) => checkpointFolder(model, configPath, config.folder, kept));
  const unwritable = await makeFolders(config, path.dirname(configPath), folders);
  if (unwritable) return unwritable;
  const checkpoints = new Checkpoints({
    config,
    model,
    configPath,
    built,
    optimizer,
    masks,
    epochs,
    states,
    testLoss: config.keep === "last" ? null : testLoss,
    best,
  });
  return { from, checkpoints };
}

/** Whether checkpoints can be written is to be known before the first step, not after the first hundred. */
async function makeFolders(
  { folder, path: place }: CheckpointConfig,
  root: string,
  folders: readonly string[],
): Promise<Problem | null> {
  const refusal = (why: string): Problem => ({
    severity: "error",
    message: `Checkpoints cannot be written to "${folder}"${why}. Name a folder that can be made below the config's.`,
    path: [...place, "folder"],
    on: "value",
  });
  try {
    for (const of of folders) {
      if (!(await isBelow(root, of))) return refusal(", a link leads elsewhere");
      await mkdir(path.dirname(of), { recursive: true });
    }
    return null;
  } catch (error) {
    return refusal(error instanceof Error && "code" in error ? ` (${String(error.code)})` : "");
  }
}

/** Whether what there is of `target` is below `root` once links are followed: nothing is ever written anywhere else. */
async function isBelow(root: string, target: string): Promise<boolean> {
  let present = target;
  while (!existsSync(present)) {
    // A link that leads nowhere would be followed when it is written to.
    if (lstatSync(present, { throwIfNoEntry: false })) return false;
    present = path.dirname(present);
  }
  const relative = path.relative(await realpath(root), await realpath(present));
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
