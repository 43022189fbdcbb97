/** Convolutions, and layers that pad, crop or enlarge. */

import * as z from "zod";
import { expectedWords } from "../../../messages/expected.ts";
import { maxUnits } from "../../limits.ts";
import { arg, required } from "../arg.ts";
import { choice, type Expected, whole } from "../values.ts";
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

const causalPadding = arg(
  choice("valid", "same", "causal"),
  "Whether borders are padded. `causal` pads only the start, so that no output sees a later timestep.",
  "valid",
);

/** Arguments of a convolution in `n` dimensions. */
function window(n: number): LayerShape {
  return {
    kernelSize: required(perDimension(n), "Size of the window."),
    strides: arg(perDimension(n), "Step of the window. Cannot be combined with `dilationRate`.", 1),
    padding: n === 1 ? causalPadding : arg(choice("valid", "same"), "Whether borders are padded.", "valid"),
    dataFormat,
    dilationRate: arg(perDimension(n), "Spacing of the window's taps. Cannot be combined with `strides`.", 1),
    activation: activation("linear"),
    useBias,
    ...weight("bias", "bias", "zeros"),
  };
}

const kernel = weight("kernel", "filters", "glorotNormal", glorotNote);
const depthMultiplier = arg(whole(1, maxUnits), "Output channels per input channel.", 1);

const groups = arg(
  whole(1, maxUnits),
  "Number of groups into which the channels are divided; each has its share of the filters and sees only its own channels.",
  1,
);

const convolution = (n: number): LayerShape => ({ filters, ...window(n), ...kernel, ...(n < 3 && { groups }) });

function transposed(n: number): LayerShape {
  const { dilationRate: _, groups: __, ...args } = convolution(n);
  return args;
}

/** Arguments of our own convolutions over time. */
function overTime(more: LayerShape): LayerShape {
  const { dataFormat: _, ...args } = window(1);
  return { ...args, ...more };
}

const sides = whole(0, maxUnits);
const pair = (error: Expected) => z.array(sides, { error }).length(2, { error });
const sidesText = () => expectedWords().sides;
const border = z.union(
  [sides, pair(sidesText), z.array(pair(sidesText), { error: sidesText }).length(2, { error: sidesText })],
  {
    error: sidesText,
  },
);

const timeText = () => expectedWords().timeBorder;
const timeBorder = z.union([sides, pair(timeText)], { error: timeText });

export const convolutionLayers = [
  layer("conv1d", convolution(1), "Convolution over time."),
  layer("conv2d", convolution(2), "Convolution over images."),
  layer("conv2dTranspose", transposed(2), "Transposed convolution over images: enlarges."),
  layer("conv1dTranspose", overTime({ filters, ...kernel }), "Transposed convolution over time: lengthens."),
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
    "separableConv1d",
    overTime({
      filters,
      depthMultiplier,
      ...weight("depthwise", "depthwise filters", "glorotUniform"),
      ...weight("pointwise", "pointwise filters", "glorotUniform"),
    }),
    "A convolution of each feature over time, then one across features.",
  ),
  layer(
    "depthwiseConv1d",
    overTime({ depthMultiplier, ...weight("depthwise", "filters", "glorotUniform") }),
    "A convolution of each feature over time.",
  ),
  layer(
    "cropping1d",
    { cropping: arg(timeBorder, "Timesteps cut off each side.", 1) },
    "Cuts off timesteps at the start and the end.",
  ),
  layer(
    "zeroPadding1d",
    { padding: arg(timeBorder, "Timesteps of zeros added on each side.", 1) },
    "Adds timesteps of zeros at the start and the end.",
  ),
  layer("upSampling1d", { size: arg(whole(1, maxUnits), "Repetitions of each timestep.", 2) }, "Repeats timesteps."),
  layer(
    "cropping2D",
    { cropping: required(border, "Rows and columns cut off each side."), dataFormat },
    "Cuts off the borders.",
  ),
  layer(
    "upSampling2d",
    {
      size: arg(
        pair(() => expectedWords().twoWholes),
        "Factors for rows and columns.",
        [2, 2],
      ),
      dataFormat,
      interpolation: arg(
        choice("nearest", "bilinear", "centeredBilinear"),
        "How the new entries are interpolated. `bilinear` is tfjs's, between the corners of pixels; `centeredBilinear` is Keras's, between their centers.",
        "nearest",
      ),
    },
    "Enlarges images.",
  ),
  layer(
    "zeroPadding2d",
    { padding: arg(border, "Rows and columns added on each side.", 1), dataFormat },
    "Adds borders of zeros.",
  ),
] as const;
