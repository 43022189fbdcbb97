/** Norms of float32 data, summed in float64: squares of float32 values neither overflow nor underflow there. */

import type { ShiftedSums } from "../../kernels/shiftedSums.ts";
import type { Sums } from "../../kernels/sums.ts";

let fast: Sums | null = null;
/** Shorter arrays take less time here than a call of `fast`. */
const worthCalling = 64;

/** Makes `sums` compute the norms of this process; null: they are computed here. @returns the former ones. */
export function provideSums(sums: Sums | null): Sums | null {
  const former = fast;
  fast = sums;
  return former;
}

/** The sums that can take `values`. */
function sumsFor(values: Floats): { readonly sums: Sums; readonly values: Float32Array } | null {
  return fast && values instanceof Float32Array && values.length >= worthCalling ? { sums: fast, values } : null;
}

export interface Magnitude {
  /** L2 norm; NaN if an entry is NaN, otherwise Infinity if one is infinite. */
  readonly norm: number;
  /** Number of NaN or infinite entries. */
  readonly nonFinite: number;
  /** Number of entries that are exactly zero. */
  readonly zeros: number;
}

export type Floats = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Σ v², in four parallel sums: in a single sum, each addition would wait for the previous one. */
function sumOfSquares(values: Floats): number {
  const able = sumsFor(values);
  if (able) return able.sums.sumOfSquares(able.values);
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = 0;
  for (const end = values.length - 3; i < end; i += 4) {
    a += values[i]! * values[i]!;
    b += values[i + 1]! * values[i + 1]!;
    c += values[i + 2]! * values[i + 2]!;
    d += values[i + 3]! * values[i + 3]!;
  }
  for (; i < values.length; i++) a += values[i]! * values[i]!;
  return a + b + (c + d);
}

export function l2(values: Floats): number {
  return Math.sqrt(sumOfSquares(values));
}

/** ‖former‖ and ‖present − former‖ of arrays of the same length. */
export function movement(former: Floats, present: Floats): { readonly norm: number; readonly update: number } {
  const [before, after] = [sumsFor(former), sumsFor(present)];
  if (before && after) {
    const { apart, first } = before.sums.squaredDistance(before.values, after.values);
    return { norm: Math.sqrt(first), update: Math.sqrt(apart) };
  }
  let sum = 0;
  for (let i = 0; i < former.length; i++) sum += (present[i]! - former[i]!) ** 2;
  return { norm: l2(former), update: Math.sqrt(sum) };
}

export function magnitude(values: Floats): Magnitude {
  const able = sumsFor(values);
  const { squares, zeros } = able
    ? able.sums.squaresAndZeros(able.values)
    : { squares: sumOfSquares(values), zeros: countZeros(values) };
  const norm = Math.sqrt(squares);
  // A finite norm has only finite entries: float64 can hold the squares of all float32 values.
  return { norm, nonFinite: Number.isFinite(norm) ? 0 : countNonFinite(values), zeros };
}

/** Σ (v − shift), Σ (v − shift)², and the number of values v with v ≤ low or v ≥ high, in one pass. */
export function shiftedSums(values: Floats, shift: number, low: number, high: number): ShiftedSums {
  const able = sumsFor(values);
  if (able) return able.sums.shifted(able.values, shift, low, high);
  let sum = 0;
  let squares = 0;
  let outside = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]! - shift;
    sum += v;
    squares += v * v;
    if (values[i]! <= low || values[i]! >= high) outside++;
  }
  return { sum, squares, outside };
}

/** Number of values v with v < limit. */
export function countBelow(values: Floats, limit: number): number {
  const able = sumsFor(values);
  if (able) return able.sums.countBelow(able.values, limit);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! < limit) count++;
  return count;
}

/** Number of values v with v > limit. */
export function countAbove(values: Floats, limit: number): number {
  const able = sumsFor(values);
  if (able) return able.sums.countAbove(able.values, limit);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! > limit) count++;
  return count;
}

/** Σ 1 / (1 − v): how long gates of these values keep a state, in all. */
export function sumOfTimescales(values: Floats): number {
  const able = sumsFor(values);
  if (able) return able.sums.sumOfTimescales(able.values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += 1 / (1 - values[i]!);
  return sum;
}

function countZeros(values: Floats): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === 0) count++;
  return count;
}

/** Number of NaN and infinite values. */
export function countNonFinite(values: Floats): number {
  let count = 0;
  // v − v is 0 only for finite numbers.
  for (let i = 0; i < values.length; i++) if (values[i]! - values[i]! !== 0) count++;
  return count;
}

/** log₁₀ √(Σ 10^(2 xᵢ)), without leaving the range of the logarithms. */
export function logSumOfSquares(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  if (!Number.isFinite(largest)) return largest;
  return largest + Math.log10(logs.reduce((sum, x) => sum + 10 ** (2 * (x - largest)), 0)) / 2;
}
