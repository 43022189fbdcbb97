/**
 * When the store was opened. A clock may be wrong once: after an empty battery, in a virtual machine that was resumed, or
 * because somebody tried a date. Measured by such a clock, every run would be too old, and what is removed does not come
 * back. Ages are therefore measured by an earlier opening, at least a day ago, which the clock must agree with.
 */

/** Milliseconds between two openings that confirm each other. */
export const apart = 86_400_000;

/** The times that are kept once the store is opened now. @param times milliseconds since 1970 */
export function withOpening(times: readonly number[], now: number): readonly number[] {
  const past = before(times, now);
  const last = past.at(-1);
  return last === undefined || now - last >= apart ? [...past.slice(-1), now] : past.slice(-2);
}

/** The time by which ages are measured; −Infinity, by which nothing is old, if no opening is long enough ago. */
export function agesAt(times: readonly number[], now: number): number {
  return before(times, now - apart).at(-1) ?? Number.NEGATIVE_INFINITY;
}

/** Later times were written by a clock that was ahead. */
function before(times: readonly number[], now: number): readonly number[] {
  return times.filter((time) => time <= now).sort((a, b) => a - b);
}
