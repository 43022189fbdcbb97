/** Keys that data of several kinds have. */

import * as z from "zod";
import { scalingDefaults, taskDefaults } from "../../defaults.ts";
import { maxLabel, maxListedClasses, maxSamples, maxSeed } from "../../limits.ts";
import { choice, distinct, flag, inside, list, whole } from "../values.ts";

export const samples = whole(1, maxSamples)
  .default(taskDefaults.samples)
  .meta({ description: "How many sequences are made, once, from `seed`." });

export const seed = whole(0, maxSeed)
  .default(taskDefaults.seed)
  .meta({ description: "Seed of the random numbers the sequences are made of: same seed, same data." });

/** @param more said of what is kept. */
export function testShare(more = "") {
  return inside(0, 1)
    .optional()
    .meta({
      description: `Share of the samples that is kept for testing, such as 0.2. The net never learns from them: the loss on them tells a rule that was learnt from samples that were learnt by heart. No effect on the gradient.${more}`,
    });
}

const sides = () => z.union([flag(), choice("inputs", "targets")], { error: 'true, false, "inputs" or "targets"' });

/**
 * What is done to the values before the net sees them.
 * @param each what has statistics of its own, e.g. `column`
 * @param over what they are taken from
 */
export function scalings(each: string, over: string) {
  const both = `\`true\` scales inputs and targets, \`"inputs"\` or \`"targets"\` one of them. Targets that are classes stay as they are. Loss and baseline are in the unit of the scaled targets.`;
  return {
    standardize: sides()
      .default(scalingDefaults.standardize)
      .meta({
        description: `Subtract each ${each}'s mean and divide by its standard deviation, both taken from ${over}. ${both}`,
      }),
    minMax: sides()
      .default(scalingDefaults.minMax)
      .meta({
        description: `Scale each ${each} so that it runs from 0 to 1 in ${over}; for values with fixed bounds, where \`standardize\` suits most others. ${both} No side can be scaled both ways.`,
      }),
  };
}
const label = whole(-maxLabel, maxLabel);

/** The labels of classes that do not count from 0. */
export const classes = list(label, `a list of 2 to ${maxListedClasses} labels`, 2)
  .max(maxListedClasses, { error: `a list of 2 to ${maxListedClasses} labels` })
  .check(distinct("a label that is not listed yet"))
  .optional()
  .meta({
    description:
      "The labels that the targets have, in the order of the outputs: the first is class 0. For labels that do not count from 0, such as `[-1, 1]` or `[1, 2, 3]`, under binaryCrossentropy (two labels) and sparseCategoricalCrossentropy. Default: the targets are class indices already.",
  });
