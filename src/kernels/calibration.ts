/**
 * Chooses between one thread and several by timing a few passes of each once the code is warm. The choice is repeated
 * soon, because a system may keep threads that it has just woken on one processor for some tens of milliseconds, and now
 * and then later, because other processes come and go: then the trials cost about one pass in a hundred.
 */

import type { ThreadUse } from "./threads.ts";

const warmUp = 4;
const trials = 5;
/** Passes until the first repetition; each one after that comes so many times later, up to the longest. */
const firstRenewal = 40;
const growth = 5;
const longestRenewal = 1000;

export class Calibration {
  #passes = 0;
  #renewal = firstRenewal;
  #chosen: boolean | null = null;
  #best = { one: Infinity, several: Infinity };

  /** Whether the next pass should use several threads. */
  next(): boolean {
    return this.#chosen ?? (this.#passes >= warmUp && this.#passes % 2 === 1);
  }

  /** The choice; null while it is open. */
  get chosen(): boolean | null {
    return this.#chosen;
  }

  /** Records the duration of the pass that `next` advised. */
  record(several: boolean, milliseconds: number): void {
    this.#passes++;
    if (this.#chosen !== null) {
      if (this.#passes < this.#renewal) return;
      this.#renewal = Math.min(longestRenewal, growth * this.#renewal);
      this.#passes = warmUp;
      this.#chosen = null;
      this.#best = { one: Infinity, several: Infinity };
      return;
    }
    if (this.#passes <= warmUp) return;
    const which = several ? "several" : "one";
    this.#best[which] = Math.min(this.#best[which], milliseconds);
    if (this.#passes === warmUp + 2 * trials) this.#chosen = this.#best.several < this.#best.one;
  }
}

/** Runs `pass` on one thread or several: as `use` says, or as the trials found. @param ready whether there are several. */
export function timed(
  calibration: Calibration,
  ready: boolean,
  use: ThreadUse,
  pass: (several: boolean) => void,
): void {
  if (!ready || use !== "measured") {
    pass(ready && use === "always");
    return;
  }
  const several = calibration.next();
  const start = performance.now();
  pass(several);
  calibration.record(several, performance.now() - start);
}
