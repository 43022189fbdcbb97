/** Values that need not be copied on their way between tfjs and code that is done with them at once. */

import { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";

/** A float32 tensor's values, to be read only, and only until tfjs next makes a tensor. */
export function borrow(tensor: tf.Tensor): Float32Array {
  const backend = tf.backend();
  // Else a tensor that was made on another backend is moved here first.
  if (backend instanceof BackendWasm && tensor.size > 0 && backend.dataIdMap.has(tensor.dataId)) {
    const values = backend.typedArrayFromHeap(tensor);
    if (values instanceof Float32Array) return values;
  }
  return tensor.dataSync<"float32">();
}

/** A tensor of values that will be overwritten: copied, once. */
export function tensorOf(values: Float32Array, shape: number[]): tf.Tensor {
  // This backend copies into its heap; the others may keep the array.
  const copied = tf.backend() instanceof BackendWasm;
  return tf.tensor(copied ? values : values.slice(), shape, "float32");
}
