/** Lets the process handle other events during a long computation, and stops it when asked to. */

import { setImmediate } from "node:timers/promises";

/** Milliseconds of computing between two pauses. */
const breath = 30;

/** Thrown when a cancelled computation stops. */
export class Cancelled extends Error {}

export class Pace {
  readonly #signal: AbortSignal;
  readonly #said: (share: number) => void;
  #last = performance.now();

  /** @param said receives how much of the present part is done, 0 to 1. */
  constructor(signal: AbortSignal, said: (share: number) => void = () => {}) {
    this.#signal = signal;
    this.#said = said;
  }

  /** @throws Cancelled */
  async breathe(share: number): Promise<void> {
    if (performance.now() - this.#last < breath) return;
    this.#said(share);
    await setImmediate();
    if (this.#signal.aborted) throw new Cancelled();
    this.#last = performance.now();
  }
}
