/** Figures of a layer's output over one step: moments, dead and saturated units, non-finite entries. */

import type { Range } from "../../config/activations.ts";
import type { MeasuredLayer } from "../instrument/measuredLayers.ts";
import { countNonFinite, type Floats, shiftedSums } from "../recording/norms.ts";
import { activationRange } from "./activationRange.ts";

/** Marks the units that have a value other than zero: most have one in the first rows. */
function revive(alive: Uint8Array, values: Floats): void {
  const units = alive.length;
  for (let unit = 0; unit < units; unit++) {
    if (alive[unit] === 1) continue;
    for (let i = unit; i < values.length; i += units) {
      if (values[i] !== 0) {
        alive[unit] = 1;
        break;
      }
    }
  }
}

export class ActivationStatistics {
  readonly #saturates: boolean;
  /** Values from which on an entry counts as saturated. */
  readonly #low: number;
  readonly #high: number;
  #count = 0;
  #mean = 0;
  /** Sum of squared deviations from the mean. */
  #deviation = 0;
  #saturated = 0;
  #nonFinite = 0;
  #alive: Uint8Array | null = null;

  constructor(layer: MeasuredLayer) {
    const range: Range | null = activationRange(layer.layer);
    const margin = range ? (range.high - range.low) / 100 : 0;
    this.#saturates = range !== null;
    this.#low = range ? range.low + margin : Number.NEGATIVE_INFINITY;
    this.#high = range ? range.high - margin : Number.POSITIVE_INFINITY;
  }

  reset(): void {
    this.#count = 0;
    this.#mean = 0;
    this.#deviation = 0;
    this.#saturated = 0;
    this.#nonFinite = 0;
    this.#alive?.fill(0);
  }

  /** `values`: the output, row-major, with a last axis of size `units`. */
  add(values: Floats, units: number): void {
    const n = values.length;
    if (n === 0) return;
    if (this.#alive?.length !== units) this.#alive = new Uint8Array(units);
    revive(this.#alive, values);
    // Shifted by one of the values, so that the difference below cancels no more than rounding can hide.
    const shift = values[0]!;
    const { sum, squares, outside } = shiftedSums(values, shift, this.#low, this.#high);
    const finite = Number.isFinite(sum);
    const mean = finite ? shift + sum / n : shiftedSums(values, 0, this.#low, this.#high).sum / n;
    const deviation = Math.max(0, squares - sum * (sum / n));
    // Chan, Golub & LeVeque (1983): combines the moments of two sets.
    const total = this.#count + n;
    const apart = mean - this.#mean;
    this.#mean += (apart * n) / total;
    this.#deviation += deviation + (this.#count === 0 ? 0 : (apart * apart * this.#count * n) / total);
    this.#count = total;
    if (!finite) this.#nonFinite += countNonFinite(values);
    this.#saturated += outside;
  }

  get mean(): number {
    return this.#count === 0 ? Number.NaN : this.#mean;
  }

  get std(): number {
    return this.#count === 0 ? Number.NaN : Math.sqrt(this.#deviation / this.#count);
  }

  /** Share of units that were always zero. */
  get dead(): number {
    if (!this.#alive || this.#count === 0) return Number.NaN;
    let alive = 0;
    for (const each of this.#alive) alive += each;
    return (this.#alive.length - alive) / this.#alive.length;
  }

  /** Share of entries within 1 % of the ends of the activation's range. */
  get saturated(): number {
    return !this.#saturates || this.#count === 0 ? Number.NaN : this.#saturated / this.#count;
  }

  get nonFinite(): number {
    return this.#nonFinite;
  }
}
