/** Gradient accumulation: splits a batch that is too large for one pass. */

import * as tf from "@tensorflow/tfjs-core";

export interface LossAndGradients {
  /** Data loss, without penalties. */
  readonly dataLoss: number;
  readonly gradients: Float32Array[];
}

/** One forward and backward pass. It differentiates the loss multiplied by `share`, but returns the loss itself. */
export type Pass = (
  inputs: tf.Tensor,
  targets: tf.Tensor,
  share: number,
  weights: tf.Tensor | null,
) => LossAndGradients;

/** A pass over a whole batch. */
export type WholePass = (inputs: tf.Tensor, targets: tf.Tensor, weights: tf.Tensor | null) => LossAndGradients;

/**
 * Splits a batch into `parts` of equal size and sums their passes. Each part's loss is weighted by its share of the
 * samples, so the sum is the gradient of the mean over the whole batch. The same holds for every gradient measured on
 * the way: the state gradients of all parts together are those of the whole batch. So the weights must be the whole
 * batch's, because its parts may have different numbers of masked positions.
 */
export function accumulate(pass: Pass, parts: number): WholePass {
  if (parts === 1) return (inputs, targets, weights) => pass(inputs, targets, 1, weights);
  return (inputs, targets, weights) => {
    const size = (inputs.shape[0] ?? 0) / parts;
    let dataLoss = 0;
    let sums: Float32Array[] | null = null;
    for (let part = 0; part < parts; part++) {
      const x = tf.slice(inputs, [part * size], [size]);
      const y = tf.slice(targets, [part * size], [size]);
      const w = weights && tf.slice(weights, [part * size], [size]);
      try {
        const { dataLoss: loss, gradients } = pass(x, y, 1 / parts, w);
        dataLoss += loss / parts;
        // Copied, because two gradients may be the same array.
        if (!sums) sums = gradients.map((gradient) => gradient.slice());
        else for (const [i, sum] of sums.entries()) add(sum, gradients[i]!);
      } finally {
        tf.dispose([x, y]);
        w?.dispose();
      }
    }
    return { dataLoss, gradients: sums ?? [] };
  };
}

function add(sum: Float32Array, more: Float32Array): void {
  for (let k = 0; k < sum.length; k++) sum[k] = sum[k]! + more[k]!;
}
