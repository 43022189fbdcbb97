/**
 * The sum over segments on the CPU backend, which is the gradient of row look-ups (embedding, gather). tfjs's own
 * (4.22) compares every index with every row of the table and multiplies all values by the result, so that an
 * embedding's gradient took ten times as long as the rest of a character model's step.
 */

import type { KernelConfig } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import { cpuBackend, numbersOf } from "../cpuBackend.ts";

export function registerSegmentSum(): void {
  tf.unregisterKernel(kernel.kernelName, kernel.backendName);
  tf.registerKernel(kernel);
}

const kernel: KernelConfig = {
  kernelName: "UnsortedSegmentSum",
  backendName: "cpu",
  kernelFunc({ inputs, attrs }) {
    const x = inputs["x"]!;
    const segmentIds = inputs["segmentIds"]!;
    const segments = Number(attrs?.["numSegments"]);
    const ids = numbersOf(segmentIds);
    const values = numbersOf(x);
    const shape = [segments, ...x.shape.slice(segmentIds.shape.length)];
    const width = tf.util.sizeFromShape(shape.slice(1));
    const sums = new Float32Array(segments * width);
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      // Values that belong to no segment are dropped, as in tfjs.
      if (id < 0 || id >= segments) continue;
      for (let k = 0; k < width; k++) sums[id * width + k]! += values[i * width + k]!;
    }
    return cpuBackend().makeTensorInfo(shape, x.dtype, x.dtype === "int32" ? Int32Array.from(sums) : sums);
  },
};
