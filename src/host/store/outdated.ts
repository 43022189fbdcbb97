/** Which kept runs have to go. */

import { byStart } from "../runs/startOrder.ts";
import type { IndexEntry } from "./runIndex.ts";

export interface StoreLimits {
  /** Total size of all runs. */
  readonly bytes: number;
  /** Milliseconds after which a run goes. */
  readonly age: number;
}

/**
 * The runs to remove so that the others keep within the limits; the oldest go first. Pinned ones stay.
 *
 * @param now milliseconds since 1970; −Infinity: none is too old.
 */
export function outdated(entries: readonly IndexEntry[], limits: StoreLimits, now: number): readonly IndexEntry[] {
  const pinned = entries.filter(({ card }) => card.label.pinned);
  let bytes = pinned.reduce((sum, entry) => sum + entry.bytes, 0);
  const others = entries.filter(({ card }) => !card.label.pinned).sort((a, b) => byStart(b.card, a.card));
  return others
    .filter((entry) => {
      bytes += entry.bytes;
      return bytes > limits.bytes || now - entry.changed > limits.age;
    })
    .reverse();
}
