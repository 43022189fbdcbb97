/**
 * How much each position of the targets counts in the loss: sample weights, class weights and masks, with Keras's
 * meaning (`keras/src/losses/loss.py`, `apply_mask` and `reduce_weighted_values` with "sum_over_batch_size"): the loss is
 * Σ w·l / n, n the positions that no mask takes out, and not Σ w. Keras reaches that by giving positions the weight
 * w · total / n and taking the mean over all of them; `normalized` does the same. Without a single position left the
 * weights are all zero, and the loss is 0.
 */

/** A position is a sample, or a timestep of a sample where every timestep has a target. */
export interface PositionWeights {
  /** `samples × positions`; 0 where masked. */
  readonly values: Float32Array;
  /** `samples × positions`: 1 where no mask takes the position out; null: nothing is masked. */
  readonly unmasked: Uint8Array | null;
}

/** Weights of the samples at `indices`, `indices.length × positions`, that make a mean over all positions the loss. */
export function normalized(
  { values, unmasked }: PositionWeights,
  samples: number,
  indices: Uint32Array,
  factor = factorOf(unmasked, samples, indices),
): Float32Array {
  const positions = values.length / samples;
  const result = new Float32Array(indices.length * positions);
  indices.forEach((sample, i) => {
    for (let p = 0; p < positions; p++) result[i * positions + p] = values[sample * positions + p]! * factor;
  });
  return result;
}

/** total / n of the samples at `indices`, by which `normalized` multiplies; 0 where all is masked. */
export function factorOf(unmasked: Uint8Array | null, samples: number, indices: Uint32Array): number {
  if (!unmasked) return 1;
  const positions = unmasked.length / samples;
  let n = 0;
  for (const sample of indices) for (let p = 0; p < positions; p++) n += unmasked[sample * positions + p]!;
  return n === 0 ? 0 : (indices.length * positions) / n;
}

/** Over all samples: what to divide a weighted sum by. */
export function countOf({ values, unmasked }: PositionWeights): number {
  return unmasked ? unmasked.reduce((sum, one) => sum + one, 0) : values.length;
}

export interface WeightParts {
  readonly samples: number;
  /** Timesteps that have a target each; 1 where a sample has one. */
  readonly positions: number;
  /** `samples`, or `samples × positions`; null: all are 1. */
  readonly own: Float32Array | null;
  /** `samples × positions`; null: all are 1. */
  readonly classes: Float32Array | null;
  /** `samples × positions` of zeros and ones; null: nothing is masked. */
  readonly mask: Uint8Array | null;
}

/** Everything that weighs, multiplied; null: every position counts the same. */
export function combined({ samples, positions, own, classes, mask }: WeightParts): PositionWeights | null {
  if (!own && !classes && !mask) return null;
  const each = own && own.length === samples ? positions : 1;
  const values = Float32Array.from({ length: samples * positions }, (_, i) => {
    const weight = (own ? own[Math.floor(i / each)]! : 1) * (classes ? classes[i]! : 1);
    return mask?.[i] === 0 ? 0 : weight;
  });
  return { values, unmasked: mask };
}
