/** A figure that is expensive to compute and stays valid for a while. */

export class Remembered<T> {
  readonly #milliseconds: number;
  #key = "";
  #until = Number.NEGATIVE_INFINITY;
  #value: T | null = null;

  /** @param milliseconds time for which a figure stays valid */
  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** The figure for `key`, recomputed if it belongs to another key or is too old. */
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
