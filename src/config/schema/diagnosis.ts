/** `diagnosis`: what the rules compare with. */

import * as z from "zod";
import { diagnosisDefaults as d } from "../defaults.ts";
import { maxSteps, maxTimesteps } from "../limits.ts";
import { above, entry, flag, halfOpen, inside, whole } from "./values.ts";

/** The thresholds of each rule that has some. */
export const diagnosisRules = {
  "vanishing-through-time": entry({
    epsilon: inside(0, 1)
      .default(d["vanishing-through-time"].epsilon)
      .meta({ description: "Share of the last state gradient that must survive: the ε of the horizon." }),
    minSteps: whole(1, maxSteps)
      .default(d["vanishing-through-time"].minSteps)
      .meta({ description: "Measured steps before the rule may speak." }),
    baselineTolerance: halfOpen(0, 1).default(d["vanishing-through-time"].baselineTolerance).meta({
      description: "Relative distance from the trivial baseline loss within which the net counts as not learning.",
    }),
  }).meta({ description: "The state gradient does not reach as far back as the task needs." }),
  "exploding-through-time": entry({
    decades: above(0).default(d["exploding-through-time"].decades).meta({
      description: "log₁₀ growth of the state gradient from the last to the first timestep above which it is flagged.",
    }),
  }).meta({ description: "The state gradient grows on its way back through time." }),
  "exploding-gradient": entry({
    factor: above(1).default(d["exploding-gradient"].factor).meta({
      description: "Flagged above this many times the running median of the gradient norm before clipping.",
    }),
    norm: above(0)
      .default(d["exploding-gradient"].norm)
      .meta({ description: "Flagged above this gradient norm before clipping, however usual it is." }),
  }).meta({ description: "The gradient of a weight jumps." }),
};

/** A rule is an object of thresholds, or `false` to switch it off. */
function rule<T extends z.ZodType>(thresholds: T) {
  return z
    .union([z.literal(false), thresholds], { error: "an object of thresholds, or false to switch the rule off" })
    .optional()
    .meta({ description: `${thresholds.description} \`false\` switches the rule off.` });
}

export const diagnosisSchema = entry({
  requiredLag: whole(1, maxTimesteps).optional().meta({
    description:
      "How far back the task needs the gradient to reach, in timesteps. Default: known for the built-in tasks; for a table with a window T − 1.",
  }),
  "vanishing-through-time": rule(diagnosisRules["vanishing-through-time"]),
  "exploding-through-time": rule(diagnosisRules["exploding-through-time"]),
  "exploding-gradient": rule(diagnosisRules["exploding-gradient"]),
  "non-finite": flag().optional().meta({
    description: "NaN or Infinity in loss, weights or gradients. `false` switches the rule off.",
    default: true,
  }),
}).meta({ description: "Thresholds of the findings." });
