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
  sparseCategoricalCrossentropy(yTrue, yPred) {
    const classes = yPred.shape.at(-1) ?? 1;
    const indices = tf.cast(tf.reshape(yTrue, yPred.shape.slice(0, -1)), "int32");
    return losses.categoricalCrossentropy(tf.cast(tf.oneHot(indices, classes), "float32"), yPred);
  },
};

/** Clipping that leaves NaN as it is on every backend: minimum and maximum are free to drop it. */
function clip(x: tf.Tensor, low: number, high: number): tf.Tensor {
  return tf.where(tf.isNaN(x), x, tf.clipByValue(x, low, high));
}
