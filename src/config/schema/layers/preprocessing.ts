/** Layers that prepare images and categories. */

import * as z from "zod";
import { expectedWords } from "../../../messages/expected.ts";
import { maxSeed, maxUnits, maxVocabulary } from "../../limits.ts";
import { arg, required } from "../arg.ts";
import { anyNumber, between, choice, flag, list, whole } from "../values.ts";
import { axis, layer } from "./common.ts";

const height = required(whole(1, maxUnits), "Rows of the output.");
const width = required(whole(1, maxUnits), "Columns of the output.");
const interpolation = arg(choice("bilinear", "nearest"), "How the new entries are interpolated.", "bilinear");
const statistics = z.union([anyNumber(), list(anyNumber(), () => expectedWords().numbers)], {
  error: () => expectedWords().numberOrNumbers,
});
const perPosition = z.union(
  [
    anyNumber(),
    list(anyNumber(), () => expectedWords().numbers),
    list(
      list(anyNumber(), () => expectedWords().numbers),
      () => expectedWords().listsOfNumbers,
    ),
  ],
  { error: () => expectedWords().numberOrTable },
);
const factorText = () => expectedWords().factor;

export const preprocessingLayers = [
  layer(
    "rescaling",
    {
      scale: required(
        perPosition,
        "Factor, or one for each feature, or for each timestep a list with one for each feature.",
      ),
      offset: arg(perPosition, "Added after the factor; also a table of positions, with a list for each timestep.", 0),
    },
    "scale × x + offset.",
  ),
  layer(
    "normalization",
    {
      axis: arg(
        z.union([axis, list(axis, () => expectedWords().axes), z.null()], { error: () => expectedWords().axesOrNull }),
        "The axis or axes with statistics of their own; null: one mean and variance for all values.",
        -1,
      ),
      mean: arg(statistics, "Mean of the data. Default: a weight that is not trained, 0 or from a file."),
      variance: arg(statistics, "Variance of the data. Default: a weight that is not trained, 1 or from a file."),
      invert: arg(flag(), "Whether it computes x × √variance + mean instead.", false),
    },
    "(x − mean) / √variance, with the statistics of the training data.",
  ),
  layer("centerCrop", { height, width }, "Cuts out the middle of images."),
  layer(
    "resizing",
    {
      height,
      width,
      interpolation,
      cropToAspectRatio: arg(flag(), "Whether images are cropped instead of distorted.", false),
    },
    "Resizes images.",
  ),
  layer(
    "categoryEncoding",
    {
      numTokens: required(whole(1, maxVocabulary), "Number of categories."),
      outputMode: arg(choice("int", "oneHot", "multiHot", "count", "tfIdf"), "How categories are encoded.", "multiHot"),
    },
    "Encodes categories.",
  ),
  layer(
    "randomWidth",
    {
      factor: required(
        z.union([between(0, 1), z.array(between(-1, 10), { error: factorText }).length(2, { error: factorText })], {
          error: factorText,
        }),
        "Largest relative change of the width, or its two bounds.",
      ),
      interpolation,
      seed: arg(whole(0, maxSeed), "Seed of the random widths."),
      autoVectorize: arg(flag(), "Has no effect in tfjs."),
    },
    "Changes the width of images at random.",
  ),
] as const;
