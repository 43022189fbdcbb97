/** Multiplies by powers of two beyond the range of float32. */

import * as tf from "@tensorflow/tfjs-core";

/** Largest power of two in one multiplication: well within float32. */
const largestShift = 96;

/** x · 2^exponent in float32, in steps that neither overflow nor underflow before the result does. */
export function multiplyByPowerOfTwo(x: tf.Tensor, exponent: number): tf.Tensor {
  let result = x;
  for (let left = exponent; left !== 0; ) {
    const now = Math.max(-largestShift, Math.min(largestShift, left));
    result = tf.mul(result, 2 ** now);
    left -= now;
  }
  return result;
}
