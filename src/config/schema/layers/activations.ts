/** Activation functions as layers. */

import * as z from "zod";
import { expectedWords } from "../../../messages/expected.ts";
import { arg, required } from "../arg.ts";
import { comparisons, elementwiseFunctions } from "../names.ts";
import { above, anyNumber, atLeast, choice, list } from "../values.ts";
import { axis, layer, weight } from "./common.ts";

const axes = z.union([axis, list(axis, () => expectedWords().axes)], { error: () => expectedWords().axisOrAxes });

export const activationLayers = [
  layer(
    "elu",
    { alpha: arg(atLeast(0), "The limit towards −∞ is −alpha.", 1) },
    "Exponential linear unit: x above zero, alpha × (eˣ − 1) below.",
  ),
  layer(
    "reLU",
    {
      maxValue: arg(above(0), "Largest output. Default: no limit."),
      negativeSlope: arg(atLeast(0), "Slope below the threshold.", 0),
      threshold: arg(anyNumber(), "Below it, the output is negativeSlope × (x − threshold).", 0),
    },
    "max(0, x), or a variant of it.",
  ),
  layer("leakyReLU", { alpha: arg(atLeast(0), "Slope below zero.", 0.3) }, "x above zero, alpha × x below."),
  layer(
    "prelu",
    {
      ...weight("alpha", "slopes below zero", "zeros"),
      sharedAxes: arg(axes, "Axes along which one slope is shared, e.g. 1 for all timesteps."),
    },
    "ReLU whose slope below zero is learnt (He et al. 2015).",
  ),
  layer(
    "softmax",
    {
      axis: arg(
        axis,
        "Axis that sums to 1. tfjs's documentation gives the default −1 but its code uses 1, which is time in sequences, so set −1 there.",
        1,
      ),
    },
    "Softmax.",
  ),
  layer(
    "thresholdedReLU",
    { theta: arg(atLeast(0), "Threshold below which the output is zero.", 1) },
    "x above theta, otherwise 0.",
  ),
  layer(
    "elementwise",
    { function: required(choice(...elementwiseFunctions), "The function.") },
    "A function of each value. `sign`, `floor` and `ceil` pass no gradient.",
  ),
  layer(
    "compare",
    {
      by: required(choice(...comparisons), "The comparison."),
      to: arg(anyNumber(), "The number with which each value is compared.", 0),
    },
    "1 where a comparison holds, otherwise 0. No gradient passes.",
  ),
  layer("power", { exponent: required(anyNumber(), "The exponent.") }, "x to a constant power."),
  layer(
    "clip",
    { low: required(anyNumber(), "Smallest output."), high: required(anyNumber(), "Largest output.") },
    "The nearest value from low to high. No gradient passes where a value was cut off.",
  ),
] as const;
