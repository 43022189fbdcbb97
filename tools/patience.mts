/**
 * How long tests wait, in milliseconds. The limits are for what hangs: a busy machine must not reach them, so each is
 * many times what an idle one needs, and a suite as a whole has none. It is ended when no test of it has ended for long.
 */
export const patience = {
  /** For something that must come, e.g. a line in a page. Longer than any such wait on a busy machine. */
  wait: 5 * 60_000,
  /** For one test or hook. */
  test: 10 * 60_000,
  /** Without one more test that has ended. Longer than a test may take, so that the test itself is named. */
  silence: 11 * 60_000,
} as const;
