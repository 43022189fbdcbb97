/** The samples that every built-in task makes. */

import type { LossName } from "../../../config/resolved.ts";

/** Sequences with class or number targets, before classes are encoded for a loss. */
export interface TaskSamples {
  /** `samples × timesteps × features`. */
  readonly inputs: Float32Array;
  /** `samples × targetTimesteps`: numbers, or class indices if `classes` is set. */
  readonly targets: Float32Array;
  /** Timesteps with a target; null: one target per sequence. */
  readonly targetTimesteps: number | null;
  readonly classes: number | null;
  /** How far back the gradient has to reach; null: unknown. */
  readonly requiredLag: number | null;
  /** Number of samples after each one that share values with it: windows of one series. */
  readonly overlap: number;
  /**
   * Loss of the strategy that ignores the inputs ("the baseline" in the literature), if it is known for the task
   * itself. For other losses it is computed from the samples.
   */
  readonly baselines: { readonly [loss in LossName]?: number };
}

/** Two classes with equal probability, written as 0 and 1 or in any other way. */
export const twoEvenClasses: TaskSamples["baselines"] = {
  binaryCrossentropy: Math.LN2,
  sparseCategoricalCrossentropy: Math.LN2,
  categoricalCrossentropy: Math.LN2,
  meanSquaredError: 0.25,
};
