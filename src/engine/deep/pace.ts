/** Lets the process handle other events during a long computation, and stops it when asked to. */

import { setImmediate } from "node:timers/promises";
import type { Pieces } from "./linear/pieces.ts";

/** Milliseconds of computing between two pauses. */
const yieldInterval = 30;

/** Thrown when a cancelled computation stops. */
export class Cancelled extends Error {}

export class Pace {
  readonly #signal: AbortSignal;
  readonly #report: (share: number) => void;
  #last = performance.now();

  /** @param report receives how much of the present part is done, 0 to 1. */
  constructor(signal: AbortSignal, report: (share: number) => void = () => {}) {
    this.#signal = signal;
    this.#report = report;
  }

  /**
   * The result of a computation in pieces of some milliseconds each, all at the same `share`.
   * @throws Cancelled
   */
  async through<T>(pieces: Pieces<T>, share: number): Promise<T> {
    for (;;) {
      const { done, value } = pieces.next();
      if (done) return value;
      await this.yieldWhenDue(share);
    }
  }

  /** @throws Cancelled */
  async yieldWhenDue(share: number): Promise<void> {
    if (performance.now() - this.#last < yieldInterval) return;
    this.#report(share);
    await setImmediate();
    if (this.#signal.aborted) throw new Cancelled();
    this.#last = performance.now();
  }
}
