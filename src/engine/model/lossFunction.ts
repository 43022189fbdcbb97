/**
 * The losses, with Keras's meaning: the mean over batch and timesteps (for the regressions and the binary loss also
 * over the units), with each position multiplied by its weight. tfjs's own losses are not used: on some backends their
 * clipping turns NaN into a number, and a loss that looks healthy while the net is NaN would hide the very fault that
 * this project looks for.
 */

import * as tf from "@tensorflow/tfjs-core";
import type { LossName } from "../../config/resolved.ts";

/**
 * @param weights one per position, `yTrue`'s shape without its last axis, scaled so that a mean over all positions is
 * Keras's loss (see `data/positionWeights.ts`); null or omitted: all are 1.
 */
export type LossFunction = (yTrue: tf.Tensor, yPred: tf.Tensor, weights?: tf.Tensor | null) => tf.Scalar;

/** Loss of each position: without the last axis for the categorical losses, otherwise one value per unit. */
type Costs = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

/** Keras's epsilon for float32. */
const epsilon = 1e-7;

/**
 * `yTrue` has the shape of `yPred`; for `sparseCategoricalCrossentropy` its last axis is 1 and holds class indices. The
 * result is differentiable with respect to `yPred`.
 */
export function lossFunction(name: LossName): LossFunction {
  return reduced(losses[name]);
}

/**
 * A cross-entropy from the inputs of the softmax (over the last axis) or of the sigmoid (binary); the targets are the
 * same as above.
 */
export function lossOfLogits(name: LossName): LossFunction {
  const loss = logitLosses[name];
  if (!loss) throw new Error(`${name} knows no logits`);
  return reduced(loss);
}

function reduced(costs: Costs): LossFunction {
  return (yTrue, yPred, weights = null) =>
    tf.tidy(() => {
      const each = costs(yTrue, yPred);
      if (!weights) return tf.mean<tf.Scalar>(each);
      const fitting = each.rank > weights.rank ? tf.expandDims(weights, -1) : weights;
      // A position with weight 0 is excluded, whatever its value: 0 · NaN would be NaN.
      const counted = tf.where(tf.equal(fitting, 0), tf.zerosLike(each), each);
      return tf.mean<tf.Scalar>(tf.mul(counted, fitting));
    });
}

const logitLosses: { readonly [name in LossName]?: Costs } = {
  // −y ln σ(z) − (1 − y) ln(1 − σ(z)) = ln(1 + eᶻ) − y z
  binaryCrossentropy: (yTrue, logits) => tf.sub(tf.softplus(logits), tf.mul(yTrue, logits)),
  categoricalCrossentropy: crossEntropyOfLogits,
  sparseCategoricalCrossentropy: (yTrue, logits) => crossEntropyOfLogits(oneHot(yTrue, logits), logits),
};

function crossEntropyOfLogits(yTrue: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(yTrue, tf.logSoftmax(logits)), -1));
}

const losses: { readonly [name in LossName]: Costs } = {
  meanSquaredError: (yTrue, yPred) => tf.square(tf.sub(yPred, yTrue)),
  meanAbsoluteError: (yTrue, yPred) => tf.abs(tf.sub(yPred, yTrue)),
  binaryCrossentropy(yTrue, yPred) {
    const p = clip(yPred, epsilon, 1 - epsilon);
    const hit = tf.mul(yTrue, tf.log(p));
    const miss = tf.mul(tf.sub(1, yTrue), tf.log(tf.sub(1, p)));
    return tf.neg(tf.add(hit, miss));
  },
  categoricalCrossentropy(yTrue, yPred) {
    const p = clip(tf.div(yPred, tf.sum(yPred, -1, true)), epsilon, 1 - epsilon);
    return tf.neg(tf.sum(tf.mul(yTrue, tf.log(p)), -1));
  },
  sparseCategoricalCrossentropy: (yTrue, yPred) => losses.categoricalCrossentropy(oneHot(yTrue, yPred), yPred),
};

/** Class indices as distributions over the last axis of the outputs. */
function oneHot(indices: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  const { shape } = outputs;
  const whole = tf.cast(tf.reshape(indices, shape.slice(0, -1)), "int32");
  return tf.cast(tf.oneHot(whole, shape.at(-1) ?? 1), "float32");
}

/** Clips without losing NaN on any backend: minimum and maximum may drop it. */
function clip(x: tf.Tensor, low: number, high: number): tf.Tensor {
  return tf.where(tf.isNaN(x), x, tf.clipByValue(x, low, high));
}
