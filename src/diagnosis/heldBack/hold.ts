/** What a check of `held-back` receives, and what it finds. */

import type { ResolvedModel } from "../../config/resolved.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import type { Learning } from "../learning.ts";

export interface Held {
  readonly history: RunHistory;
  readonly model: ResolvedModel;
  /** The loss stands at its baseline. */
  readonly learning: Learning;
}

export interface Hold extends Pick<Finding, "layer" | "place" | "message" | "explanation" | "evidence" | "fixes"> {
  readonly kind:
    | "clip"
    | "penalty"
    | "dropout"
    | "schedule"
    | "warmup"
    | "epsilon"
    | "batch"
    | "momentum"
    | "constraint"
    | "rescaling"
    | "weight-clip"
    | "pruning"
    | "noise"
    | "accumulator";
}

export type HoldCheck = (held: Held) => Hold | undefined;
