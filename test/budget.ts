/** How many cases and inputs a test takes in each tier (`tier.mts`). */

import { long, thorough } from "./tier.mts";

/** A number of random inputs, or a size, in the quick tier, in the long one and, if it differs from both, in between. */
export function budget(quick: number, all: number, inCi = quick): number {
  return long ? all : thorough ? inCi : quick;
}

/**
 * Cases of one table that differ in degree: every `step`-th, beginning with the one at `from`; in CI every `inCi`-th, and
 * `step` is then a multiple of that; in the long run all. With a `from` that differs from table to table, together they have
 * every kind of case.
 */
export function sampled<T>(cases: readonly T[], step: number, from = 0, inCi = step): readonly T[] {
  const every = budget(step, 1, inCi);
  return cases.filter((_, i) => i % every === from % every);
}
