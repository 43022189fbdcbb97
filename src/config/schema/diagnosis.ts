/** `diagnosis`: the thresholds of the rules. */

import * as z from "zod";
import { expectedWords } from "../../messages/expected.ts";
import { diagnosisDefaults as d } from "../defaults.ts";
import { maxSteps, maxTimesteps } from "../limits.ts";
import { above, entry, flag, halfOpen, inside, whole } from "./values.ts";

function minSteps(usual: number) {
  return whole(1, maxSteps).default(usual).meta({
    description: "Number of newest steps whose median is judged; before that many steps the rule does not report.",
  });
}

function share(usual: number, description: string) {
  return inside(0, 1).default(usual).meta({ description });
}

/** The thresholds of each rule that has thresholds. */
export const diagnosisRules = {
  "vanishing-through-time": entry({
    epsilon: inside(0, 1)
      .default(d["vanishing-through-time"].epsilon)
      .meta({ description: "Share of the last state gradient that must survive: the ε of the horizon." }),
    minSteps: whole(1, maxSteps)
      .default(d["vanishing-through-time"].minSteps)
      .meta({ description: "Number of measured steps before the rule may report." }),
    baselineTolerance: halfOpen(0, 1).default(d["vanishing-through-time"].baselineTolerance).meta({
      description: "Relative distance from the trivial baseline loss within which the net counts as not learning.",
    }),
  }).meta({ description: "The state gradient does not reach as far back as the task needs." }),
  "exploding-through-time": entry({
    decades: above(0).default(d["exploding-through-time"].decades).meta({
      description:
        "log₁₀ growth of the state gradient from the last to the first timestep above which the rule reports.",
    }),
  }).meta({ description: "The state gradient grows on its way back through time." }),
  "exploding-gradient": entry({
    factor: above(1).default(d["exploding-gradient"].factor).meta({
      description: "The rule reports above this multiple of the running median of the gradient norm before clipping.",
    }),
    norm: above(0)
      .default(d["exploding-gradient"].norm)
      .meta({ description: "The rule reports above this gradient norm before clipping, even if it is usual." }),
  }).meta({ description: "The gradient of a weight jumps." }),
  "vanishing-through-depth": entry({
    factor: inside(0, 1).default(d["vanishing-through-depth"].factor).meta({
      description:
        "The rule reports if the gradient norm of a layer's output is less than this share of the norm at a later layer.",
    }),
    minSteps: minSteps(d["vanishing-through-depth"].minSteps),
  }).meta({ description: "The gradient shrinks on its way back through the layers." }),
  "exploding-through-depth": entry({
    factor: above(1).default(d["exploding-through-depth"].factor).meta({
      description:
        "The rule reports if the gradient norm of a layer's output is more than this multiple of the norm at a later layer.",
    }),
    minSteps: minSteps(d["exploding-through-depth"].minSteps),
  }).meta({ description: "The gradient grows on its way back through the layers." }),
  "dead-units": entry({
    share: share(d["dead-units"].share, "The rule reports above this share of units that are zero for every sample."),
    minSteps: minSteps(d["dead-units"].minSteps),
  }).meta({ description: "Rectified units that are zero for every sample: no gradient passes through them." }),
  "saturated-units": entry({
    share: share(
      d["saturated-units"].share,
      "The rule reports above this share of outputs within 1 % of the ends of the activation's range.",
    ),
    minSteps: minSteps(d["saturated-units"].minSteps),
  }).meta({ description: "Outputs at the flat ends of tanh or a sigmoid: almost no gradient passes through them." }),
  "saturated-gates": entry({
    share: share(
      d["saturated-gates"].share,
      "The rule reports above this share of a gate's values below 0.1 (or of values below 0.1 and above 0.9, if there are both).",
    ),
    minSteps: minSteps(d["saturated-gates"].minSteps),
  }).meta({ description: "Gates that are closed, or stuck at both ends: the cell passes no gradient through them." }),
  "update-ratio": entry({
    low: above(0).default(d["update-ratio"].low).meta({
      description: "Updates below this share of the weight, ‖Δw‖ / ‖w‖, count as too small.",
    }),
    high: above(0).default(d["update-ratio"].high).meta({
      description: "Updates above this share of the weight count as too large.",
    }),
    minSteps: minSteps(d["update-ratio"].minSteps),
  }).meta({
    description: "Updates that are very small or very large relative to the weight. Never more than information.",
  }),
  "loss-plateau": entry({
    tolerance: halfOpen(0, 1).default(d["loss-plateau"].tolerance).meta({
      description: "Relative distance from the trivial baseline loss within which the net counts as not learning.",
    }),
    grace: halfOpen(0, 1).default(d["loss-plateau"].grace).meta({
      description: "Share of a training run that passes before the rule may report. Probes are too short for it.",
    }),
  }).meta({ description: "The loss is no better than that of the best constant answer." }),
  "loss-diverging": entry({
    factor: above(1)
      .default(d["loss-diverging"].factor)
      .meta({ description: "The rule reports above this multiple of the first loss." }),
    minSteps: whole(1, maxSteps)
      .default(d["loss-diverging"].minSteps)
      .meta({ description: "Number of consecutive steps for which the median loss must stay there." }),
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
    .union([z.literal(false), thresholds], { error: () => expectedWords().thresholds })
    .optional()
    .meta({ description: `${thresholds.description} \`false\` switches the rule off.` });
}

export const diagnosisSchema = entry({
  requiredLag: whole(1, maxTimesteps).optional().meta({
    description:
      "How far back the task needs the gradient to reach, in timesteps. Default: known for the built-in tasks; for your own data estimated when they are loaded, otherwise assumed to be T − 1.",
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
  "data-scale": onOff("Inputs or targets are far from unit scale, and the run goes badly."),
  "output-mismatch": onOff("The output cannot give what the loss or the targets require."),
  "symmetric-units": onOff("The units of a layer start identical and stay so."),
  padding: onOff("Sequences are padded with zeros, and nothing masks them."),
  "post-norm-stack": onOff("Deep stacks of post-norm blocks do not train without a warm-up."),
  "nothing-to-learn": onOff("The loss is the best that the data allow."),
  "held-back": onOff("Clipping, regularization, dropout or a schedule leave almost nothing to learn with."),
}).meta({ description: "Thresholds of the findings." });
