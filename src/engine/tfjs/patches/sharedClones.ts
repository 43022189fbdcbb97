/**
 * Lets clones on the WASM backend share their values. tfjs's own clone (4.22) copies them, although no kernel ever
 * writes into a tensor that it did not make. Every tensor that is saved for the backward pass is a clone, and so is a
 * tap's output. Reshape already shares values, and so do clones on the CPU backend.
 */

import * as tf from "@tensorflow/tfjs-core";
import { wasmOf } from "./missingKernels.ts";

/** Call this once. */
export function registerSharedClones(): void {
  const kernel = tf.getKernel("Identity", "wasm");
  if (!kernel) throw new Error("tfjs's WASM backend has no kernel Identity");
  tf.unregisterKernel("Identity", "wasm");
  tf.registerKernel({
    ...kernel,
    kernelFunc(params) {
      const x = params.inputs["x"]!;
      // Strings are not stored in the heap.
      if (x.dtype === "string") return kernel.kernelFunc(params);
      wasmOf(params.backend).incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  });
}
