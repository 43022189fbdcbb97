/**
 * A masked batch without its padding. A masked timestep passes the state on unchanged. If it were counted, it would be
 * transport without loss, and a net's gradient would appear to reach as far back as there is padding. So the figures of
 * a masked layer cover only the real timesteps, in a profile in which
 *
 * - each sample's real timesteps follow one another, whatever is masked between them;
 * - the last real timesteps of all samples coincide: the gradient starts there, and lag counts from there;
 * - the longest sample begins at timestep 1; the rest of the T timesteps is empty, at the end.
 *
 * A batch of sequences of equal length has the same figures as without padding.
 */

export class RealTimesteps {
  readonly timesteps: number;
  readonly samples: number;
  /** Largest number of real timesteps of a sample. */
  readonly longest: number;
  /** Number of real timesteps of each sample. */
  readonly lengths: Uint32Array;
  /** Place of timestep t of sample b at t·B + b, counted from 0; −1 where it is masked. */
  readonly #places: Int32Array;

  /**
   * @param mask `samples × timesteps`, 0 where masked.
   * @param reversed whether the layer reads from the end; all timesteps here are in its reading order.
   */
  constructor(mask: ArrayLike<number>, samples: number, reversed: boolean) {
    const timesteps = mask.length / Math.max(1, samples);
    this.timesteps = timesteps;
    this.samples = samples;
    this.#places = new Int32Array(timesteps * samples).fill(-1);
    this.lengths = new Uint32Array(samples);
    for (let b = 0; b < samples; b++) {
      for (let t = 0; t < timesteps; t++) {
        if (mask[b * timesteps + (reversed ? timesteps - 1 - t : t)])
          this.#places[t * samples + b] = this.lengths[b]!++;
      }
    }
    this.longest = this.lengths.reduce((most, n) => Math.max(most, n), 0);
    for (let i = 0; i < this.#places.length; i++) {
      if (this.#places[i]! >= 0) this.#places[i]! += this.first(i % samples);
    }
  }

  /** Place of a sample's first real timestep. */
  first(sample: number): number {
    return this.longest - this.lengths[sample]!;
  }

  /** Place of a timestep (from 1, in reading order) of a sample; −1 where it is masked. */
  place(timestep: number, sample: number): number {
    return this.#places[(timestep - 1) * this.samples + sample]!;
  }

  /** Place of a timestep in the longest sample that has it; −1: none has it. */
  placeInLongest(timestep: number): number {
    let best = -1;
    let length = -1;
    for (let b = 0; b < this.samples; b++) {
      const place = this.place(timestep, b);
      if (place >= 0 && this.lengths[b]! > length) [best, length] = [place, this.lengths[b]!];
    }
    return best;
  }
}
