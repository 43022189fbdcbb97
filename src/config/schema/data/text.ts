/** A text as data. */

import * as z from "zod";
import { expectedWords } from "../../../messages/expected.ts";
import { taskDefaults } from "../../defaults.ts";
import { maxTimesteps } from "../../limits.ts";
import { choice, entry, flag, text, whole } from "../values.ts";
import { testShare } from "./common.ts";
import { encoding } from "./writing.ts";

export const characterLanguageModelSchema = entry({
  task: z.literal("characterLanguageModel"),
  file: text(() => expectedWords().textFile).meta({
    description: "A text file; the path is relative to the config's folder.",
  }),
  encoding: encoding(),
  length: whole(1, maxTimesteps).default(taskDefaults.textLength).meta({
    description:
      "Number of timesteps T of a sequence: the text is cut into pieces of this many characters, and no gradient reaches from one piece back into another.",
  }),
  inputs: choice("indices", "oneHot").optional().meta({
    description:
      "How the net sees characters: as whole numbers, for an `embedding` layer, or one-hot, T × vocabulary, as a first recurrent layer takes them. Default: `indices`.",
  }),
  targets: choice("each", "last").optional().meta({
    description:
      "Which characters the net predicts: at `each` timestep the next one, or only the one after the `last` timestep. Default: `each`.",
  }),
  stride: whole(1, maxTimesteps).optional().meta({
    description:
      "Number of characters from the beginning of a sample to that of the next one; less than `length` makes samples overlap. Default: `length`.",
  }),
  lowerCase: flag().optional().meta({
    description: "Whether capital letters are read as small ones. Default: false.",
  }),
  test: testShare(" They are the last of the text."),
}).meta({
  description:
    "A language model of characters: T characters of a text, as whole numbers for an `embedding` layer or one-hot. At every timestep, or at the last one alone, the net predicts the next character.",
});
