/** The norms of one state's gradients, timestep by timestep and sample by sample. */

import type { StateName } from "../../protocol/run.ts";
import { type StateArrays, unreached } from "../recording/stateArrays.ts";

/** A gradient's size, still scaled by the power of two of its timestep. */
export interface ScaledSize {
  /** 0 also for a norm below the floor. */
  readonly norm: number;
  /** Largest finite |entry|. */
  readonly largest: number;
}

export class StateFigures {
  readonly arrays: StateArrays;
  readonly #samples: number;
  readonly #floor: number | null;

  /** @param floor log₁₀ below which a norm counts as zero; null: none */
  constructor(name: StateName, timesteps: number, samples: number, floor: number | null) {
    this.#samples = samples;
    this.#floor = floor;
    this.arrays = unreached(name, timesteps, samples);
  }

  /**
   * Writes the figures of d_t, which is complete.
   *
   * @param sum d_t, samples × width, scaled by 10^logScale.
   * @param seen receives the log₁₀ norm of each sample and the number of its entries that are not finite.
   */
  complete(
    t: number,
    sum: Float64Array,
    logScale: number,
    seen: (sample: number, log: number, nonFinite: number) => void,
  ): ScaledSize {
    const { arrays } = this;
    const samples = this.#samples;
    const width = sum.length / samples;
    let largest = 0;
    let total = 0;
    let nonFinite = 0;
    for (let b = 0; b < samples; b++) {
      const before = nonFinite;
      let own = 0;
      for (let i = b * width; i < (b + 1) * width; i++) {
        const v = sum[i]!;
        own += v * v;
        const entry = Math.abs(v);
        if (entry < Infinity) {
          if (entry > largest) largest = entry;
        } else nonFinite++;
      }
      total += own;
      const log = Math.log10(own) / 2 - logScale;
      arrays.logSampleNorm[(t - 1) * samples + b] = aboveFloor(log, this.#floor);
      seen(b, log, nonFinite - before);
    }
    const logNorm = aboveFloor(Math.log10(total) / 2 - logScale, this.#floor);
    arrays.logNorm[t - 1] = logNorm;
    arrays.nonFinite[t - 1] = nonFinite;
    return { norm: logNorm === -Infinity ? 0 : Math.sqrt(total), largest };
  }
}

function aboveFloor(logNorm: number, floor: number | null): number {
  return floor !== null && logNorm < floor ? -Infinity : logNorm;
}
