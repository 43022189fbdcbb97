/** What a config asks to be done to weights once the optimizer has updated them. */

import type { TrainingConfig } from "../../../config/resolved.ts";
import type { AfterUpdate } from "./afterUpdate.ts";
import { prune } from "./prune.ts";
import { clipWeights } from "./weightClip.ts";

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
