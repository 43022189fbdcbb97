/** The wording, shared by all views, of how far back a task needs its inputs, and of the source of that figure. */

import { dataWords } from "../../messages/dataTexts.ts";
import type { LagEstimate } from "../../protocol/dataFacts.ts";
import type { MeasuredNeed } from "../../protocol/need.ts";
import { lastText } from "../../protocol/needText.ts";
import { formatPercent } from "../../protocol/numberText.ts";
import type { RunInfo } from "../../protocol/run.ts";

function methodText(method: LagEstimate["method"]): string {
  switch (method) {
    case "partial-autocorrelation":
      return dataWords().partialAutocorrelation;
    case "mutual-information":
      return dataWords().mutualInformation;
    case "measured-need":
      return dataWords().measuredNeed;
  }
}

/**
 * The source of the required lag, as a remark behind it: `as the config says`, `estimated from the data (partial
 * autocorrelation, confidence 0.93)`, `assumed: the whole sequence, because the data do not tell`. Null without a lag.
 */
export function lagSourceText({ requiredLagSource, data }: Pick<RunInfo, "requiredLagSource" | "data">): string | null {
  const estimate = data?.lag ?? null;
  switch (requiredLagSource) {
    case "config":
      return dataWords().configSays;
    case "program":
      return dataWords().programSays;
    case "task":
      return dataWords().taskKnown;
    case "estimated":
      return estimate ? dataWords().estimatedBy(estimateText(estimate)) : dataWords().estimated;
    case "sequence-length":
      return dataWords().assumed(whyAssumed(estimate));
    case null:
      return null;
  }
}

/** `partial autocorrelation, confidence 0.93`. */
function estimateText({ method, confidence }: LagEstimate): string {
  return dataWords().methodAndConfidence({ method: methodText(method), confidence: confidence.toFixed(2) });
}

function whyAssumed(estimate: LagEstimate | null): string {
  if (!estimate) return dataWords().dataDoNotTell;
  if (!(estimate.explained > 0)) return dataWords().searchFindsNothing;
  return dataWords().shortDependence({ lag: estimate.lag, confidence: estimate.confidence.toFixed(2) });
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
    return dataWords().nothingPredicts({ method: methodText(estimate.method), sure: sure.toFixed(2) });
  }
  if (estimate.confidence < confident || (used !== null && used > estimate.lag)) return null;
  const how = estimateText(estimate);
  const best =
    estimate.achievable === null || estimate.achievable >= 1 || learnt
      ? ""
      : dataWords().quickModel(formatPercent(estimate.achievable));
  return dataWords().dependOn({
    last: lastText(estimate.lag, timesteps),
    how,
    explained: formatPercent(estimate.explained),
    best,
  });
}
