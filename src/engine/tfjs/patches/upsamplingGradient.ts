/**
 * The gradient of nearest-neighbour upsampling on the CPU backend. tfjs's own (4.22) steps through the batch of the
 * upsampled gradient with the stride of the small image, so it is wrong for every sample but the first.
 */

import type { KernelConfig } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import { cpuBackend, numbersOf } from "../cpuBackend.ts";

export function registerUpsamplingGradient(): void {
  tf.unregisterKernel(kernel.kernelName, kernel.backendName);
  tf.registerKernel(kernel);
}

const kernel: KernelConfig = {
  kernelName: "ResizeNearestNeighborGrad",
  backendName: "cpu",
  kernelFunc({ inputs, attrs }) {
    const images = inputs["images"]!;
    const dy = inputs["dy"]!;
    const aligned = attrs?.["alignCorners"] === true;
    const [batch, height, width, depth] = sizes(images.shape);
    const [, tall, wide] = sizes(dy.shape);
    const rows = sources(height, tall, aligned);
    const columns = sources(width, wide, aligned);
    const upstream = numbersOf(dy);
    const result = new Float32Array(batch * height * width * depth);
    // Every upsampled pixel is a copy of one pixel, which receives its gradient.
    let i = 0;
    for (let b = 0; b < batch; b++) {
      for (const row of rows) {
        for (const column of columns) {
          const pixel = ((b * height + row) * width + column) * depth;
          for (let d = 0; d < depth; d++) result[pixel + d]! += upstream[i++]!;
        }
      }
    }
    return cpuBackend().makeTensorInfo(images.shape, "float32", result);
  },
};

/** The source pixel of each of `large` pixels along one axis, as ResizeNearestNeighbor chooses it. */
function sources(small: number, large: number, aligned: boolean): number[] {
  const scale = aligned && large > 1 ? (small - 1) / (large - 1) : small / large;
  return Array.from({ length: large }, (_, i) =>
    Math.min(small - 1, aligned ? Math.round(i * scale) : Math.floor(i * scale)),
  );
}

function sizes(shape: readonly number[]): [number, number, number, number] {
  const [a, b, c, d] = shape;
  if (a === undefined || b === undefined || c === undefined || d === undefined)
    throw new Error("an image batch has four axes");
  return [a, b, c, d];
}
