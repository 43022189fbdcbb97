/** Runs tfjs's three-dimensional convolutions and their gradients in our kernels, like those of images. */

import type { NamedAttrMap } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type { ConvolutionSpec, Products } from "../../../kernels/products.ts";
import { type Compute, result, type Shape5, shape5Of, tripleOf } from "./kernelParams.ts";
import { planeSizes } from "./planeSizes.ts";

/** The kernels by tfjs's names. */
export function volumeKernels(products: Products): Readonly<Record<string, Compute>> {
  return {
    Conv3D: ({ inputs: { x, filter }, attrs, backend }) => {
      const spec = x && filter && volume(shape5Of(x.shape), shape5Of(filter.shape), attrs);
      if (!spec) return null;
      const shape = [spec.batch, spec.depth.outDepth, spec.outHeight, spec.outWidth, spec.filters];
      return result(backend, shape, [x, filter], (values, weights) => products.convolve(spec, values, weights));
    },
    Conv3DBackpropInputV2: ({ inputs: { dy, filter }, attrs, backend }) => {
      const shape = shape5Of(attrs?.["inputShape"]);
      const spec = filter && volume(shape, shape5Of(filter.shape), attrs);
      if (!dy || !spec || !shape) return null;
      return result(backend, shape, [dy, filter], (g, weights) => products.imageGradient(spec, g, weights));
    },
    Conv3DBackpropFilterV2: ({ inputs: { x, dy }, attrs, backend }) => {
      const shape = shape5Of(attrs?.["filterShape"]);
      const spec = x && volume(shape5Of(x.shape), shape, attrs);
      if (!dy || !spec || !shape) return null;
      return result(backend, shape, [x, dy], (values, g) => products.filterGradient(spec, values, g));
    },
  };
}

/** Null if the kernels do not cover it: channels first. */
function volume(
  volumes: Shape5 | null,
  filter: Shape5 | null,
  attrs: NamedAttrMap | undefined,
): (ConvolutionSpec & Required<Pick<ConvolutionSpec, "depth">>) | null {
  const dataFormat = attrs?.["dataFormat"] ?? "NDHWC";
  const pad = (["same", "valid"] as const).find((padding) => padding === attrs?.["pad"]);
  const [strides, dilations] = [tripleOf(attrs?.["strides"]), tripleOf(attrs?.["dilations"] ?? 1)];
  if (!volumes || !filter || !strides || !dilations || !pad || dataFormat !== "NDHWC") return null;
  const info = tf.backend_util.computeConv3DInfo(volumes, filter, strides, dilations, pad);
  return {
    ...planeSizes(info),
    depth: {
      depth: info.inDepth,
      outDepth: info.outDepth,
      filterDepth: info.filterDepth,
      strideZ: info.strideDepth,
      dilationZ: info.dilationDepth,
      padFront: info.padInfo.front,
    },
  };
}
