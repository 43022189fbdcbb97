/** The last rung: tfjs's kernels in plain JavaScript. */

import * as tf from "@tensorflow/tfjs-core";
import type { Rung } from "./rung.ts";

export async function useCpu(): Promise<Rung> {
  return (await tf.setBackend("cpu")) ? { label: "JavaScript (slow)" } : { reason: "could not be started" };
}
