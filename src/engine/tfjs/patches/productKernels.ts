/**
 * Runs tfjs's matrix products and two-dimensional convolutions, forward and backward, in our kernels on all processors,
 * under the WASM and the CPU backend. One-dimensional convolutions, dense layers and attention use them.
 *
 * tfjs's WASM backend (4.22) has no gradient of a convolution with respect to its filter at all (the CPU backend's
 * takes seconds for an image of 28 × 28), and multiplies batches of matrices on one thread without packing them.
 */

import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { KernelConfig, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type { ConvolutionSpec, Products } from "../../../kernels/products.ts";

type Shape4 = [number, number, number, number];
type KernelParams = Parameters<KernelConfig["kernelFunc"]>[0];

/** One computation in our kernels; null: not covered, so tfjs's own kernel runs it. */
type Compute = (params: KernelParams, products: Products) => TensorInfo | null;

const computations: { readonly [kernelName: string]: Compute } = {
  BatchMatMul: ({ inputs, attrs, backend }, products) => multiplied(inputs, attrs, backend, products),
  _FusedMatMul: (params, products) => fused(params, multiplied(params.inputs, params.attrs, params.backend, products)),
  Conv2D: ({ inputs, attrs, backend }, products) => convolved(inputs, attrs, backend, products),
  FusedConv2D: (params, products) => fused(params, convolved(params.inputs, params.attrs, params.backend, products)),
  Conv2DBackpropInput: ({ inputs, attrs, backend }, products) => {
    const { dy, filter } = inputs;
    const shape = attrs?.["inputShape"];
    if (!dy || !filter || !isShape4(shape)) return null;
    const spec = convolution(shape, filter.shape, attrs);
    return spec && result(backend, shape, [dy, filter], (g, w) => products.imageGradient(spec, g, w));
  },
  Conv2DBackpropFilter: ({ inputs, attrs, backend }, products) => {
    const { x, dy } = inputs;
    const shape = attrs?.["filterShape"];
    if (!x || !dy || !isShape4(shape)) return null;
    const spec = convolution(x.shape, shape, attrs);
    return spec && result(backend, shape, [x, dy], (images, g) => products.filterGradient(spec, images, g));
  },
};

/** Call this once; kernels that are replaced later still find these beneath. */
export function registerProductKernels(products: Products): void {
  for (const backendName of ["wasm", "cpu"]) {
    for (const [kernelName, compute] of Object.entries(computations)) {
      const former = tf.getKernel(kernelName, backendName);
      if (!former) continue;
      tf.unregisterKernel(kernelName, backendName);
      tf.registerKernel({
        ...former,
        kernelFunc: (params) => compute(params, products) ?? former.kernelFunc(params),
      });
    }
  }
}

/** a·b, either of them transposed or not, for each item of a batch. */
function multiplied(
  { a, b, bias }: NamedTensorInfoMap,
  attrs: NamedAttrMap | undefined,
  backend: unknown,
  products: Products,
): TensorInfo | null {
  if (!a || !b || (bias && bias.shape.at(-1) !== tf.util.sizeFromShape(bias.shape))) return null;
  const transposeA = attrs?.["transposeA"] === true;
  const transposeB = attrs?.["transposeB"] === true;
  const [rows, inner] = lastTwo(a.shape, transposeA);
  const [, columns] = lastTwo(b.shape, transposeB);
  const [itemsA, itemsB] = [itemsOf(a.shape), itemsOf(b.shape)];
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const alike = batchA.length === batchB.length && batchA.every((size, i) => size === batchB[i]);
  if (!alike && itemsA !== 1 && itemsB !== 1) return null;
  if (bias && bias.shape.at(-1) !== columns) return null;
  const items = Math.max(itemsA, itemsB);
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
  // One matrix for all items: the rows of all items then form a single product.
  const single = itemsB === 1 && !transposeA;
  return result(backend, [...batch, rows, columns], [a, b, ...(bias ? [bias] : [])], (left, right, add) =>
    products.multiply({
      items: single ? 1 : items,
      rows: single ? items * rows : rows,
      columns,
      inner,
      left: {
        values: left,
        row: transposeA ? 1 : inner,
        column: transposeA ? rows : 1,
        item: itemsA === 1 ? 0 : rows * inner,
      },
      right: {
        values: right,
        row: transposeB ? 1 : columns,
        column: transposeB ? inner : 1,
        item: itemsB === 1 ? 0 : inner * columns,
      },
      ...(add && { bias: add }),
    }),
  );
}

function convolved(
  { x, filter, bias }: NamedTensorInfoMap,
  attrs: NamedAttrMap | undefined,
  backend: unknown,
  products: Products,
): TensorInfo | null {
  if (!x || !filter) return null;
  const spec = convolution(x.shape, filter.shape, attrs);
  if (!spec || (bias && (bias.shape.at(-1) !== spec.filters || tf.util.sizeFromShape(bias.shape) !== spec.filters)))
    return null;
  const shape = [spec.batch, spec.outHeight, spec.outWidth, spec.filters];
  return result(backend, shape, [x, filter, ...(bias ? [bias] : [])], (images, weights, add) =>
    products.convolve(spec, images, weights, add),
  );
}

/** Null if the kernels do not cover it: channels first, or an explicit rounding mode. */
function convolution(
  images: readonly number[],
  filter: readonly number[],
  attrs: NamedAttrMap | undefined,
): ConvolutionSpec | null {
  const { dataFormat = "NHWC", dimRoundingMode } = attrs ?? {};
  const [strides, dilations, pad] = [
    pairOf(attrs?.["strides"]),
    pairOf(attrs?.["dilations"] ?? 1),
    padOf(attrs?.["pad"]),
  ];
  if (dataFormat !== "NHWC" || dimRoundingMode != null || !isShape4(images) || !isShape4(filter)) return null;
  if (strides === null || dilations === null || pad === null) return null;
  const info = tf.backend_util.computeConv2DInfo(images, filter, strides, dilations, pad);
  return {
    batch: info.batchSize,
    height: info.inHeight,
    width: info.inWidth,
    channels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    filters: info.outChannels,
    filterHeight: info.filterHeight,
    filterWidth: info.filterWidth,
    strideY: info.strideHeight,
    strideX: info.strideWidth,
    dilationY: info.dilationHeight,
    dilationX: info.dilationWidth,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
  };
}

/** tfjs's names of the activations that it fuses, and the kernels that compute them. */
const activationKernels: { readonly [activation: string]: string } = {
  relu: "Relu",
  relu6: "Relu6",
  elu: "Elu",
  sigmoid: "Sigmoid",
  leakyrelu: "LeakyRelu",
  prelu: "Prelu",
};

/** Applies the activation of a fused kernel to the linear result. */
function fused({ inputs, attrs, backend }: KernelParams, linear: TensorInfo | null): TensorInfo | null {
  const activation: unknown = attrs?.["activation"];
  if (!linear || activation === undefined || activation === null || activation === "linear") return linear;
  const on = backendOf(backend);
  const kernel = tf.getKernel(activationKernels[String(activation)] ?? "", on instanceof BackendWasm ? "wasm" : "cpu");
  if (!kernel) throw new Error(`tfjs has no kernel for the activation ${String(activation)}`);
  const { preluActivationWeights: alpha } = inputs;
  const made = kernel.kernelFunc({
    inputs: { x: linear, ...(alpha && { alpha }) },
    attrs: { alpha: Number(attrs?.["leakyreluAlpha"]) },
    backend,
  });
  if (on instanceof BackendWasm) on.disposeData(linear.dataId);
  else on.disposeIntermediateTensorInfo(linear);
  const [output] = Array.isArray(made) ? made : [made];
  return output ?? null;
}

/** A tensor of the values that `compute` makes from the inputs' values; null if a value is missing or not float32. */
function result(
  backend: unknown,
  shape: readonly number[],
  inputs: readonly TensorInfo[],
  compute: (a: Float32Array, b: Float32Array, c?: Float32Array) => Float32Array,
): TensorInfo | null {
  const on = backendOf(backend);
  const [a, b, c] = inputs.map((tensor) => valuesOf(on, tensor));
  if (!a || !b || (inputs[2] && !c) || a.length === 0 || b.length === 0) return null;
  const values = compute(a, b, c ?? undefined);
  if (on instanceof MathBackendCPU) return on.makeTensorInfo([...shape], "float32", values.slice());
  const made = on.makeOutput([...shape], "float32");
  on.typedArrayFromHeap(made).set(values);
  return made;
}

function valuesOf(backend: BackendWasm | MathBackendCPU, tensor: TensorInfo): Float32Array | null {
  if (tensor.dtype !== "float32") return null;
  const values =
    backend instanceof BackendWasm ? backend.typedArrayFromHeap(tensor) : backend.data.get(tensor.dataId).values;
  return values instanceof Float32Array ? values : null;
}

function backendOf(backend: unknown): BackendWasm | MathBackendCPU {
  if (backend instanceof BackendWasm || backend instanceof MathBackendCPU) return backend;
  throw new Error("a kernel was called with another backend");
}

function lastTwo(shape: readonly number[], transposed: boolean): readonly [number, number] {
  const [first = 1, second = 1] = shape.slice(-2);
  return transposed ? [second, first] : [first, second];
}

function itemsOf(shape: readonly number[]): number {
  return shape.slice(0, -2).reduce((product, size) => product * size, 1);
}

function isShape4(value: unknown): value is Shape4 {
  return Array.isArray(value) && value.length === 4 && value.every((size) => typeof size === "number");
}

function pairOf(value: unknown): [number, number] | null {
  const pair: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  const [first, second] = pair;
  return pair.length === 2 && typeof first === "number" && typeof second === "number" ? [first, second] : null;
}

function padOf(value: unknown): "same" | "valid" | number | null {
  return value === "same" || value === "valid" || typeof value === "number" ? value : null;
}
