/** The thresholds of the rules, with every default filled in. */

import * as z from "zod";
import type { Immutable } from "./immutable.ts";
import { diagnosisRules as rules } from "./schema/diagnosis.ts";

const enabled = z.boolean();

/** A rule without thresholds. */
const onOff = z.strictObject({ enabled });

const resolvedRulesSchema = z.strictObject({
  "vanishing-through-time": rules["vanishing-through-time"].extend({ enabled }),
  "exploding-through-time": rules["exploding-through-time"].extend({ enabled }),
  "exploding-gradient": rules["exploding-gradient"].extend({ enabled }),
  "vanishing-through-depth": rules["vanishing-through-depth"].extend({ enabled }),
  "exploding-through-depth": rules["exploding-through-depth"].extend({ enabled }),
  "dead-units": rules["dead-units"].extend({ enabled }),
  "saturated-units": rules["saturated-units"].extend({ enabled }),
  "saturated-gates": rules["saturated-gates"].extend({ enabled }),
  "update-ratio": rules["update-ratio"].extend({ enabled }),
  "loss-plateau": rules["loss-plateau"].extend({ enabled }),
  "loss-diverging": rules["loss-diverging"].extend({ enabled }),
  "non-finite": onOff,
  "data-scale": onOff,
  "output-mismatch": onOff,
  "symmetric-units": onOff,
  padding: onOff,
  "post-norm-stack": onOff,
  "nothing-to-learn": onOff,
  "held-back": onOff,
});
/** Thresholds of the rules (see docs/findings.md). `enabled: false` switches a rule off. */
export type DiagnosisRules = Immutable<z.infer<typeof resolvedRulesSchema>>;

export const resolvedDiagnosisSchema = z.strictObject({
  /** How far back the task needs the gradient to reach, in timesteps; null: from the task, otherwise T − 1. */
  requiredLag: z.number().nullable(),
  rules: resolvedRulesSchema,
});
export type DiagnosisConfig = Immutable<z.infer<typeof resolvedDiagnosisSchema>>;
