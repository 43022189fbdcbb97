/** Identity operations on the tape. */

import * as tf from "@tensorflow/tfjs-core";

/** The same values; on the way back `onGradient` receives ∂L/∂x and returns the gradient that flows on. */
export function tap(x: tf.Tensor, onGradient: (dy: tf.Tensor) => tf.Tensor): tf.Tensor {
  return tf.customGrad(() => ({ value: x.clone(), gradFunc: (dy: tf.Tensor) => onGradient(dy) }))(x);
}

/**
 * Like `tap`, but the result also depends on `probe`, with derivative zero: tfjs walks back only along tensors that
 * depend on a variable, and a zero initial state or a frozen layer's output does not.
 */
export function tapWithProbe(x: tf.Tensor, probe: tf.Tensor, onGradient: (dy: tf.Tensor) => tf.Tensor): tf.Tensor {
  return tf.customGrad(() => ({
    value: x.clone(),
    gradFunc: (dy: tf.Tensor) => [onGradient(dy), tf.zerosLike(probe)],
  }))(x, probe);
}
