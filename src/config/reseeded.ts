/** A model to compare with itself. */

import type { ResolvedModel } from "./resolved.ts";

/** The same model from another seed, which decides weights, dropout and the order of samples; the data stay. */
export function reseeded(model: ResolvedModel, seed: number): ResolvedModel {
  return { ...model, training: { ...model.training, seed } };
}
