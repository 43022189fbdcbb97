/** The common parts of all layer schemas. */

import * as z from "zod";
import { expectedWords } from "../../../messages/expected.ts";
import { maxBatchSize, maxSeed, maxTimesteps, maxUnits } from "../../limits.ts";
import { arg, required } from "../arg.ts";
import { constraint } from "../constraints.ts";
import { initializer } from "../initializers.ts";
import { type ActivationName, activationNames } from "../names.ts";
import { regularizer } from "../regularizers.ts";
import { choice, entry, flag, list, oneOf, text, whole } from "../values.ts";

export type LayerShape = { readonly [argument: string]: z.ZodType };
export type LayerSchema = z.ZodObject<{ type: z.ZodLiteral<string> } & LayerShape, z.core.$strict>;

/** Headings of the documentation. */
export type LayerGroup =
  | "Recurrent"
  | "Attention"
  | "Wrappers"
  | "Core"
  | "Activation"
  | "Normalization"
  | "Merge"
  | "Convolution"
  | "Pooling"
  | "Noise"
  | "Preprocessing";

const size = whole(1, maxUnits);
const shapeText = () => expectedWords().sizes;
const shape = list(z.union([size, z.null()], { error: () => expectedWords().sizeOrNull(maxUnits) }), shapeText, 0);

const nameText = () => expectedWords().name;

/** Arguments that every layer has. */
export const base = {
  name: arg(
    z.string({ error: nameText }).regex(/^(?!input$)\p{L}[\p{L}\p{N}_.-]{0,63}$/u, { error: nameText }),
    'Name of the layer, unique within the model and not "input". Default: its type as Keras names it, e.g. `simple_rnn`, `simple_rnn_1`.',
  ),
  inputs: arg(
    list(
      text(() => expectedWords().sourceName),
      () => expectedWords().sourceNames,
    ),
    "The layers (`encoder`) or last states (`encoder.h`) that this one takes. Default: the previous layer.",
  ),
  trainable: arg(flag(), "Whether training changes the layer's weights.", true),
  inputShape: arg(shape, "Shape of a sample, without the batch. Not needed: the data determine it."),
  batchInputShape: arg(shape, "Shape of a batch. Not needed: the data determine it."),
  batchSize: arg(whole(1, maxBatchSize), "Batch size of the input. Not needed: `training.batchSize` sets it."),
  dtype: arg(choice("float32", "int32", "bool"), "Type of the layer's input.", "float32"),
};

/** A layer type: its arguments and its description. */
export function layer<const T extends string>(type: T, args: LayerShape, description: string) {
  return entry({ type: z.literal(type), ...args, ...base }).meta({ id: `layer.${type}`, description });
}

export const units = (max: number = maxUnits) => required(whole(1, max), "Number of units: the size of the output.");

export const filters = required(size, "Number of filters: the channels of the output.");

export function activation(usual: ActivationName, description = "Activation function.") {
  return arg(z.enum(activationNames, { error: () => oneOf(activationNames) }), description, usual);
}

export const useBias = arg(flag(), "Whether there is a bias.", true);

export function initial(of: string, usual: string, note = "") {
  return arg(initializer, `Initial values of the ${of}.${note}`, usual);
}

export const penalty = (of: string) => arg(regularizer, `Penalty on the ${of}, added to the loss.`);
export const limit = (of: string) => arg(constraint, `Limit enforced on the ${of} after each step.`);

/** Initializer, regularizer and constraint of one weight, under tfjs's names. */
export function weight(name: string, of: string, usual: string, note = ""): LayerShape {
  return {
    [`${name}Initializer`]: initial(of, usual, note),
    [`${name}Regularizer`]: penalty(of),
    [`${name}Constraint`]: limit(of),
  };
}

export const glorotNote = " (Keras: glorotUniform.)";

export const seed = arg(whole(0, maxSeed), "Seed of the layer's random numbers.");

/** One whole number, or one for each of `n` dimensions. */
export function perDimension(n: number, min = 1, max = maxTimesteps) {
  const error = `a whole number from ${min} to ${max}, or a list of ${n} of them`;
  const each = whole(min, max);
  return z.union([each, z.array(each, { error }).length(n, { error })], { error });
}

export const dataFormat = arg(
  choice("channelsLast", "channelsFirst"),
  "Position of the channels among the dimensions.",
  "channelsLast",
);

/** An axis, counted from the end if negative. */
export const axis = whole(-8, 8);

export { shape };
