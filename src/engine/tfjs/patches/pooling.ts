/**
 * Two-dimensional pooling and its gradients for the WASM and the CPU backend; one-dimensional pooling uses them, too.
 *
 * tfjs's own (4.22) have these faults. Pooling loses NaN on the WASM backend, and so does max pooling on the CPU
 * backend. The gradient of max pooling is wrong on the WASM backend for more than one channel, and takes half a second
 * for an image on the CPU backend. The gradient of average pooling divides by the window's size even if the window
 * extends beyond the image (`same`), whereas the pooling itself divides by the number of pixels inside. Tests compare
 * each with finite differences.
 */

import { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { KernelConfig, NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import { cpuBackend } from "../cpuBackend.ts";
import { wasmOf } from "./missingKernels.ts";

type PoolInfo = ReturnType<typeof tf.backend_util.computePool2DInfo>;

/** Call this once, before either backend is used. */
export function registerPooling(): void {
  for (const backendName of ["wasm", "cpu"]) {
    for (const [kernelName, pool] of Object.entries(poolings)) {
      tf.unregisterKernel(kernelName, backendName);
      tf.registerKernel({ kernelName, backendName, kernelFunc: pool });
    }
  }
}

const poolings: { readonly [kernelName: string]: KernelConfig["kernelFunc"] } = {
  MaxPool: ({ inputs, attrs, backend }) => {
    const x = inputs["x"]!;
    const info = infoOf(x, attrs);
    return made(backend, info.outShape, maxima(info, valuesOf(backend, x)));
  },
  MaxPoolGrad: ({ inputs, attrs, backend }) => {
    const x = inputs["input"]!;
    const info = infoOf(x, attrs);
    return made(backend, x.shape, maximumGradient(info, valuesOf(backend, x), valuesOf(backend, inputs["dy"]!)));
  },
  AvgPool: ({ inputs, attrs, backend }) => {
    const x = inputs["x"]!;
    const info = infoOf(x, attrs);
    return made(backend, info.outShape, means(info, valuesOf(backend, x)));
  },
  AvgPoolGrad: ({ inputs, attrs, backend }) => {
    const x = inputs["input"]!;
    const info = infoOf(x, attrs);
    return made(backend, x.shape, meanGradient(info, valuesOf(backend, inputs["dy"]!)));
  },
};

function infoOf(x: TensorInfo, attrs: NamedAttrMap | undefined): PoolInfo {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const { filterSize, strides } = attrs ?? {};
  const pad: unknown = attrs?.["pad"];
  const rounding = (["floor", "ceil", "round"] as const).find((mode) => mode === attrs?.["dimRoundingMode"]);
  return tf.backend_util.computePool2DInfo(
    [batch, height, width, channels],
    pairOf(filterSize),
    pairOf(strides),
    1,
    pad === "same" || pad === "valid" ? pad : Number(pad),
    ...(rounding ? [rounding] : []),
  );
}

function pairOf(value: unknown): [number, number] {
  const [first, second]: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  return [Number(first), Number(second)];
}

/**
 * Calls `visit` with the window of each pixel of the output: the pixel's offset there, and the part of the image that
 * the window covers.
 */
function forEachWindow(info: PoolInfo, visit: (to: number, from: number, rows: number, columns: number) => void): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth } = info;
  let to = 0;
  for (let item = 0; item < batchSize; item++) {
    for (let y = 0; y < outHeight; y++) {
      const top = y * info.strideHeight - info.padInfo.top;
      const first = Math.max(0, top);
      const rows = Math.min(inHeight, top + info.filterHeight) - first;
      for (let x = 0; x < outWidth; x++, to += inChannels) {
        const left = x * info.strideWidth - info.padInfo.left;
        const column = Math.max(0, left);
        const columns = Math.min(inWidth, left + info.filterWidth) - column;
        visit(to, ((item * inHeight + first) * inWidth + column) * inChannels, rows, columns);
      }
    }
  }
}

/** The largest value of each window; NaN if the window contains one. */
function maxima(info: PoolInfo, x: Float32Array): Float32Array {
  const result = new Float32Array(sizeOf(info.outShape)).fill(Number.NEGATIVE_INFINITY);
  const { inChannels: channels, inWidth } = info;
  forEachWindow(info, (to, from, rows, columns) => {
    for (let row = 0; row < rows; row++) {
      let at = from + row * inWidth * channels;
      for (let column = 0; column < columns; column++) {
        for (let c = 0; c < channels; c++, at++) {
          const value = x[at]!;
          // A NaN stays, because nothing is larger.
          if (value > result[to + c]! || Number.isNaN(value)) result[to + c] = value;
        }
      }
    }
  });
  return result;
}

/** Passes a window's gradient to its largest value, the first one if there are several. */
function maximumGradient(info: PoolInfo, x: Float32Array, dy: Float32Array): Float32Array {
  const result = new Float32Array(x.length);
  const { inChannels: channels, inWidth } = info;
  const largest = new Float32Array(channels);
  const places = new Int32Array(channels);
  forEachWindow(info, (to, from, rows, columns) => {
    largest.fill(Number.NEGATIVE_INFINITY);
    places.fill(-1);
    for (let row = 0; row < rows; row++) {
      let at = from + row * inWidth * channels;
      for (let column = 0; column < columns; column++) {
        for (let c = 0; c < channels; c++, at++) {
          const value = x[at]!;
          if (places[c]! < 0 || value > largest[c]! || (Number.isNaN(value) && !Number.isNaN(largest[c]))) {
            largest[c] = value;
            places[c] = at;
          }
        }
      }
    }
    for (let c = 0; c < channels; c++) if (places[c]! >= 0) result[places[c]!]! += dy[to + c]!;
  });
  return result;
}

/** The mean of each window's part inside the image. */
function means(info: PoolInfo, x: Float32Array): Float32Array {
  const result = new Float32Array(sizeOf(info.outShape));
  const { inChannels: channels, inWidth } = info;
  forEachWindow(info, (to, from, rows, columns) => {
    for (let row = 0; row < rows; row++) {
      let at = from + row * inWidth * channels;
      for (let column = 0; column < columns; column++)
        for (let c = 0; c < channels; c++, at++) result[to + c]! += x[at]!;
    }
    const share = 1 / (rows * columns);
    for (let c = 0; c < channels; c++) result[to + c]! *= share;
  });
  return result;
}

function meanGradient(info: PoolInfo, dy: Float32Array): Float32Array {
  const result = new Float32Array(sizeOf(info.inShape));
  const { inChannels: channels, inWidth } = info;
  forEachWindow(info, (to, from, rows, columns) => {
    const share = 1 / (rows * columns);
    for (let row = 0; row < rows; row++) {
      let at = from + row * inWidth * channels;
      for (let column = 0; column < columns; column++)
        for (let c = 0; c < channels; c++, at++) result[at]! += dy[to + c]! * share;
    }
  });
  return result;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Values to be read only, and only until the backend next makes a tensor. */
function valuesOf(backend: unknown, tensor: TensorInfo): Float32Array {
  const values =
    backend instanceof BackendWasm ? backend.typedArrayFromHeap(tensor) : cpuBackend().readSync(tensor.dataId);
  return values instanceof Float32Array ? values : Float32Array.from(values, Number);
}

function made(backend: unknown, shape: number[], values: Float32Array): TensorInfo {
  return backend === cpuBackend()
    ? cpuBackend().makeTensorInfo(shape, "float32", values)
    : wasmOf(backend).makeOutput(shape, "float32", undefined, values);
}
