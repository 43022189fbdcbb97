/** Figures of a layer's output over one step: moments, dead and saturated units, non-finite entries. */

import type { MeasuredLayer } from "../instrument/layers.ts";
import type { Floats } from "../recording/norms.ts";
import { activationRange, type Range } from "./activationRange.ts";

/** Σ (v − mean)², in two parallel sums: in a single sum, each addition would wait for the previous one. */
function squaredDeviations(values: Floats, mean: number): number {
  let [even, odd] = [0, 0];
  let i = 0;
  for (const end = values.length - 1; i < end; i += 2) {
    const first = values[i]! - mean;
    const second = values[i + 1]! - mean;
    even += first * first;
    odd += second * second;
  }
  if (i < values.length) even += (values[i]! - mean) ** 2;
  return even + odd;
}

export class ActivationStatistics {
  readonly #range: Range | null;
  #count = 0;
  #mean = 0;
  /** Sum of squared deviations from the mean. */
  #deviation = 0;
  #saturated = 0;
  #nonFinite = 0;
  #alive: Uint8Array | null = null;

  constructor(layer: MeasuredLayer) {
    this.#range = activationRange(layer.layer);
  }

  reset(): void {
    this.#count = 0;
    this.#mean = 0;
    this.#deviation = 0;
    this.#saturated = 0;
    this.#nonFinite = 0;
    this.#alive = null;
  }

  /** `values`: the output, row-major, with a last axis of size `units`. */
  add(values: Floats, units: number): void {
    const n = values.length;
    if (n === 0) return;
    let sum = 0;
    let nonFinite = 0;
    this.#alive ??= new Uint8Array(units);
    const alive = this.#alive;
    for (let i = 0, unit = 0; i < n; i++) {
      const v = values[i]!;
      sum += v;
      if (v !== 0) alive[unit] = 1;
      // v − v is 0 only for finite numbers.
      if (v - v !== 0) nonFinite++;
      if (++unit === units) unit = 0;
    }
    const mean = sum / n;
    const deviation = squaredDeviations(values, mean);
    // Chan, Golub & LeVeque (1983): combines the moments of two sets.
    const total = this.#count + n;
    const shift = mean - this.#mean;
    this.#mean += (shift * n) / total;
    this.#deviation += deviation + (this.#count === 0 ? 0 : (shift * shift * this.#count * n) / total);
    this.#count = total;
    this.#nonFinite += nonFinite;
    if (this.#range) {
      const { low, high } = this.#range;
      const margin = (high - low) / 100;
      for (let i = 0; i < n; i++) {
        if (values[i]! <= low + margin || values[i]! >= high - margin) this.#saturated++;
      }
    }
  }

  get mean(): number {
    return this.#count === 0 ? Number.NaN : this.#mean;
  }

  get std(): number {
    return this.#count === 0 ? Number.NaN : Math.sqrt(this.#deviation / this.#count);
  }

  /** Share of units that were always zero. */
  get dead(): number {
    if (!this.#alive) return Number.NaN;
    return this.#alive.reduce((sum, alive) => sum + 1 - alive, 0) / this.#alive.length;
  }

  /** Share of entries within 1 % of the ends of the activation's range. */
  get saturated(): number {
    return this.#range === null || this.#count === 0 ? Number.NaN : this.#saturated / this.#count;
  }

  get nonFinite(): number {
    return this.#nonFinite;
  }
}
