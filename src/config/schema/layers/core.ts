/** Dense layers, embeddings, and layers that change shapes. */

import * as z from "zod";
import { expectedWords } from "../../../messages/expected.ts";
import { maxTimesteps, maxUnits, maxVocabulary } from "../../limits.ts";
import { arg, required } from "../arg.ts";
import { anyNumber, between, choice, flag, list, text, whole } from "../values.ts";
import {
  activation,
  axis,
  dataFormat,
  glorotNote,
  initial,
  layer,
  limit,
  penalty,
  seed,
  shape,
  units,
  useBias,
  weight,
} from "./common.ts";

const rate = required(between(0, 1), "Share of the entries set to zero.");
const noiseShape = arg(
  shape,
  "Shape of the mask, with the batch first; null: same as the input. An axis with size 1 is dropped as a whole.",
);
const dims = list(whole(1, 8), () => expectedWords().axesOnce, 1).refine(
  (axes) => [...axes].sort((a, b) => a - b).every((axis, i) => axis === i + 1),
  { error: () => expectedWords().everyAxis },
);

const position = whole(-maxUnits, maxUnits);

export const coreLayers = [
  layer("inputLayer", {}, "The model's input, explicitly. Not needed: the data determine its shape."),
  layer(
    "shared",
    {
      layer: required(
        text(() => expectedWords().layerName),
        "Name of the layer that is used once more.",
      ),
    },
    "Another layer of the model once more, with the same weights: for example an encoder that reads two inputs. Its `inputs` are its own; its findings are shown at the layer that it names.",
  ),
  layer(
    "dense",
    {
      units: units(),
      activation: activation("linear"),
      useBias,
      ...weight("kernel", "weights", "glorotNormal", glorotNote),
      ...weight("bias", "bias", "zeros"),
      inputDim: arg(whole(1, maxUnits), "Size of the input. Not needed: the data determine it."),
    },
    "Fully connected: activation(x W + b). On sequences it works on each timestep separately.",
  ),
  layer(
    "activation",
    { activation: required(activation("linear").unwrap(), "Activation function.") },
    "An activation function as a layer.",
  ),
  layer("dropout", { rate, noiseShape, seed }, "Sets random entries to zero during training (Srivastava et al. 2014)."),
  layer("spatialDropout1d", { rate, seed }, "Drops whole features, the same at every timestep."),
  layer("flatten", { dataFormat }, "Flattens all dimensions except the batch into one."),
  layer(
    "repeatVector",
    { n: required(whole(1, maxTimesteps), "Number of repetitions.") },
    "Repeats a vector as a sequence of `n` timesteps.",
  ),
  layer(
    "reshape",
    {
      targetShape: required(
        list(
          z.union([whole(1, maxUnits), z.literal(-1), z.null()], {
            error: () => expectedWords().wholeOrRest(maxUnits),
          }),
          () => expectedWords().newShape,
          0,
        ),
        "The new shape, without the batch. −1 or null, at most once, stands for the size that follows from the others.",
      ),
    },
    "The same numbers in another shape.",
  ),
  layer(
    "einsumDense",
    {
      equation: required(
        text(() => expectedWords().equation),
        "The axes of the input, of the kernel and of the output, such as `abc,cde->abde`: an axis that is in input and kernel is summed over. The first one is the batch; `...` stands for any axes.",
      ),
      outputShape: required(shape, "Shape of the output, without the batch; null for an axis of the input."),
      biasAxes: arg(
        text(() => expectedWords().equation),
        "The axes of the output that the bias has, such as `de`. Default: there is no bias.",
      ),
      activation: activation("linear"),
      ...weight("kernel", "weights", "glorotUniform"),
      ...weight("bias", "bias", "zeros"),
    },
    "A dense layer over several axes, as Keras's EinsumDense.",
  ),
  layer(
    "slice",
    {
      axis: arg(axis, "The axis; 1 is time in a sequence.", 1),
      start: arg(position, "First position; from the end if negative. Default: the first one."),
      end: arg(position, "Position after the last one; from the end if negative. Default: the end."),
      step: arg(position, "Distance of the positions; negative: backwards.", 1),
      index: arg(position, "The only position, whose axis is left out, e.g. −1 for the last timestep."),
    },
    "A part of one axis, as Python's `x[:, start:end:step]`.",
  ),
  layer(
    "expandDims",
    { axis: arg(axis, "Place of the new axis in the output; 0 would be the batch.", 1) },
    "Adds an axis of size 1.",
  ),
  layer(
    "cumulativeSum",
    { axis: arg(axis, "The axis; 1 is time in a sequence.", 1) },
    "The sum of all values up to each position of an axis.",
  ),
  layer(
    "reduce",
    {
      by: required(choice("mean", "sum", "max", "min"), "What is taken along the axes."),
      axis: arg(
        z.union([axis, list(axis, () => expectedWords().axes)], { error: () => expectedWords().axisOrAxes }),
        "The axis or axes.",
        1,
      ),
      keepDims: arg(flag(), "Whether the axes stay, with size 1.", false),
    },
    "The mean, sum, largest or smallest value along axes.",
  ),
  layer(
    "permute",
    { dims: required(dims, "The new order of the axes, without the batch, counted from 1.") },
    "Swaps axes.",
  ),
  layer(
    "embedding",
    {
      inputDim: required(whole(1, maxVocabulary), "Size of the vocabulary: largest index + 1."),
      outputDim: required(whole(1, maxUnits), "Size of the vectors."),
      embeddingsInitializer: initial("vectors", "randomUniform"),
      embeddingsRegularizer: penalty("vectors"),
      embeddingsConstraint: limit("vectors"),
      maskZero: arg(
        z.boolean({ error: () => expectedWords().flag }),
        "Whether index 0 is padding, which later layers skip.",
        false,
      ),
      inputLength: arg(
        z.union([whole(1, maxTimesteps), list(whole(1, maxTimesteps), () => expectedWords().wholes)], {
          error: () => expectedWords().wholeOrList,
        }),
        "Timesteps T. Not needed: the data determine it.",
      ),
    },
    "A vector for each index.",
  ),
  layer(
    "masking",
    { maskValue: arg(anyNumber(), "Timesteps in which all features have this value are skipped.", 0) },
    "Marks timesteps for later layers to skip.",
  ),
] as const;
