/** Figures that many rules ask for, computed once for each state of a history. */

import type { RunHistory } from "../protocol/history.ts";

/**
 * The same function, which remembers its newest result for each history until a frame is added. A diagnosis asks some
 * twenty times how the loss develops, and each answer takes several medians over all rows.
 */
export function perHistory<T>(compute: (history: RunHistory) => T): (history: RunHistory) => T {
  const newest = new WeakMap<RunHistory, { readonly seq: number; readonly step: number; readonly result: T }>();
  return (history) => {
    const { lastSeq: seq, lastStep: step } = history;
    const known = newest.get(history);
    if (known && known.seq === seq && known.step === step) return known.result;
    const result = compute(history);
    newest.set(history, { seq, step, result });
    return result;
  };
}
