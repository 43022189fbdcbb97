/** Values that are passed between tfjs and code that uses them at once, without a copy where none is needed. */

import { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { heldTensors } from "../tfjs/heldTensors.ts";
import { internal } from "../tfjs/internals.ts";

/**
 * A float32 tensor's values, in the kernels' memory if they are there. Only read them, and only until tfjs makes a tensor
 * or the kernels keep one. One call of the kernels may read several; if their memory is not shared, the views end with it.
 */
export function borrowHeld(tensor: tf.Tensor): Float32Array {
  const backend = tf.backend();
  const held = backend instanceof BackendWasm ? heldTensors(backend)?.values(tensor.dataId) : null;
  return held ?? borrow(tensor);
}

/** A float32 tensor's values in tfjs's memory. Only read them, and only until tfjs next makes a tensor. */
export function borrow(tensor: tf.Tensor): Float32Array {
  const backend = tf.backend();
  // Otherwise the call below would move a tensor of another backend here first.
  if (backend instanceof BackendWasm && tensor.size > 0 && backend.dataIdMap.has(tensor.dataId)) {
    const values = backend.typedArrayFromHeap(tensor);
    if (values instanceof Float32Array) return values;
  }
  return tensor.dataSync<"float32">();
}

/** A tensor of values that the caller will overwrite, or of a result of the kernels: they are copied at most once. */
export function tensorOf(values: Float32Array, shape: number[]): tf.Tensor {
  const backend = tf.backend();
  const kept = backend instanceof BackendWasm ? heldTensors(backend)?.keep(shape, values) : null;
  if (kept) return tf.engine().makeTensorFromTensorInfo(kept);
  // The WASM backend copies values into its heap; the others may keep the array itself.
  const copied = backend instanceof BackendWasm;
  return tf.tensor(copied ? values : values.slice(), shape, "float32");
}

let found: { readonly backend: BackendWasm; readonly memory: WebAssembly.Memory | null } | null = null;

/** The memory in which tfjs's WASM backend keeps its tensors; null if it has not been started. */
export function tensorMemory(): WebAssembly.Memory | null {
  // Not findBackend, which would start it.
  const backend: unknown = tf.engine().registry["wasm"];
  if (!(backend instanceof BackendWasm)) return null;
  if (found?.backend !== backend) {
    const memory = readPath(backend.wasm, "asm", "memory");
    found = { backend, memory: memory instanceof WebAssembly.Memory ? memory : null };
  }
  return found.memory;
}

function readPath(target: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? internal(value, key) : undefined),
    target,
  );
}
