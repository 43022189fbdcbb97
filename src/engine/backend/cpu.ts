/** The last rung: tfjs's kernels in plain JavaScript. */

import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import type { Rung } from "./rung.ts";

export async function useCpu(): Promise<Rung> {
  return (await tf.setBackend("cpu")) ? { label: "JavaScript (slow)" } : { reason: "could not be started" };
}

/** The backend itself, also while another one is the current. */
export function cpuBackend(): MathBackendCPU {
  const backend = tf.findBackend("cpu");
  if (!(backend instanceof MathBackendCPU)) throw new Error("tfjs's CPU backend is not registered");
  return backend;
}
