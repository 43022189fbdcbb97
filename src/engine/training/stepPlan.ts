/** How many steps a run takes, and which samples each of them gets. */

import { stepsPerEpoch } from "../../config/stepsPerEpoch.ts";
import { probeMinimum } from "../../diagnosis/probeMinimum.ts";
import { batchIndices, contiguousBatches, repeated } from "../data/batches.ts";
import { deriveSeed } from "../data/random.ts";
import type { RunRequest } from "../run.ts";
import type { Prepared } from "./prepare.ts";

export interface StepPlan {
  /** Samples of one step. */
  readonly batchSize: number;
  /** Steps of one epoch. */
  readonly perEpoch: number;
  /** Steps that the config asks for. */
  readonly asked: number;
  /** Steps of this run; null: as many as its budget allows. */
  readonly planned: number | null;
  /** Steps that a verdict needs. */
  readonly minimum: number;
  /** Endless batches of sample indices, from the first step on. */
  order(): Generator<Uint32Array, never>;
}

export function stepPlan({ kind, model, steps }: RunRequest, { dataset, states }: Prepared): StepPlan {
  const { training } = model;
  const { samples } = dataset;
  const batchSize = Math.min(training.batchSize * training.accumulate, samples);
  // Stateful layers need batches that continue one another.
  const contiguous = states && contiguousBatches(samples, batchSize, dataset.continues ?? null);
  const perEpoch = contiguous?.length ?? stepsPerEpoch(samples, batchSize);
  const asked = "steps" in training.length ? training.length.steps : training.length.epochs * perEpoch;
  return {
    batchSize,
    perEpoch,
    asked,
    planned: steps ?? (kind === "train" ? asked : null),
    minimum: probeMinimum(samples, batchSize),
    order: () =>
      contiguous ? repeated(contiguous) : batchIndices(samples, batchSize, deriveSeed(training.seed, "order")),
  };
}
