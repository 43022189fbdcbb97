/** Convolutions, and layers that pad, crop or enlarge. */

import * as z from "zod";
import { maxUnits } from "../../limits.ts";
import { arg, required } from "../arg.ts";
import { choice, whole } from "../values.ts";
import {
  activation,
  dataFormat,
  filters,
  glorotNote,
  type LayerShape,
  layer,
  perDimension,
  useBias,
  weight,
} from "./common.ts";

/** Arguments of a convolution in `n` dimensions. */
function window(n: number): LayerShape {
  return {
    kernelSize: required(perDimension(n), "Size of the window."),
    strides: arg(perDimension(n), "Step of the window. Cannot be combined with `dilationRate`.", 1),
    padding: arg(
      choice("valid", "same"),
      n === 1
        ? "Whether borders are padded. Keras's `causal` is not implemented in tfjs."
        : "Whether borders are padded.",
      "valid",
    ),
    dataFormat,
    dilationRate: arg(perDimension(n), "Spacing of the window's taps. Cannot be combined with `strides`.", 1),
    activation: activation("linear"),
    useBias,
    ...weight("bias", "bias", "zeros"),
  };
}

const kernel = weight("kernel", "filters", "glorotNormal", glorotNote);
const depthMultiplier = arg(whole(1, maxUnits), "Output channels per input channel.", 1);

const convolution = (n: number): LayerShape => ({ filters, ...window(n), ...kernel });

function transposed(n: number): LayerShape {
  const { dilationRate: _, ...args } = convolution(n);
  return args;
}

const sides = whole(0, maxUnits);
const pair = (error: string) => z.array(sides, { error }).length(2, { error });
const sidesText = "a whole number, [height, width], or [[top, bottom], [left, right]]";
const border = z.union(
  [sides, pair(sidesText), z.array(pair(sidesText), { error: sidesText }).length(2, { error: sidesText })],
  {
    error: sidesText,
  },
);

export const convolutionLayers = [
  layer("conv1d", convolution(1), "Convolution over time."),
  layer("conv2d", convolution(2), "Convolution over images."),
  layer("conv2dTranspose", transposed(2), "Transposed convolution over images: enlarges."),
  layer("conv3d", convolution(3), "Convolution over volumes."),
  layer("conv3dTranspose", transposed(3), "Transposed convolution over volumes: enlarges."),
  layer(
    "separableConv2d",
    {
      filters,
      ...window(2),
      depthMultiplier,
      ...weight("depthwise", "depthwise filters", "glorotUniform"),
      ...weight("pointwise", "pointwise filters", "glorotUniform"),
    },
    "A convolution per channel, then one across channels.",
  ),
  layer(
    "depthwiseConv2d",
    { ...window(2), depthMultiplier, ...weight("depthwise", "filters", "glorotNormal") },
    "A convolution per channel.",
  ),
  layer(
    "cropping2D",
    { cropping: required(border, "Rows and columns cut off each side."), dataFormat },
    "Cuts off the borders.",
  ),
  layer(
    "upSampling2d",
    {
      size: arg(pair("a list of two whole numbers"), "Factors for rows and columns.", [2, 2]),
      dataFormat,
      interpolation: arg(choice("nearest", "bilinear"), "How the new entries are interpolated.", "nearest"),
    },
    "Enlarges images.",
  ),
  layer(
    "zeroPadding2d",
    { padding: arg(border, "Rows and columns added on each side.", 1), dataFormat },
    "Adds borders of zeros.",
  ),
] as const;
