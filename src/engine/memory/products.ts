/** Matrix products of plain arrays on the current backend: most of the arithmetic of a timestep. */

import * as tf from "@tensorflow/tfjs-core";

/** `values` (rows × k) · `weight` (k × n). */
export function product(values: Float32Array, rows: number, weight: tf.Tensor): Float32Array {
  return read(() => tf.matMul(matrix(values, rows), weight));
}

/** `d` (rows × n) · `weight` (n × k). */
export function gradientProduct(d: Float64Array, rows: number, weight: tf.Tensor): Float64Array {
  const { exponent, values } = scaled(d);
  return unscaled(product(values, rows, weight), exponent);
}

/** `values`ᵀ (k × rows) · `d` (rows × n). */
export function productOverRows(values: Float32Array, d: Float64Array, rows: number): Float64Array {
  const { exponent, values: right } = scaled(d);
  return unscaled(
    // Transposed first: the WASM backend's fast product takes matrices without transposition.
    read(() => tf.matMul(tf.transpose(matrix(values, rows)), matrix(right, rows))),
    exponent,
  );
}

function matrix(values: Float32Array, rows: number): tf.Tensor {
  return tf.tensor2d(values, [rows, values.length / rows]);
}

/** Reads the array within the tidy: tf.tidy searches every entry of a returned array for tensors. */
export function read(compute: () => tf.Tensor): Float32Array {
  let values: Float32Array | undefined;
  tf.tidy(() => {
    values = compute().dataSync<"float32">();
  });
  if (!values) throw new Error("nothing was computed");
  return values;
}

/** float32 values times 2^exponent, the largest of them near 1: gradients may be far outside float32's range. */
function scaled(d: Float64Array): { readonly exponent: number; readonly values: Float32Array } {
  let max = 0;
  for (let i = 0; i < d.length; i++) {
    const size = Math.abs(d[i]!);
    if (size > max && size < Infinity) max = size;
  }
  const exponent = max === 0 ? 0 : Math.max(-1022, Math.min(1022, -Math.round(Math.log2(max))));
  const factor = 2 ** exponent;
  const values = new Float32Array(d.length);
  for (let i = 0; i < d.length; i++) values[i] = d[i]! * factor;
  return { exponent, values };
}

function unscaled(values: Float32Array, exponent: number): Float64Array {
  const factor = 2 ** -exponent;
  const result = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = values[i]! * factor;
  return result;
}
