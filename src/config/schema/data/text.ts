/** A text as data. */

import * as z from "zod";
import { taskDefaults } from "../../defaults.ts";
import { maxTimesteps } from "../../limits.ts";
import { entry, text, whole } from "../values.ts";
import { testShare } from "./common.ts";
import { encoding } from "./writing.ts";

export const characterLanguageModelSchema = entry({
  task: z.literal("characterLanguageModel"),
  file: text("the path of a text file").meta({
    description: "A text file; the path is relative to the config's folder.",
  }),
  encoding: encoding(),
  length: whole(1, maxTimesteps).default(taskDefaults.textLength).meta({
    description:
      "Number of timesteps T of a sequence: the text is cut into pieces of this many characters, and no gradient reaches from one piece back into another.",
  }),
  test: testShare(" They are the last of the text."),
}).meta({
  description:
    "A language model of characters: T characters of a text as whole numbers, for an `embedding` layer. At every timestep the net predicts the next character.",
});
