/** Collects the changes that a config makes to weights after the optimizer's update. */

import type { TrainingConfig } from "../../../config/resolved.ts";
import type { AfterUpdate } from "./afterUpdate.ts";
import { prune } from "./prune.ts";
import { clipWeights } from "./weightClip.ts";

/**
 * The config's changes in the order in which they are applied: pruned weights stay zero, whatever else is done.
 * @param shapes shapes of the trained weights.
 * @param trainingSteps number of steps of a whole training run.
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
