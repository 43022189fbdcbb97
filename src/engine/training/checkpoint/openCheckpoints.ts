/** The checkpoints of a run that is about to begin or to go on. */

import type { Problem } from "../../../config/problem.ts";
import type { Dataset } from "../../data/dataset.ts";
import type { BuiltModel } from "../../model/builtModel.ts";
import { lossFunction } from "../../model/lossFunction.ts";
import type { KernelSource } from "../../recurrent/kernelSource.ts";
import type { RunRequest } from "../../run.ts";
import type { EpochLosses } from "../epochLosses.ts";
import type { Optimizer } from "../optimizers.ts";
import { Checkpoints } from "./checkpoints.ts";
import { fingerprint } from "./fingerprint.ts";
import { checkpointFolder } from "./folder.ts";
import { resume } from "./readResume.ts";
import { createTestLoss } from "./testLoss.ts";

export interface RunParts {
  readonly dataset: Dataset;
  readonly built: BuiltModel;
  readonly optimizer: Optimizer;
  readonly masks: readonly Uint8Array[][];
  readonly epochs: EpochLosses;
  readonly kernels: KernelSource | null;
  readonly batchSize: number;
}

export interface OpenCheckpoints {
  /** Steps that were taken before; the parts are as they were then. */
  readonly from: number;
  /** null: the run keeps none. */
  readonly checkpoints: Checkpoints | null;
  dispose(): void;
}

export async function openCheckpoints(
  { model, configPath, checkpoints: use }: RunRequest,
  { dataset, built, optimizer, masks, epochs, kernels, batchSize }: RunParts,
): Promise<OpenCheckpoints | Problem> {
  const { training, trainingPath } = model;
  const config = training.checkpoint;
  if (use === undefined) return { from: 0, checkpoints: null, dispose() {} };
  if (config === null) {
    if (use === "write") return { from: 0, checkpoints: null, dispose() {} };
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
  const test =
    dataset.test && config.keep !== "last"
      ? createTestLoss(built.model, dataset, dataset.test, lossFunction(training.loss), batchSize, kernels)
      : null;
  const checkpoints = new Checkpoints({
    config,
    model,
    configPath,
    built,
    optimizer,
    masks,
    epochs,
    testLoss: test?.evaluate ?? null,
    best,
  });
  return { from, checkpoints, dispose: () => test?.dispose() };
}
