/** What may still be done to weights once the optimizer has updated them. */

import type { TrainingConfig } from "../../../config/resolved.ts";
import { prune } from "./prune.ts";
import { clipWeights } from "./weightClip.ts";

/**
 * Changes new weights in place before they take effect; layers' own constraints come after. Arrays and their order are
 * those of the trained weights; `step` counts from 1.
 */
export interface AfterUpdate {
  (weights: readonly Float32Array[], step: number): void;
  /** By weight, what is kept from step to step: a run that goes on needs it back. */
  readonly masks?: Uint8Array[];
}

/**
 * What the config asks for, in the order in which it is to be done: pruned weights stay zero whatever else is done.
 * @param shapes of the trained weights.
 * @param trainingSteps of a whole training run.
 */
export function afterUpdates(
  { weightClip, pruning }: Pick<TrainingConfig, "weightClip" | "pruning">,
  shapes: readonly (readonly (number | null)[])[],
  trainingSteps: number,
): readonly AfterUpdate[] {
  return [
    ...(weightClip ? [clipWeights(weightClip, shapes)] : []),
    ...(pruning ? [prune(pruning, shapes, trainingSteps)] : []),
  ];
}

/** Kernels and embeddings, but not biases or a normalization's scale. */
export function isMatrix(shape: readonly (number | null)[] | undefined): boolean {
  return shape !== undefined && shape.length >= 2;
}
