/** Keys that several kinds of data share. */

import * as z from "zod";
import { expectedWords } from "../../../messages/expected.ts";
import { scalingDefaults, taskDefaults } from "../../defaults.ts";
import { maxLabel, maxListedClasses, maxSamples, maxSeed } from "../../limits.ts";
import { choice, distinct, flag, inside, list, text, whole } from "../values.ts";

export const samples = whole(1, maxSamples)
  .default(taskDefaults.samples)
  .meta({ description: "Number of sequences, which are made once, from `seed`." });

export const seed = whole(0, maxSeed)
  .default(taskDefaults.seed)
  .meta({ description: "Seed of the random numbers in the sequences: the same seed gives the same data." });

/** @param more additional text about the kept samples. */
export function testShare(more = "") {
  return inside(0, 1)
    .optional()
    .meta({
      description: `Share of the samples that is kept for testing, such as 0.2. The net never learns from them: their loss shows whether the net has learnt a rule or only memorised the samples. No effect on the gradient.${more}`,
    });
}

const sides = () => z.union([flag(), choice("inputs", "targets")], { error: () => expectedWords().scaledSides });

/**
 * Scalings of the values before the net receives them.
 * @param each the unit with its own statistics, e.g. `column`
 * @param over the values that the statistics are taken from
 */
export function scalings(each: string, over: string) {
  const both = `\`true\` scales inputs and targets, \`"inputs"\` or \`"targets"\` only one of them. Class targets are not scaled. Loss and baseline are in the unit of the scaled targets.`;
  return {
    standardize: sides()
      .default(scalingDefaults.standardize)
      .meta({
        description: `Subtracts each ${each}'s mean and divides by its standard deviation, both taken from ${over}. ${both}`,
      }),
    minMax: sides()
      .default(scalingDefaults.minMax)
      .meta({
        description: `Scales each ${each} so that it runs from 0 to 1 in ${over}. Use it for values with fixed bounds; \`standardize\` suits most others. ${both} A side cannot be scaled both ways.`,
      }),
  };
}
const label = whole(-maxLabel, maxLabel);

const listedLabels = () => expectedWords().labels(maxListedClasses);

/** The labels of a table's classes, which may be words. */
export const tableClasses = list(
  z.union([label, text(() => expectedWords().label)], { error: () => expectedWords().labelValue }),
  listedLabels,
  2,
)
  .max(maxListedClasses, { error: listedLabels })
  .check(distinct(() => expectedWords().newLabel))
  .optional()
  .meta({
    description:
      'The labels of the targets, in the order of the outputs: the first is class 0. For words, such as `["setosa", "versicolor"]`, and for numbers that do not count from 0, such as `[-1, 1]`, with binaryCrossentropy (two labels) and sparseCategoricalCrossentropy. Default: the targets are already class indices.',
  });

/** The labels of classes, if these do not count from 0. */
export const classes = list(label, () => expectedWords().labels(maxListedClasses), 2)
  .max(maxListedClasses, { error: () => expectedWords().labels(maxListedClasses) })
  .check(distinct(() => expectedWords().newLabel))
  .optional()
  .meta({
    description:
      "The labels of the targets, in the order of the outputs: the first is class 0. For labels that do not count from 0, such as `[-1, 1]` or `[1, 2, 3]`, with binaryCrossentropy (two labels) and sparseCategoricalCrossentropy. Default: the targets are already class indices.",
  });
