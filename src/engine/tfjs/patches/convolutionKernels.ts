/**
 * Runs tfjs's convolutions, plain and depthwise, over images and volumes, and their gradients in our kernels on all
 * processors, under the WASM and the CPU backend. One-dimensional and separable convolutions use them, too.
 *
 * tfjs's WASM backend (4.22) has no gradient of a convolution with respect to its filter at all, and none of a
 * depthwise convolution (the CPU backend's takes seconds for an image of 28 × 28). Those of volumes are wrong, so the CPU
 * backend's replace them (missingKernels.ts).
 */

import type { NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type { Kernels } from "../../../kernels/kernels.ts";
import type { ConvolutionSpec } from "../../../kernels/products.ts";
import { passDilations } from "./convolutionGradients.ts";
import {
  type Compute,
  computeInKernels,
  fused,
  isShape4,
  type KernelParams,
  padOf,
  pairOf,
  result,
} from "./kernelParams.ts";
import { planeSizes } from "./planeSizes.ts";
import { volumeKernels } from "./volumeKernels.ts";

/** Computes one kind of convolution. */
interface Convolver {
  readonly depthwise: boolean;
  convolve(spec: ConvolutionSpec, images: Float32Array, filter: Float32Array, bias?: Float32Array): Float32Array;
  imageGradient(spec: ConvolutionSpec, dy: Float32Array, filter: Float32Array): Float32Array;
  filterGradient(spec: ConvolutionSpec, images: Float32Array, dy: Float32Array): Float32Array;
}

/** Call this once, after the patches, whose kernels remain for what these do not cover. */
export function registerConvolutionKernels({ products, depthwises }: Pick<Kernels, "products" | "depthwises">): void {
  const plain: Convolver = {
    depthwise: false,
    convolve: (...args) => products.convolve(...args),
    imageGradient: (...args) => products.imageGradient(...args),
    filterGradient: (...args) => products.filterGradient(...args),
  };
  const apart: Convolver = {
    depthwise: true,
    convolve: (spec, images, filter) => depthwises.convolve(spec, images, filter),
    imageGradient: (...args) => depthwises.imageGradient(...args),
    filterGradient: (...args) => depthwises.filterGradient(...args),
  };
  computeInKernels({
    Conv2D: (params) => convolved(params, plain),
    FusedConv2D: (params) => fused(params, convolved(params, plain)),
    Conv2DBackpropInput: imageGradient(plain),
    Conv2DBackpropFilter: filterGradient(plain),
    DepthwiseConv2dNative: (params) => convolved(params, apart),
    DepthwiseConv2dNativeBackpropInput: imageGradient(apart),
    DepthwiseConv2dNativeBackpropFilter: filterGradient(apart),
    ...volumeKernels(products),
  });
  passDilations(["wasm", "cpu"]);
}

function imageGradient(convolver: Convolver): Compute {
  return ({ inputs, attrs, backend }) => {
    const { dy, filter } = inputs;
    const shape = attrs?.["inputShape"];
    if (!dy || !filter || !isShape4(shape)) return null;
    const spec = convolution(shape, filter.shape, attrs, convolver.depthwise);
    return spec && result(backend, shape, [dy, filter], (g, w) => convolver.imageGradient(spec, g, w));
  };
}

function filterGradient(convolver: Convolver): Compute {
  return ({ inputs, attrs, backend }) => {
    const { x, dy } = inputs;
    const shape = attrs?.["filterShape"];
    if (!x || !dy || !isShape4(shape)) return null;
    const spec = convolution(x.shape, shape, attrs, convolver.depthwise);
    return spec && result(backend, shape, [x, dy], (images, g) => convolver.filterGradient(spec, images, g));
  };
}

function convolved({ inputs, attrs, backend }: KernelParams, convolver: Convolver): TensorInfo | null {
  const { x, filter, bias } = inputs;
  if (!x || !filter) return null;
  const spec = convolution(x.shape, filter.shape, attrs, convolver.depthwise);
  if (!spec || (bias && (bias.shape.at(-1) !== spec.filters || tf.util.sizeFromShape(bias.shape) !== spec.filters)))
    return null;
  const shape = [spec.batch, spec.outHeight, spec.outWidth, spec.filters];
  return result(backend, shape, [x, filter, ...(bias ? [bias] : [])], (images, weights, add) =>
    convolver.convolve(spec, images, weights, add),
  );
}

/** Null if the kernels do not cover it: channels first, or an explicit rounding mode. */
function convolution(
  images: readonly number[],
  filter: readonly number[],
  attrs: NamedAttrMap | undefined,
  depthwise: boolean,
): ConvolutionSpec | null {
  const { dataFormat = "NHWC", dimRoundingMode } = attrs ?? {};
  const [strides, dilations, pad] = [
    pairOf(attrs?.["strides"]),
    pairOf(attrs?.["dilations"] ?? 1),
    padOf(attrs?.["pad"]),
  ];
  if (dataFormat !== "NHWC" || dimRoundingMode != null || !isShape4(images) || !isShape4(filter)) return null;
  if (strides === null || dilations === null || pad === null) return null;
  return planeSizes(tf.backend_util.computeConv2DInfo(images, filter, strides, dilations, pad, undefined, depthwise));
}
