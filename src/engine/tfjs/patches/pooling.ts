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

/** The part of the volume that a window covers: its first channel's place, and its planes, rows and columns. */
interface Window {
  readonly from: number;
  readonly planes: number;
  readonly rows: number;
  readonly columns: number;
}

/** Calls `visit` with the offset of each pixel of the output and its window. */
function forEachWindow(info: PoolInfo, visit: (to: number, window: Window) => void): void {
  const { batchSize, inDepth, inHeight, inWidth, inChannels, outDepth, outHeight, outWidth } = info;
  let to = 0;
  for (let item = 0; item < batchSize; item++) {
    for (let z = 0; z < outDepth; z++) {
      const front = z * info.strideDepth - info.padInfo.front;
      const plane = Math.max(0, front);
      const planes = Math.min(inDepth, front + info.filterDepth) - plane;
      for (let y = 0; y < outHeight; y++) {
        const top = y * info.strideHeight - info.padInfo.top;
        const first = Math.max(0, top);
        const rows = Math.min(inHeight, top + info.filterHeight) - first;
        for (let x = 0; x < outWidth; x++, to += inChannels) {
          const left = x * info.strideWidth - info.padInfo.left;
          const column = Math.max(0, left);
          const columns = Math.min(inWidth, left + info.filterWidth) - column;
          const from = (((item * inDepth + plane) * inHeight + first) * inWidth + column) * inChannels;
          visit(to, { from, planes, rows, columns });
        }
      }
    }
  }
}

/** Calls `visit` with the place of each row of a window. */
function forEachRow(
  { inHeight, inWidth, inChannels }: PoolInfo,
  { from, planes, rows }: Window,
  visit: (at: number) => void,
): void {
  for (let plane = 0; plane < planes; plane++)
    for (let row = 0; row < rows; row++) visit(from + (plane * inHeight + row) * inWidth * inChannels);
}

/** The largest value of each window; NaN if the window contains one. */
function maxima(info: PoolInfo, x: Float32Array): Float32Array {
  const result = new Float32Array(sizeOf(info.outShape)).fill(Number.NEGATIVE_INFINITY);
  const { inChannels: channels } = info;
  forEachWindow(info, (to, window) => {
    forEachRow(info, window, (start) => {
      let at = start;
      for (let column = 0; column < window.columns; column++) {
        for (let c = 0; c < channels; c++, at++) {
          const value = x[at]!;
          // A NaN stays, because nothing is larger.
          if (value > result[to + c]! || Number.isNaN(value)) result[to + c] = value;
        }
      }
    });
  });
  return result;
}

/** Passes a window's gradient to its largest value, the first one if there are several. */
function maximumGradient(info: PoolInfo, x: Float32Array, dy: Float32Array): Float32Array {
  const result = new Float32Array(x.length);
  const { inChannels: channels } = info;
  const largest = new Float32Array(channels);
  const places = new Int32Array(channels);
  forEachWindow(info, (to, window) => {
    largest.fill(Number.NEGATIVE_INFINITY);
    places.fill(-1);
    forEachRow(info, window, (start) => {
      let at = start;
      for (let column = 0; column < window.columns; column++) {
        for (let c = 0; c < channels; c++, at++) {
          const value = x[at]!;
          if (places[c]! < 0 || value > largest[c]! || (Number.isNaN(value) && !Number.isNaN(largest[c]))) {
            largest[c] = value;
            places[c] = at;
          }
        }
      }
    });
    for (let c = 0; c < channels; c++) if (places[c]! >= 0) result[places[c]!]! += dy[to + c]!;
  });
  return result;
}

function shareOf({ planes, rows, columns }: Window): number {
  return 1 / (planes * rows * columns);
}

/** The mean of each window's part inside the image. */
function means(info: PoolInfo, x: Float32Array): Float32Array {
  const result = new Float32Array(sizeOf(info.outShape));
  const { inChannels: channels } = info;
  forEachWindow(info, (to, window) => {
    forEachRow(info, window, (start) => {
      let at = start;
      for (let column = 0; column < window.columns; column++)
        for (let c = 0; c < channels; c++, at++) result[to + c]! += x[at]!;
    });
    const share = shareOf(window);
    for (let c = 0; c < channels; c++) result[to + c]! *= share;
  });
  return result;
}

function meanGradient(info: PoolInfo, dy: Float32Array): Float32Array {
  const result = new Float32Array(sizeOf(info.inShape));
  const { inChannels: channels } = info;
  forEachWindow(info, (to, window) => {
    const share = shareOf(window);
    forEachRow(info, window, (start) => {
      let at = start;
      for (let column = 0; column < window.columns; column++)
        for (let c = 0; c < channels; c++, at++) result[at]! += dy[to + c]! * share;
    });
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
