/** The sizes of a convolution, from tfjs's record of it to the one of our kernels. */

import type { backend_util } from "@tensorflow/tfjs-core";
import type { ConvolutionSpec } from "../../../kernels/products.ts";

/** Sizes of an image's convolution, or those within one plane of a volume's. */
export function planeSizes(info: backend_util.Conv2DInfo | backend_util.Conv3DInfo): Omit<ConvolutionSpec, "depth"> {
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
