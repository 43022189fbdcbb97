/** Decides at which steps something is written, so that a file stays within its budget however long the run is. */

/** Share of a budget that each doubling of the number of steps may take, if the number is not known in advance. */
const shareOfDoubling = 1 / 8;

export class Thinning {
  readonly #budget: number;
  readonly #planned: number | null;
  #written = 0;
  #stride = 1;

  /**
   * @param budget bytes.
   * @param planned number of steps, or null if it is unknown.
   */
  constructor(budget: number, planned: number | null) {
    this.#budget = budget;
    this.#planned = planned;
  }

  /** Steps between two that are written: a power of two. It never falls. */
  get stride(): number {
    return this.#stride;
  }

  /**
   * Whether `step` is due. A run of known length has one stride throughout. One of unknown length is written at every
   * step at first; later, each doubling of its length takes the same number of bytes.
   *
   * @param bytes size of one step.
   */
  due(step: number, bytes: number): boolean {
    const wanted =
      this.#planned === null
        ? (step * bytes) / (this.#budget * shareOfDoubling)
        : (this.#planned * bytes) / this.#budget;
    while (this.#stride < wanted) this.#stride *= 2;
    return (step - 1) % this.#stride === 0 && this.fits(bytes);
  }

  /** Whether the budget has room for so many bytes. */
  fits(bytes: number): boolean {
    return this.#written + bytes <= this.#budget;
  }

  wrote(bytes: number): void {
    this.#written += bytes;
  }
}

/** Weight of the newest step in the running mean. */
const newest = 0.1;
/** Steps after which the mean is one. */
const settled = 10;

/** Detects steps at which a positive quantity is ten times its running (geometric) mean, or not finite. */
export class SpikeWatch {
  #mean = Number.NaN;
  #steps = 0;

  /** Whether this value is a spike; it then counts into the mean as well. */
  add(value: number): boolean {
    if (!Number.isFinite(value)) return true;
    if (value <= 0) return false;
    const log = Math.log10(value);
    const spike = this.#steps >= settled && log - this.#mean >= 1;
    this.#steps += 1;
    this.#mean = Number.isNaN(this.#mean) ? log : (1 - newest) * this.#mean + newest * log;
    return spike;
  }
}
