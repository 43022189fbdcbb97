/** Opens the checkpoints of a run that begins or resumes. */

import type { Problem } from "../../../config/problem.ts";
import { buildingWords } from "../../../messages/building.ts";
import type { RunRequest } from "../../run.ts";
import { Checkpoints, type TrainedParts } from "./checkpoints.ts";
import { fingerprint } from "./fingerprint.ts";
import { checkpointFolder } from "./folder.ts";
import { CheckpointPlace } from "./place.ts";
import { isKept, nothingKept, resume } from "./readResume.ts";

export interface OpenCheckpoints {
  /** Number of steps taken before; the model and optimizer have been restored to that step. */
  readonly from: number;
  /** Close these when the run is over; null: the run keeps no checkpoints. */
  readonly checkpoints: Checkpoints | null;
}

export async function openCheckpoints(
  { runId, model, configPath, checkpoints: use }: RunRequest,
  { built, optimizer, masks, epochs, states, testLoss }: TrainedParts,
  signal: AbortSignal,
): Promise<OpenCheckpoints | Problem> {
  const { training, trainingPath } = model;
  const config = training.checkpoint;
  if (use === undefined) return { from: 0, checkpoints: null };
  if (config === null) {
    if (use === "write") return { from: 0, checkpoints: null };
    const message = buildingWords().noCheckpointKept;
    return { severity: "error", message, path: trainingPath, on: "key" };
  }
  const last = checkpointFolder(model, configPath, config.folder, "last");
  if (use === "resume" && !(await isKept(last))) return nothingKept(config);
  const place = await CheckpointPlace.take(config, model, configPath);
  if ("message" in place) return place;
  let from = 0;
  let best = Number.POSITIVE_INFINITY;
  try {
    if (use === "resume") {
      const state = await resume(last, config, fingerprint(model), { built, optimizer, masks, states }, signal);
      if ("message" in state) {
        place.release();
        return state;
      }
      epochs.restore(state.epochs);
      ({ step: from, best } = state);
    }
  } catch (error) {
    place.release();
    throw error;
  }
  const checkpoints = new Checkpoints({
    runId,
    config,
    model,
    place,
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
