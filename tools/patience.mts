/**
 * Time limits of the tests, in milliseconds. They exist for tests that hang. A busy machine must not reach them, so
 * each is many times what an idle machine needs. A suite as a whole has no limit, but it is stopped if no test has
 * ended for a long time.
 */
export const patience = {
  /** For something that must appear, such as a line in a page. Longer than any such wait on a busy machine. */
  wait: 5 * 60_000,
  /** For one test or hook. */
  test: 10 * 60_000,
  /** Time without any test ending. Longer than a test may take, so that the test itself is reported. */
  silence: 11 * 60_000,
} as const;
