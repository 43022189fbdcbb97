/** Calls back once, when something has not changed for long. */
export class Silence {
  readonly #timer: NodeJS.Timeout;

  /**
   * The time is counted in ticks of our own, not by the clock: a machine that slept, or that had no time for us, had none
   * for the other either.
   *
   * @param state what is compared, by identity
   * @param limit milliseconds
   */
  constructor(state: () => unknown, limit: number, onSilence: () => void) {
    const tick = Math.min(1000, limit / 10);
    let last = state();
    let quiet = 0;
    this.#timer = setInterval(() => {
      const now = state();
      quiet = now === last ? quiet + tick : 0;
      last = now;
      if (quiet < limit) return;
      this.stop();
      onSilence();
    }, tick);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
