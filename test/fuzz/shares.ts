/** How many inputs each target gets of all. */

import type { Target } from "./target.ts";

/** @returns the number of inputs by the target's name; at least one each. */
export function casesOf(targets: readonly Target[], all: number): ReadonlyMap<string, number> {
  const whole = targets.reduce((sum, { share }) => sum + share, 0);
  return new Map(targets.map(({ name, share }) => [name, Math.max(1, Math.round((all * share) / whole))]));
}
