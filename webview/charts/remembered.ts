/** A figure that is costly to compute and good for a while. */

export class Remembered<T> {
  readonly #milliseconds: number;
  #key = "";
  #until = Number.NEGATIVE_INFINITY;
  #value: T | null = null;

  /** @param milliseconds how long a figure is good for */
  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** The figure for `key`, computed anew when it is another's or too old. */
  get(key: string, compute: () => T): T {
    const now = performance.now();
    if (this.#value === null || key !== this.#key || now >= this.#until) {
      this.#value = compute();
      this.#key = key;
      this.#until = now + this.#milliseconds;
    }
    return this.#value;
  }
}
