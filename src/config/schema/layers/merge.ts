/** Layers that combine several inputs into one output. */

import * as z from "zod";
import { expectedWords } from "../../../messages/expected.ts";
import { arg, required } from "../arg.ts";
import { anyNumber, flag } from "../values.ts";
import { axis, layer } from "./common.ts";

const pairText = () => expectedWords().twoAxes;

export const mergeLayers = [
  layer("add", {}, "Sum of its inputs."),
  layer("average", {}, "Mean of its inputs."),
  layer(
    "concatenate",
    { axis: arg(axis, "Axis along which the inputs are put side by side.", -1) },
    "Concatenates its inputs.",
  ),
  layer(
    "dot",
    {
      axes: required(
        z.union([axis, z.array(axis, { error: pairText }).length(2, { error: pairText })], { error: pairText }),
        "Axis or axes of the two inputs along which the product is summed.",
      ),
      normalize: arg(flag(), "Normalizes first, so that the output is the cosine.", false),
    },
    "Dot product of two inputs.",
  ),
  layer("maximum", {}, "Largest of its inputs, entry by entry."),
  layer("minimum", {}, "Smallest of its inputs, entry by entry."),
  layer("subtract", {}, "The first of its two inputs minus the second."),
  layer("divide", {}, "The first of its two inputs divided by the second, entry by entry."),
  layer(
    "where",
    {
      value: arg(anyNumber(), "The number where the condition holds, in place of an input."),
      otherwise: arg(anyNumber(), "The number elsewhere, in place of an input."),
    },
    "Its second input where the first one is not 0, elsewhere the third one.",
  ),
  layer("multiply", {}, "Product of its inputs, entry by entry."),
] as const;
