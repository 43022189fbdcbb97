/**
 * The losses, with Keras's meaning: the mean over batch and timesteps (and, for the regressions and the binary one,
 * over the units). tfjs's own are not used: their clipping turns NaN into a number on some backends, and a loss that
 * looks fine while the net is NaN hides the very thing this project looks for.
 */

import * as tf from "@tensorflow/tfjs-core";
import type { LossName } from "../../config/resolved.ts";

export type LossFunction = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Scalar;

/** Keras's epsilon for float32. */
const epsilon = 1e-7;

/**
 * `yTrue` has the shape of `yPred`; for `sparseCategoricalCrossentropy` its last axis is 1 and holds class indices.
 * The result is differentiable with respect to `yPred`.
 */
export function lossFunction(name: LossName): LossFunction {
  return (yTrue, yPred) => tf.tidy(() => losses[name](yTrue, yPred));
}

/** A cross-entropy of what enters the softmax (the last axis) or, of the binary one, the sigmoid; the targets as above. */
export function lossOfLogits(name: LossName): LossFunction {
  const loss = logitLosses[name];
  if (!loss) throw new Error(`${name} knows no logits`);
  return (yTrue, logits) => tf.tidy(() => loss(yTrue, logits));
}

const logitLosses: { readonly [name in LossName]?: LossFunction } = {
  // −y ln σ(z) − (1 − y) ln(1 − σ(z)) = ln(1 + eᶻ) − y z
  binaryCrossentropy: (yTrue, logits) => tf.mean<tf.Scalar>(tf.sub(tf.softplus(logits), tf.mul(yTrue, logits))),
  categoricalCrossentropy: (yTrue, logits) =>
    tf.neg(tf.mean<tf.Scalar>(tf.sum(tf.mul(yTrue, tf.logSoftmax(logits)), -1))),
  sparseCategoricalCrossentropy: (yTrue, logits) =>
    lossOfLogits("categoricalCrossentropy")(oneHot(yTrue, logits), logits),
};

const losses: { readonly [name in LossName]: LossFunction } = {
  meanSquaredError: (yTrue, yPred) => tf.mean<tf.Scalar>(tf.square(tf.sub(yPred, yTrue))),
  meanAbsoluteError: (yTrue, yPred) => tf.mean<tf.Scalar>(tf.abs(tf.sub(yPred, yTrue))),
  binaryCrossentropy(yTrue, yPred) {
    const p = clip(yPred, epsilon, 1 - epsilon);
    const hit = tf.mul(yTrue, tf.log(p));
    const miss = tf.mul(tf.sub(1, yTrue), tf.log(tf.sub(1, p)));
    return tf.neg(tf.mean<tf.Scalar>(tf.add(hit, miss)));
  },
  categoricalCrossentropy(yTrue, yPred) {
    const p = clip(tf.div(yPred, tf.sum(yPred, -1, true)), epsilon, 1 - epsilon);
    return tf.neg(tf.mean<tf.Scalar>(tf.sum(tf.mul(yTrue, tf.log(p)), -1)));
  },
  sparseCategoricalCrossentropy: (yTrue, yPred) => losses.categoricalCrossentropy(oneHot(yTrue, yPred), yPred),
};

/** Class indices as distributions over the last axis of the outputs. */
function oneHot(indices: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  const { shape } = outputs;
  const whole = tf.cast(tf.reshape(indices, shape.slice(0, -1)), "int32");
  return tf.cast(tf.oneHot(whole, shape.at(-1) ?? 1), "float32");
}

/** Clipping that leaves NaN as it is on every backend: minimum and maximum are free to drop it. */
function clip(x: tf.Tensor, low: number, high: number): tf.Tensor {
  return tf.where(tf.isNaN(x), x, tf.clipByValue(x, low, high));
}
