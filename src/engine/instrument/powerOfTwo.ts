/** Multiplies by powers of two beyond the range of float32. */

import * as tf from "@tensorflow/tfjs-core";
import type { Floats } from "../recording/norms.ts";

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

/** `to` = data · 2^exponent. */
export function writeScaled(to: Float64Array, data: Floats, exponent: number): void {
  to.set(data);
  if (exponent === 0) return;
  const factor = 2 ** exponent;
  // Zero stays zero even if the factor is infinite.
  for (let i = 0; i < to.length; i++) if (to[i] !== 0) to[i]! *= factor;
}

/** `to` += data · 2^exponent. */
export function addScaled(to: Float64Array, data: Floats, exponent: number): void {
  const factor = 2 ** exponent;
  if (factor < Infinity) for (let i = 0; i < to.length; i++) to[i]! += data[i]! * factor;
  else for (let i = 0; i < to.length; i++) if (data[i] !== 0) to[i]! += data[i]! * factor;
}
