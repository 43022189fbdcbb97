/** When a fact about a layer is a reason to worry: only where the loss shows that the net does not learn. */

import type { Learning } from "./learning.ts";
import { count, formatNumber } from "./text/numbers.ts";

export interface Verdict {
  readonly warning: boolean;
  /** Why, in a sentence. */
  readonly because: string;
}

/**
 * *Warning* only for a loss that is no better than the trivial baseline, after the steps it takes to tell. A net that
 * learns although a layer looks bad is not called broken, nor one that has just begun.
 */
export function gate(learning: Learning): Verdict {
  const { state, loss, steps, grace, baseline } = learning;
  switch (state) {
    case "short":
      return {
        warning: false,
        because: `This is after ${count(steps, "step")}; the verdict waits for ${grace} steps.`,
      };
    case "left":
      return {
        warning: false,
        because: `The loss, ${formatNumber(loss)}, has left the baseline: the net learns all the same.`,
      };
    case "falling":
      return {
        warning: false,
        because: `The loss, ${formatNumber(loss)}, is still on its way down to the baseline, ${formatNumber(baseline ?? Number.NaN)}: too early to tell.`,
      };
    case "baseline":
      return { warning: true, because: `After ${count(steps, "step")} ${standingText(learning)}.` };
  }
}

/** `the loss, 0.17, is no better than the trivial baseline, 0.167`. */
export function standingText({ loss, baseline }: Learning): string {
  return baseline === null
    ? `the loss stands still at ${formatNumber(loss)}`
    : `the loss, ${formatNumber(loss)}, is no better than the trivial baseline, ${formatNumber(baseline)}`;
}
