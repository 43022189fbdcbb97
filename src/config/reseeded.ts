/** A model to compare with itself. */

import type { ResolvedModel } from "./resolved.ts";

/**
 * The same model from another seed, which decides weights, dropout and the order of samples; the data stay. It leaves
 * nothing behind: checkpoints are the model's own.
 */
export function reseeded(model: ResolvedModel, seed: number): ResolvedModel {
  return { ...model, training: { ...model.training, seed, checkpoint: null } };
}
