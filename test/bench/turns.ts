/**
 * The longest turn of this thread's event loop, by the processor time that it takes: what keeps the loop from anything
 * else, however many other programs the machine runs meanwhile. Linux alone says it.
 */

import fs from "node:fs";

export class Turns {
  #last = processorTime();
  #timer: NodeJS.Timeout | undefined;
  /** Milliseconds. */
  longest = 0;

  start(): void {
    this.longest = 0;
    this.#last = processorTime();
    this.#tick();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #tick(): void {
    this.#timer = setTimeout(() => {
      const now = processorTime();
      this.longest = Math.max(this.longest, now - this.#last);
      this.#last = now;
      this.#tick();
    }, 1);
  }
}

/** Milliseconds that this process's main thread has worked; NaN where that is not known. */
function processorTime(): number {
  try {
    return Number(fs.readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
}
