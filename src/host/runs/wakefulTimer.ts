/**
 * A time limit for another process that leaves out the time in which the computer slept: both were asleep, and this one
 * may wake first.
 */

/** Looks during the limit. One that comes late by its own length, and by a second, means that nothing ran. */
const looks = 8;
const shortestSleep = 1000;

export class WakefulTimer {
  readonly #act: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(act: () => void) {
    this.#act = act;
  }

  /** Begins anew. @param limit milliseconds */
  start(limit: number): void {
    this.stop();
    this.#look(limit / looks, looks);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #look(pause: number, left: number): void {
    const begun = performance.now();
    this.#timer = setTimeout(() => {
      const slept = performance.now() - begun > pause + Math.max(pause, shortestSleep);
      if (slept) this.#look(pause, looks);
      else if (left > 1) this.#look(pause, left - 1);
      else this.#act();
    }, pause);
  }
}
