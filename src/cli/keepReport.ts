/** Reports of slow runs while they go: a step that outlasts an interrupt must not take with it those before it. */

import { performance } from "node:perf_hooks";
import type { Measured } from "./measured.ts";

/** Milliseconds from which a step is slow; the next one after a quick one is over before anybody is impatient. */
const slow = 100;
/** Milliseconds between two reports, at least. */
const interval = 300;
/** Times the making of a report that are left to training before the next one: a twentieth of the time goes into them. */
const rest = 20;
/** Characters of a report that is kept; a longer one is not for a terminal, and `--out` has its steps. */
const maxKept = 2 ** 20;

/**
 * @param keep takes the newest report in place of the former.
 * @param compose the report of all models until now, in pieces.
 * @returns what hears of each step of a model.
 */
export function keepReport(
  keep: (text: string) => void,
  compose: (present: Measured) => Iterable<string>,
): (milliseconds: number, soFar: () => Measured) => void {
  let due = 0;
  return (milliseconds, soFar) => {
    const began = performance.now();
    if (milliseconds < slow || began < due) return;
    const text = joined(compose(soFar()));
    if (text !== null) keep(text);
    const now = performance.now();
    due = now + Math.max(interval, rest * (now - began));
  };
}

function joined(pieces: Iterable<string>): string | null {
  let text = "";
  for (const piece of pieces) {
    text += piece;
    if (text.length > maxKept) return null;
  }
  return text;
}
