/** When a fact about a layer is a reason to worry: only if the loss shows that the net does not learn. */

import { verdictWords } from "../messages/verdicts.ts";
import { formatNumber } from "../protocol/numberText.ts";
import type { Learning } from "./learning.ts";

export interface GateDecision {
  readonly warning: boolean;
  /** Why, in a sentence. */
  readonly because: string;
}

/**
 * *Warning* only if the loss is no better than the trivial baseline after enough steps to tell. A net that learns
 * although a layer looks bad is not called broken, and neither is one that has just begun.
 */
export function gate(learning: Learning): GateDecision {
  const { state, loss, steps, grace } = learning;
  switch (state) {
    case "short":
      return {
        warning: false,
        because: verdictWords().verdictWaits({ steps, grace }),
      };
    case "left":
      return {
        warning: false,
        because: verdictWords().learnsAllTheSame(formatNumber(loss)),
      };
    case "falling":
      return {
        warning: false,
        because: fallingText(learning),
      };
    case "diverged":
      return { warning: true, because: verdictWords().runDiverged(formatNumber(loss)) };
    case "baseline":
      return { warning: true, because: verdictWords().afterSteps({ steps, standing: standingText(learning) }) };
  }
}

/** `The loss, 0.3, is falling and at this pace gets below the baseline, 0.167: too early to tell.` */
export function fallingText({ loss, baseline }: Learning): string {
  const goal = baseline === null ? verdictWords().toHalf : verdictWords().belowBaseline(formatNumber(baseline));
  return verdictWords().falling({ loss: formatNumber(loss), goal });
}

/** From this multiple of its baseline on, a loss is reported with the factor. */
export const farAbove = 2;

/** `the loss, 0.17, is no better than the trivial baseline, 0.167`, or `…, is 69 times the trivial baseline, 24`. */
export function standingText({ loss, baseline }: Learning): string {
  if (baseline === null) return verdictWords().standsStill(formatNumber(loss));
  const relation =
    loss > farAbove * baseline && baseline > 0
      ? verdictWords().timesTheBaseline(formatNumber(Number((loss / baseline).toPrecision(2))))
      : verdictWords().noBetterThan;
  return verdictWords().standing({ loss: formatNumber(loss), relation, baseline: formatNumber(baseline) });
}
