/**
 * What a test may take. By default each suite is one to wait for; `npm run test:long` runs every case, with many more
 * random inputs. The environment variables are read here alone.
 */

import { it } from "vitest";

/** Whether the tests run for a change that is to be merged, where every input of the fixed seed is tried. */
export const inCi = process.env["CI"] === "true";

/** Whether every case runs. */
export const long = process.env["GRADLENS_TEST_LONG"] === "1";

/** For a case whose like runs by default. It is counted as skipped where it does not run. */
export const itLong = it.runIf(long);

/** A number of random inputs, or a size: `quick` by default, `all` in the long run. */
export function budget(quick: number, all: number): number {
  return long ? all : quick;
}

/**
 * Cases of one table that differ in degree: every `step`-th by default, beginning with the one at `from`, and all in the
 * long run. With a `from` that differs from table to table, together they have every kind of case.
 */
export function sampled<T>(cases: readonly T[], step: number, from = 0): readonly T[] {
  return long ? cases : cases.filter((_, i) => i % step === from % step);
}
