/**
 * The weight of each target position in the loss: sample weights, class weights and masks, with Keras's meaning
 * (`keras/src/losses/loss.py`, `apply_mask` and `reduce_weighted_values` with "sum_over_batch_size"). The loss is Σ w·l
 * / n, where n counts the positions that no mask removes; it is not divided by Σ w. Keras achieves this by giving
 * positions the weight w · total / n and taking the mean over all of them; `normalized` does the same. If all positions
 * are masked, the weights are all zero and the loss is 0.
 */

/** Weights per position: a sample, or a timestep of a sample if every timestep has a target. */
export interface PositionWeights {
  /** `samples × positions`; 0 where masked. */
  readonly values: Float32Array;
  /** `samples × positions`: 1 where no mask removes the position; null: nothing is masked. */
  readonly unmasked: Uint8Array | null;
  /** Positions of each of several outputs, whose losses are means of their own; omitted: there is one. */
  readonly spans?: readonly number[];
}

/**
 * Weights of the samples at `indices`, `indices.length × positions`, under which a mean over all positions is the loss.
 */
export function normalized(
  weights: PositionWeights,
  samples: number,
  indices: Uint32Array,
  factors = factorsOf(weights, samples, indices),
): Float32Array {
  const { values } = weights;
  const positions = values.length / samples;
  const spans = weights.spans ?? [positions];
  const result = new Float32Array(indices.length * positions);
  let from = 0;
  for (const [k, span] of spans.entries()) {
    const factor = factors[k] ?? 1;
    indices.forEach((sample, i) => {
      for (let p = from; p < from + span; p++) result[i * positions + p] = values[sample * positions + p]! * factor;
    });
    from += span;
  }
  return result;
}

/** total / n of the samples at `indices` for each output, the factors in `normalized`; 0 if everything is masked. */
export function factorsOf(weights: PositionWeights | null, samples: number, indices: Uint32Array): readonly number[] {
  if (!weights) return [1];
  const { unmasked, values } = weights;
  const positions = values.length / samples;
  let from = 0;
  return (weights.spans ?? [positions]).map((span) => {
    const begin = from;
    from += span;
    if (!unmasked) return 1;
    let n = 0;
    for (const sample of indices) for (let p = begin; p < begin + span; p++) n += unmasked[sample * positions + p]!;
    return n === 0 ? 0 : (indices.length * span) / n;
  });
}

/** Number of positions that count, over all samples: the divisor of a weighted sum. */
export function countOf({ values, unmasked }: PositionWeights): number {
  return unmasked ? unmasked.reduce((sum, one) => sum + one, 0) : values.length;
}

export interface WeightParts {
  readonly samples: number;
  /** Number of timesteps with a target each; 1 if a sample has one target. */
  readonly positions: number;
  /** `samples`, or `samples × positions`; null: all are 1. */
  readonly own: Float32Array | null;
  /** `samples × positions`; null: all are 1. */
  readonly classes: Float32Array | null;
  /** `samples × positions` of zeros and ones; null: nothing is masked. */
  readonly mask: Uint8Array | null;
}

/** The product of all weights; null: every position weighs the same. */
export function combined({ samples, positions, own, classes, mask }: WeightParts): PositionWeights | null {
  if (!own && !classes && !mask) return null;
  const each = own && own.length === samples ? positions : 1;
  const values = Float32Array.from({ length: samples * positions }, (_, i) => {
    const weight = (own ? own[Math.floor(i / each)]! : 1) * (classes ? classes[i]! : 1);
    return mask?.[i] === 0 ? 0 : weight;
  });
  return { values, unmasked: mask };
}

/** The weights of several outputs, each sample's side by side. @param parts null: that output's positions all weigh the same */
export function sideBySide(
  parts: readonly (PositionWeights | null)[],
  spans: readonly number[],
  samples: number,
): PositionWeights | null {
  if (parts.every((part) => part === null)) return null;
  const width = spans.reduce((a, b) => a + b, 0);
  const values = new Float32Array(samples * width).fill(1);
  const unmasked = new Uint8Array(samples * width).fill(1);
  let from = 0;
  for (const [k, span] of spans.entries()) {
    const part = parts[k];
    for (let i = 0; part && i < samples; i++) {
      values.set(part.values.subarray(i * span, (i + 1) * span), i * width + from);
      if (part.unmasked) unmasked.set(part.unmasked.subarray(i * span, (i + 1) * span), i * width + from);
    }
    from += span;
  }
  return { values, unmasked, spans };
}
