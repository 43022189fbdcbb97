/** tfjs's CPU backend, which completes the others. */

import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";

/** The backend itself, also while another one is current. */
export function cpuBackend(): MathBackendCPU {
  const backend = tf.findBackend("cpu");
  if (!(backend instanceof MathBackendCPU)) throw new Error("tfjs's CPU backend is not registered");
  return backend;
}

/**
 * The values as they lie in the CPU backend's memory, to be read only. They are copied only if they are no numbers yet:
 * a copy by elements costs more than most sums.
 */
export function numbersOf({ dataId }: tf.TensorInfo): Float32Array | Int32Array {
  const values = cpuBackend().readSync(dataId);
  return values instanceof Float32Array || values instanceof Int32Array ? values : Float32Array.from(values, Number);
}
