/** Layers that add noise during training. */

import { arg, required } from "../arg.ts";
import { atLeast, halfOpen } from "../values.ts";
import { layer, shape } from "./common.ts";

const rate = required(halfOpen(0, 1), "Probability that an entry is dropped.");

export const noiseLayers = [
  layer("gaussianNoise", { stddev: required(atLeast(0), "Standard deviation of the noise.") }, "Adds Gaussian noise."),
  layer("gaussianDropout", { rate }, "Multiplies by Gaussian noise of mean 1 and variance rate / (1 − rate)."),
  layer(
    "alphaDropout",
    { rate, noiseShape: arg(shape, "Shape of the mask, with the batch first; each size is the input's or 1.") },
    "Dropout that preserves mean and variance, for selu.",
  ),
] as const;
