/** Keeps reports of slow runs while they go: an interrupt during a long step must not lose the steps before it. */

import { performance } from "node:perf_hooks";
import type { Measured } from "./measured.ts";

/** Milliseconds from which a step is slow; a quicker one ends before the user becomes impatient. */
const slow = 100;
/** Least milliseconds between two reports. */
const interval = 300;
/**
 * Pause before the next report, as a multiple of the time that making one takes: a twentieth of the time goes into
 * reports.
 */
const rest = 20;
/** Most characters of a report that is kept; a longer one is not for a terminal, and `--out` has its steps. */
const maxKept = 2 ** 20;

/**
 * @param keep receives the newest report, which replaces the former.
 * @param compose the report of all models so far, in pieces.
 * @returns the listener for each step of a model.
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
