/** A copy of a model with another seed, to compare the model with itself. */

import type { ResolvedModel } from "./resolved.ts";

/**
 * The same model with another seed, which determines weights, dropout and the order of samples; the data stay the same.
 * It writes no checkpoints, because these belong to the original model.
 */
export function reseeded(model: ResolvedModel, seed: number): ResolvedModel {
  return { ...model, training: { ...model.training, seed, checkpoint: null } };
}
