/** What a model is trained on, whole in memory. */

import type { Problem } from "../../config/problem.ts";
import type { LossName } from "../../config/resolved.ts";
import type { PositionWeights } from "./weights.ts";

export interface Samples {
  readonly samples: number;
  /** `samples × inputShape`, row-major. */
  readonly inputs: Float32Array;
  /** `samples × targetShape`, row-major. */
  readonly targets: Float32Array;
  /** What each sample, or each of its timesteps, counts in the loss; left out: all the same. */
  readonly weights?: Float32Array | undefined;
}

/** Its own `samples`, `inputs` and `targets` are those to learn from. */
export interface Dataset extends Samples {
  /** Kept for testing; null: the config keeps none. */
  readonly test: Samples | null;
  /** Of one sample: `[timesteps, features]`, or `[features]` without a time axis. */
  readonly inputShape: readonly number[];
  /** Of one sample; for class indices the last axis is 1. */
  readonly targetShape: readonly number[];
  readonly features: number;
  readonly timesteps: number | null;
  /** Sample i + `continues` goes on where sample i ends; left out: nothing is known of what follows what. */
  readonly continues?: number | undefined;
  /** Number of classes where the targets are class indices. */
  readonly classes: number | null;
  /** How far back the task needs the gradient to reach; null where nobody knows. */
  readonly requiredLag: number | null;
  /**
   * Loss of whoever does not look at the inputs, on the samples to learn from; null where the loss does not apply to
   * the targets.
   * @param weights of the samples to learn from: what the loss is weighted with.
   */
  baselineLoss(loss: LossName, weights?: PositionWeights | null): number | null;
  /** Names of the features and of the targets' last axis, where they have some. */
  readonly columns?: { readonly inputs: readonly string[]; readonly targets: readonly string[] };
  /** What its author should know although it can be trained on. */
  readonly warnings: readonly Problem[];
}

/** The same samples, made from a config entry whose loss decides how classes are written. */
export interface DataTraining {
  readonly loss: LossName;
  /** Place of the training section; the loss is its `loss`. */
  readonly path: readonly (string | number)[];
}
