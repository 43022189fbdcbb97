/** Calls back once if a value has not changed for a long time. */
export class Silence {
  readonly #timer: NodeJS.Timeout;

  /**
   * Time is counted in ticks of our own timer, not by the clock: if the machine slept or was too busy for us, it was so
   * for the observed process, too.
   *
   * @param state the value, compared by identity
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
