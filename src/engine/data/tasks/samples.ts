/** What every built-in task makes. */

import type { LossName } from "../../../config/resolved.ts";

/** Sequences with class or number targets, before anyone asked how classes are to be written. */
export interface TaskSamples {
  /** `samples × timesteps × features`. */
  readonly inputs: Float32Array;
  /** `samples × targetTimesteps`: numbers, or class indices where `classes` is set. */
  readonly targets: Float32Array;
  /** Timesteps with a target; null: one target per sequence. */
  readonly targetTimesteps: number | null;
  readonly classes: number | null;
  /** How far back the gradient has to reach; null: not known. */
  readonly requiredLag: number | null;
  /** Samples after each that share values with it: windows of one series. */
  readonly overlap: number;
  /**
   * Loss of the input-blind strategy, in the literature's words "the baseline", where it is known for the task as such;
   * for other losses it is that of the samples made.
   */
  readonly baselines: { readonly [loss in LossName]?: number };
}

/** Two classes of the same probability, written as 0 and 1 or in any other way. */
export const twoEvenClasses: TaskSamples["baselines"] = {
  binaryCrossentropy: Math.LN2,
  sparseCategoricalCrossentropy: Math.LN2,
  categoricalCrossentropy: Math.LN2,
  meanSquaredError: 0.25,
};
