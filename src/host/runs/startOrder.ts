/** The order in which runs started. */

/** What orders a run among others. */
interface Started {
  readonly runId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** Compares numbers within names as numbers. */
const { compare } = new Intl.Collator("en", { numeric: true });

/** The part of a run's id that counts on: without its kind. */
const counted = (runId: string) => runId.slice(runId.indexOf("-") + 1);

/**
 * Compares two runs for sorting, the older first. Runs of the same millisecond are ordered by their ids, so that a list
 * does not depend on the order in which a folder was read.
 */
export function byStart(a: Started, b: Started): number {
  return a.startedAt - b.startedAt || compare(counted(a.runId), counted(b.runId));
}
