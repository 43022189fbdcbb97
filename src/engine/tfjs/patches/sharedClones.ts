/**
 * Clones on the WASM backend. tfjs's own (4.22) copies the values, though no kernel ever writes into a tensor that it did
 * not make: every tensor that is saved for the way back is a clone, and so is what a tap hands on. Reshape shares them
 * already, and on the CPU backend clones do, too.
 */

import * as tf from "@tensorflow/tfjs-core";
import { wasmOf } from "./cpuFallbacks.ts";

/** To be called once. */
export function registerSharedClones(): void {
  const kernel = tf.getKernel("Identity", "wasm");
  if (!kernel) throw new Error("tfjs's WASM backend has no kernel Identity");
  tf.unregisterKernel("Identity", "wasm");
  tf.registerKernel({
    ...kernel,
    kernelFunc(params) {
      const x = params.inputs["x"]!;
      // Strings lie outside the heap.
      if (x.dtype === "string") return kernel.kernelFunc(params);
      wasmOf(params.backend).incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  });
}
