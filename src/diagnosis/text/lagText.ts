/** The wording, shared by all views, of how far back a task needs its inputs, and of the source of that figure. */

import type { LagEstimate } from "../../protocol/dataFacts.ts";
import type { MeasuredNeed } from "../../protocol/need.ts";
import { lastText } from "../../protocol/needText.ts";
import { count, formatPercent } from "../../protocol/numberText.ts";
import type { RunInfo } from "../../protocol/run.ts";

const methods: { readonly [method in LagEstimate["method"]]: string } = {
  "partial-autocorrelation": "partial autocorrelation",
  "mutual-information": "mutual information of each token and the target",
  "measured-need": "what the trained net uses",
};

/**
 * The source of the required lag, as a remark behind it: `as the config says`, `estimated from the data (partial
 * autocorrelation, confidence 0.93)`, `assumed: the whole sequence, because the data do not tell`. Null without a lag.
 */
export function lagSourceText({ requiredLagSource, data }: Pick<RunInfo, "requiredLagSource" | "data">): string | null {
  const estimate = data?.lag ?? null;
  switch (requiredLagSource) {
    case "config":
      return "as the config says";
    case "task":
      return "as the task is known to";
    case "estimated":
      return estimate ? `estimated from the data (${estimateText(estimate)})` : "estimated from the data";
    case "sequence-length":
      return `assumed: the whole sequence, ${whyAssumed(estimate)}`;
    case null:
      return null;
  }
}

/** `partial autocorrelation, confidence 0.93`. */
function estimateText({ method, confidence }: LagEstimate): string {
  return `${methods[method]}, confidence ${confidence.toFixed(2)}`;
}

function whyAssumed(estimate: LagEstimate | null): string {
  if (!estimate) return "because the data do not tell";
  if (!(estimate.explained > 0)) return "because a quick search of the data finds nothing";
  return `because the data show a dependence over ${count(estimate.lag, "timestep")} only, with confidence ${estimate.confidence.toFixed(2)}`;
}

/** Below this confidence nothing is said. */
const confident = 0.5;

/** What a net has shown about its data; it overrules the estimate. */
export interface Shown {
  /** The loss has left its baseline. */
  readonly learnt: boolean;
  readonly need: MeasuredNeed | null;
}

/**
 * What the data say about their lag, in a sentence: `The targets depend on the last 4 of 96 timesteps (…); they explain
 * 28.5 % of what there is to explain.` Null if they do not tell, or if the net has shown that there is more.
 */
export function estimateSentence(
  estimate: LagEstimate | null,
  timesteps: number,
  { learnt, need }: Shown = { learnt: false, need: null },
): string | null {
  if (!estimate) return null;
  const used = need?.lag ?? null;
  if (!(estimate.explained > 0)) {
    const sure = estimate.achievableConfidence;
    if (sure < confident || learnt || used !== null) return null;
    return `A quick search of single inputs and pairs finds nothing that predicts the targets (${methods[estimate.method]}, confidence ${sure.toFixed(2)}); a dependence on three or more inputs together would look the same.`;
  }
  if (estimate.confidence < confident || (used !== null && used > estimate.lag)) return null;
  const how = estimateText(estimate);
  const best =
    estimate.achievable === null || estimate.achievable >= 1 || learnt
      ? ""
      : `; a quick model gets to ${formatPercent(estimate.achievable)} of the baseline`;
  return `The targets depend on ${lastText(estimate.lag, timesteps)} (${how}): these explain ${formatPercent(estimate.explained)} of their variance${best}.`;
}
