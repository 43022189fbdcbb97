/**
 * Pooling of images and volumes and its gradients for the WASM and the CPU backend; one-dimensional pooling uses them,
 * too.
 *
 * tfjs's own (4.22) have these faults. Pooling loses NaN on the WASM backend, and so does max pooling on the CPU
 * backend. The gradient of max pooling is wrong on the WASM backend for more than one channel, and takes half a second
 * for an image on the CPU backend. The gradient of average pooling divides by the window's size even if the window
 * extends beyond the image (`same`), whereas the pooling itself divides by the number of pixels inside. The same
 * holds for volumes, whose maximum, on the WASM backend, is also never negative. Tests compare each with finite
 * differences.
 */

import { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { KernelConfig, NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import { cpuBackend } from "../cpuBackend.ts";
import { floatsOf } from "./kernelParams.ts";
import { wasmOf } from "./missingKernels.ts";

type Info2 = ReturnType<typeof tf.backend_util.computePool2DInfo>;
type Info3 = ReturnType<typeof tf.backend_util.computePool3DInfo>;
/** An image is a volume of one plane. */
interface PoolInfo
  extends Omit<Info2, "inShape" | "outShape" | "filterShape" | "padInfo">,
    Pick<Info3, "inDepth" | "outDepth" | "filterDepth" | "strideDepth"> {
  readonly inShape: readonly number[];
  readonly outShape: readonly number[];
  readonly padInfo: Pick<Info3["padInfo"], "front" | "top" | "left">;
}

/** Call this once, before either backend is used. */
export function registerPooling(): void {
  for (const backendName of ["wasm", "cpu"]) {
    for (const [kernelName, pool] of Object.entries(poolings)) {
      tf.unregisterKernel(kernelName, backendName);
      tf.registerKernel({ kernelName, backendName, kernelFunc: pool });
    }
  }
}

const forward = (pool: (info: PoolInfo, x: Float32Array) => Float32Array): KernelConfig["kernelFunc"] => {
  return ({ inputs, attrs, backend }) => {
    const x = inputs["x"]!;
    const info = infoOf(x, attrs);
    return made(backend, [...info.outShape], pool(info, valuesOf(backend, x)));
  };
};

const maximumBack: KernelConfig["kernelFunc"] = ({ inputs, attrs, backend }) => {
  const x = inputs["input"]!;
  const gradient = maximumGradient(infoOf(x, attrs), valuesOf(backend, x), valuesOf(backend, inputs["dy"]!));
  return made(backend, x.shape, gradient);
};

const meanBack: KernelConfig["kernelFunc"] = ({ inputs, attrs, backend }) => {
  const x = inputs["input"]!;
  return made(backend, x.shape, meanGradient(infoOf(x, attrs), valuesOf(backend, inputs["dy"]!)));
};

const poolings: { readonly [kernelName: string]: KernelConfig["kernelFunc"] } = {
  MaxPool: forward(maxima),
  MaxPool3D: forward(maxima),
  MaxPoolGrad: maximumBack,
  MaxPool3DGrad: maximumBack,
  AvgPool: forward(means),
  AvgPool3D: forward(means),
  AvgPoolGrad: meanBack,
  AvgPool3DGrad: meanBack,
};

function infoOf(x: TensorInfo, attrs: NamedAttrMap | undefined): PoolInfo {
  const { filterSize, strides } = attrs ?? {};
  const given: unknown = attrs?.["pad"];
  const pad = given === "same" || given === "valid" ? given : Number(given);
  const mode = (["floor", "ceil", "round"] as const).find((each) => each === attrs?.["dimRoundingMode"]);
  const rounding = mode ? ([mode] as const) : ([] as const);
  if (x.shape.length === 5) {
    const [batch = 0, depth = 0, height = 0, width = 0, channels = 0] = x.shape;
    const shape: [number, number, number, number, number] = [batch, depth, height, width, channels];
    return tf.backend_util.computePool3DInfo(shape, tripleOf(filterSize), tripleOf(strides), 1, pad, ...rounding);
  }
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const info = tf.backend_util.computePool2DInfo(
    [batch, height, width, channels],
    pairOf(filterSize),
    pairOf(strides),
    1,
    pad,
    ...rounding,
  );
  return { ...info, inDepth: 1, outDepth: 1, filterDepth: 1, strideDepth: 1, padInfo: { ...info.padInfo, front: 0 } };
}

function pairOf(value: unknown): [number, number] {
  const [first, second]: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  return [Number(first), Number(second)];
}

function tripleOf(value: unknown): [number, number, number] {
  const [first, second, third]: readonly unknown[] = Array.isArray(value) ? value : [value, value, value];
  return [Number(first), Number(second), Number(third)];
}

/** The part of an axis that each window covers. */
interface Extents {
  readonly first: Int32Array;
  readonly count: Int32Array;
}

function extents(windows: number, stride: number, pad: number, filter: number, size: number): Extents {
  const first = new Int32Array(windows);
  const count = new Int32Array(windows);
  for (let i = 0; i < windows; i++) {
    const begin = i * stride - pad;
    first[i] = Math.max(0, begin);
    count[i] = Math.min(size, begin + filter) - first[i]!;
  }
  return { first, count };
}

/**
 * Calls `visit` for each window: with the place of its pixel in the output, the place of its first value, and its numbers
 * of planes, rows and columns inside the volume. Numbers instead of an object, because there may be a million windows.
 */
function forEachWindow(
  info: PoolInfo,
  visit: (to: number, from: number, planes: number, rows: number, columns: number) => void,
): void {
  const { batchSize, inDepth, inHeight, inWidth, inChannels, outDepth, outHeight, outWidth, padInfo } = info;
  const plane = extents(outDepth, info.strideDepth, padInfo.front, info.filterDepth, inDepth);
  const row = extents(outHeight, info.strideHeight, padInfo.top, info.filterHeight, inHeight);
  const column = extents(outWidth, info.strideWidth, padInfo.left, info.filterWidth, inWidth);
  let to = 0;
  for (let item = 0; item < batchSize; item++) {
    for (let z = 0; z < outDepth; z++) {
      const planes = (item * inDepth + plane.first[z]!) * inHeight;
      for (let y = 0; y < outHeight; y++) {
        const rows = (planes + row.first[y]!) * inWidth;
        for (let x = 0; x < outWidth; x++, to += inChannels)
          visit(to, (rows + column.first[x]!) * inChannels, plane.count[z]!, row.count[y]!, column.count[x]!);
      }
    }
  }
}

/** The largest value of each window; NaN if the window contains one. */
function maxima(info: PoolInfo, x: Float32Array): Float32Array {
  const result = new Float32Array(sizeOf(info.outShape)).fill(Number.NEGATIVE_INFINITY);
  const { inChannels: channels, inHeight, inWidth } = info;
  forEachWindow(info, (to, from, planes, rows, columns) => {
    for (let plane = 0; plane < planes; plane++) {
      for (let row = 0; row < rows; row++) {
        const start = from + (plane * inHeight + row) * inWidth * channels;
        for (let at = start, end = start + columns * channels; at < end; at += channels) {
          for (let c = 0; c < channels; c++) {
            const value = x[at + c]!;
            // A NaN stays, because nothing is larger.
            if (!(value <= result[to + c]!)) result[to + c] = Number.isNaN(result[to + c]) ? Number.NaN : value;
          }
        }
      }
    }
  });
  return result;
}

/** Passes a window's gradient to its largest value, the first one if there are several. */
function maximumGradient(info: PoolInfo, x: Float32Array, dy: Float32Array): Float32Array {
  const result = new Float32Array(x.length);
  const { inChannels: channels, inHeight, inWidth } = info;
  forEachWindow(info, (to, from, planes, rows, columns) => {
    for (let c = 0; c < channels; c++) {
      let largest = x[from + c]!;
      let place = from + c;
      for (let plane = 0; plane < planes; plane++) {
        for (let row = 0; row < rows; row++) {
          const start = from + (plane * inHeight + row) * inWidth * channels + c;
          for (let at = start, end = start + columns * channels; at < end; at += channels) {
            const value = x[at]!;
            // The first NaN stays, because nothing is larger.
            if (value <= largest || Number.isNaN(largest)) continue;
            largest = value;
            place = at;
          }
        }
      }
      result[place]! += dy[to + c]!;
    }
  });
  return result;
}

/** The mean of each window's part inside the image. */
function means(info: PoolInfo, x: Float32Array): Float32Array {
  const result = new Float32Array(sizeOf(info.outShape));
  const { inChannels: channels, inHeight, inWidth } = info;
  forEachWindow(info, (to, from, planes, rows, columns) => {
    for (let plane = 0; plane < planes; plane++) {
      for (let row = 0; row < rows; row++) {
        const start = from + (plane * inHeight + row) * inWidth * channels;
        for (let at = start, end = start + columns * channels; at < end; at += channels)
          for (let c = 0; c < channels; c++) result[to + c]! += x[at + c]!;
      }
    }
    const share = 1 / (planes * rows * columns);
    for (let c = 0; c < channels; c++) result[to + c]! *= share;
  });
  return result;
}

function meanGradient(info: PoolInfo, dy: Float32Array): Float32Array {
  const result = new Float32Array(sizeOf(info.inShape));
  const { inChannels: channels, inHeight, inWidth } = info;
  forEachWindow(info, (to, from, planes, rows, columns) => {
    const share = 1 / (planes * rows * columns);
    for (let plane = 0; plane < planes; plane++) {
      for (let row = 0; row < rows; row++) {
        const start = from + (plane * inHeight + row) * inWidth * channels;
        for (let at = start, end = start + columns * channels; at < end; at += channels)
          for (let c = 0; c < channels; c++) result[at + c]! += dy[to + c]! * share;
      }
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
    backend instanceof BackendWasm
      ? (floatsOf(backend, tensor) ?? backend.typedArrayFromHeap(tensor))
      : cpuBackend().readSync(tensor.dataId);
  return values instanceof Float32Array ? values : Float32Array.from(values, Number);
}

function made(backend: unknown, shape: number[], values: Float32Array): TensorInfo {
  return backend === cpuBackend()
    ? cpuBackend().makeTensorInfo(shape, "float32", values)
    : wasmOf(backend).makeOutput(shape, "float32", undefined, values);
}
