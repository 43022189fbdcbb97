/** `diagnosis`: what the rules compare with. */

import * as z from "zod";
import { diagnosisDefaults as d } from "../defaults.ts";
import { maxSteps, maxTimesteps } from "../limits.ts";
import { above, entry, flag, halfOpen, inside, whole } from "./values.ts";

function minSteps(usual: number) {
  return whole(1, maxSteps)
    .default(usual)
    .meta({ description: "Newest steps whose median is judged; the rule is silent before there are as many." });
}

function share(usual: number, description: string) {
  return inside(0, 1).default(usual).meta({ description });
}

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
  "vanishing-through-depth": entry({
    factor: inside(0, 1).default(d["vanishing-through-depth"].factor).meta({
      description:
        "Flagged where the gradient of a layer's output has less than this share of the norm it had at a later layer.",
    }),
    minSteps: minSteps(d["vanishing-through-depth"].minSteps),
  }).meta({ description: "The gradient shrinks on its way back through the layers." }),
  "exploding-through-depth": entry({
    factor: above(1).default(d["exploding-through-depth"].factor).meta({
      description:
        "Flagged where the gradient of a layer's output has more than this many times the norm it had at a later layer.",
    }),
    minSteps: minSteps(d["exploding-through-depth"].minSteps),
  }).meta({ description: "The gradient grows on its way back through the layers." }),
  "dead-units": entry({
    share: share(d["dead-units"].share, "Flagged above this share of units that are zero for every sample."),
    minSteps: minSteps(d["dead-units"].minSteps),
  }).meta({ description: "Rectified units that are zero for every sample: no gradient passes through them." }),
  "saturated-units": entry({
    share: share(
      d["saturated-units"].share,
      "Flagged above this share of outputs within 1 % of the activation's ends.",
    ),
    minSteps: minSteps(d["saturated-units"].minSteps),
  }).meta({ description: "Outputs at the flat ends of tanh or a sigmoid: next to no gradient passes through them." }),
  "saturated-gates": entry({
    share: share(
      d["saturated-gates"].share,
      "Flagged above this share of a gate's values below 0.1 (of values below 0.1 or above 0.9 where there are both).",
    ),
    minSteps: minSteps(d["saturated-gates"].minSteps),
  }).meta({ description: "Gates that are shut, or stuck at both ends: the cell passes no gradient on through them." }),
  "update-ratio": entry({
    low: above(0).default(d["update-ratio"].low).meta({
      description: "Updates below this share of the weight, ‖Δw‖ / ‖w‖, are called too small.",
    }),
    high: above(0).default(d["update-ratio"].high).meta({
      description: "Updates above this share of the weight are called too large.",
    }),
    minSteps: minSteps(d["update-ratio"].minSteps),
  }).meta({ description: "Updates that are very small or very large beside the weight. Never more than information." }),
  "loss-plateau": entry({
    tolerance: halfOpen(0, 1).default(d["loss-plateau"].tolerance).meta({
      description: "Relative distance from the trivial baseline loss within which the net counts as not learning.",
    }),
    grace: halfOpen(0, 1).default(d["loss-plateau"].grace).meta({
      description: "Share of a training run that may pass before the rule speaks. Probes are too short for it.",
    }),
  }).meta({ description: "The loss is no better than the best constant answer's." }),
  "loss-diverging": entry({
    factor: above(1)
      .default(d["loss-diverging"].factor)
      .meta({ description: "Flagged above this many times the first loss." }),
    minSteps: whole(1, maxSteps)
      .default(d["loss-diverging"].minSteps)
      .meta({ description: "Steps in a row over which the median loss must be there." }),
  }).meta({ description: "The loss grows instead of falling." }),
};

/** A rule without thresholds. */
function onOff(says: string) {
  return flag()
    .optional()
    .meta({ description: `${says} \`false\` switches the rule off.`, default: true });
}

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
      "How far back the task needs the gradient to reach, in timesteps. Default: known for the built-in tasks; for your own data estimated when they are loaded, else T − 1 is assumed.",
  }),
  "vanishing-through-time": rule(diagnosisRules["vanishing-through-time"]),
  "exploding-through-time": rule(diagnosisRules["exploding-through-time"]),
  "exploding-gradient": rule(diagnosisRules["exploding-gradient"]),
  "vanishing-through-depth": rule(diagnosisRules["vanishing-through-depth"]),
  "exploding-through-depth": rule(diagnosisRules["exploding-through-depth"]),
  "dead-units": rule(diagnosisRules["dead-units"]),
  "saturated-units": rule(diagnosisRules["saturated-units"]),
  "saturated-gates": rule(diagnosisRules["saturated-gates"]),
  "update-ratio": rule(diagnosisRules["update-ratio"]),
  "loss-plateau": rule(diagnosisRules["loss-plateau"]),
  "loss-diverging": rule(diagnosisRules["loss-diverging"]),
  "non-finite": onOff("NaN or Infinity in loss, weights or gradients."),
  "data-scale": onOff("Inputs or targets are far from unit scale and the run goes badly."),
  "output-mismatch": onOff("The output cannot give what the loss or the targets ask for."),
  "symmetric-units": onOff("The units of a layer start identical and stay so."),
  padding: onOff("Sequences are padded with zeros and nothing masks them."),
  "post-norm-stack": onOff("Deep stacks of post-norm blocks do not train without a warm-up."),
  "nothing-to-learn": onOff("The loss is at the best that the data allow."),
  "held-back": onOff("Clipping, regularization or dropout leave next to nothing to learn with."),
}).meta({ description: "Thresholds of the findings." });
