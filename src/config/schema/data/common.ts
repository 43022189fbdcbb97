/** Keys that data of several kinds have. */

import { taskDefaults } from "../../defaults.ts";
import { maxSamples, maxSeed } from "../../limits.ts";
import { inside, whole } from "../values.ts";

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
