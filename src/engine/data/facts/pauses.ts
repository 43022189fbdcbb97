/** Lets the process handle other events between the pieces of a long computation. */

import { setImmediate } from "node:timers/promises";

/** Milliseconds of computing between two pauses. */
const interval = 30;

export class Pauses {
  #last = performance.now();

  /** Call this between two pieces, of some milliseconds each. */
  async ifDue(): Promise<void> {
    if (performance.now() - this.#last < interval) return;
    await setImmediate();
    this.#last = performance.now();
  }
}
