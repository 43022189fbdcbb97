/** tfjs's CPU backend, which completes the others. */

import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";

/** The backend itself, also while another one is current. */
export function cpuBackend(): MathBackendCPU {
  const backend = tf.findBackend("cpu");
  if (!(backend instanceof MathBackendCPU)) throw new Error("tfjs's CPU backend is not registered");
  return backend;
}
