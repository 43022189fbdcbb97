/** Hands out whole weights and gradients at regular steps, for callers that need more than their norms. */

import type { WeightObserver } from "../recording/observers.ts";
import type { MeterWeight } from "./stepMeter.ts";

export interface WeightSample {
  /** Index into `RunInfo.layers`. */
  readonly layer: number;
  readonly name: string;
  /**
   * Values before the update, at which the step's figures are measured. The arrays belong to the trainer: read them, do
   * not keep them.
   */
  readonly values: Float32Array;
  /** Before clipping. */
  readonly gradient: Float32Array;
}

export interface WeightSampling {
  /** Steps 1, 1 + every, 1 + 2 every, … are sampled. */
  readonly every: number;
  sample(step: number, weights: readonly WeightSample[]): void;
}

/** Passes everything on to the observer that it wraps. */
export class WeightSampler implements WeightObserver {
  readonly #inner: WeightObserver | null;
  readonly #places: readonly MeterWeight[];
  readonly #sampling: WeightSampling;
  #step: number;
  #gradients: readonly Float32Array[] = [];

  /**
   * @param places places of the trainer's weights, one each.
   * @param taken number of steps taken before, in a resumed run.
   */
  constructor(inner: WeightObserver | null, places: readonly MeterWeight[], sampling: WeightSampling, taken: number) {
    this.#step = taken;
    this.#inner = inner;
    this.#places = places;
    this.#sampling = sampling;
  }

  gradients(before: readonly Float32Array[], clipped: readonly Float32Array[]): void {
    this.#step += 1;
    this.#gradients = before;
    this.#inner?.gradients(before, clipped);
  }

  updated(former: readonly Float32Array[], present: readonly Float32Array[]): void {
    this.#inner?.updated(former, present);
    if ((this.#step - 1) % this.#sampling.every !== 0) return;
    const samples = this.#places.flatMap((place, i): readonly WeightSample[] => {
      const values = former[i];
      const gradient = this.#gradients[i];
      return values && gradient ? [{ ...place, values, gradient }] : [];
    });
    this.#sampling.sample(this.#step, samples);
  }
}
