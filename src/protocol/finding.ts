/** One diagnosed fact. Rules make findings; code lens, squiggle, hover, quick fix, panel and CLI only render them. */

import * as z from "zod";
import { type Fix, fixSchema } from "../config/fix.ts";
import type { Immutable } from "../config/immutable.ts";
import { jsonPathSchema } from "../config/jsonPath.ts";
import { anyNumber } from "./numbers.ts";

export const findingCodes = [
  "vanishing-through-time",
  "exploding-through-time",
  "exploding-gradient",
  "non-finite",
  "vanishing-through-depth",
  "exploding-through-depth",
  "dead-units",
  "saturated-units",
  "saturated-gates",
  "update-ratio",
  "loss-plateau",
  "loss-diverging",
  "data-scale",
  "output-mismatch",
  "symmetric-units",
  "padding",
  "post-norm-stack",
  "nothing-to-learn",
  "held-back",
] as const;
export type FindingCode = (typeof findingCodes)[number];

export const severities = ["error", "warning", "information"] as const;
export type Severity = (typeof severities)[number];

export const findingSchema = z.strictObject({
  /** Stable while the fact persists: `code|model|layer|weight`. */
  id: z.string(),
  code: z.enum(findingCodes),
  severity: z.enum(severities),
  model: z.string(),
  /** Name of the layer it belongs to; null: the model as a whole. */
  layer: z.string().nullable(),
  weight: z.string().nullable(),
  /** The config value that causes it, where the squiggle is drawn. */
  place: jsonPathSchema,
  /** First and last timestep concerned, 1-based, both included. */
  timesteps: z.tuple([z.number(), z.number()]).nullable(),
  /** Training step at which it first appeared. */
  step: z.number(),
  /** One line: `gradient reaches 34 of 99 timesteps (×0.87 per timestep)`. */
  message: z.string(),
  /** The reason, and the numbers behind it, in a few sentences. */
  explanation: z.string(),
  /** The numbers behind the verdict, by name. May be NaN or ±Infinity. */
  evidence: z.record(z.string(), anyNumber),
  fixes: z.array(fixSchema),
});
export type Finding = Immutable<z.infer<typeof findingSchema>>;

export type { Fix };
