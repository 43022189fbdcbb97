/** One diagnosed fact. Rules make findings; code lens, squiggle, hover, quick fix, panel and CLI only render them. */

import type { Fix } from "../config/fix.ts";
import type { JsonPath } from "../config/resolved.ts";

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

export interface Finding {
  /** Stable while the fact persists: `code|model|layer|weight`. */
  readonly id: string;
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly model: string;
  /** Name of the layer it belongs to; null: the model as a whole. */
  readonly layer: string | null;
  readonly weight: string | null;
  /** The config value that causes it, where the squiggle is drawn. */
  readonly place: JsonPath;
  /** First and last timestep concerned, 1-based, both included. */
  readonly timesteps: readonly [number, number] | null;
  /** Training step at which it first appeared. */
  readonly step: number;
  /** One line: `gradient reaches 34 of 99 timesteps (×0.87 per timestep)`. */
  readonly message: string;
  /** The reason, and the numbers behind it, in a few sentences. */
  readonly explanation: string;
  /** The numbers behind the verdict, by name. May be NaN or ±Infinity. */
  readonly evidence: { readonly [name: string]: number };
  readonly fixes: readonly Fix[];
}

export type { Fix };
