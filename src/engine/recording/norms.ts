/** Norms of float32 data, summed in float64: squares of float32 values neither overflow nor underflow there. */

export interface Magnitude {
  /** L2 norm; NaN if an entry is NaN, otherwise Infinity if one is infinite. */
  readonly norm: number;
  /** Largest absolute finite entry. */
  readonly max: number;
  /** Number of NaN or infinite entries. */
  readonly nonFinite: number;
  /** Number of entries that are exactly zero. */
  readonly zeros: number;
}

export type Floats = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Σ v², in four parallel sums: in a single sum, each addition would wait for the previous one. */
function sumOfSquares(values: Floats): number {
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

/** ‖a − b‖ of arrays of the same length. */
export function distance(a: Floats, b: Floats): number {
  let [even, odd] = [0, 0];
  let i = 0;
  for (const end = a.length - 1; i < end; i += 2) {
    const first = a[i]! - b[i]!;
    const second = a[i + 1]! - b[i + 1]!;
    even += first * first;
    odd += second * second;
  }
  if (i < a.length) even += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(even + odd);
}

export function magnitude(values: Floats): Magnitude {
  const norm = l2(values);
  let max = 0;
  let zeros = 0;
  let nonFinite = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (size === 0) zeros++;
    else if (size < Infinity) {
      if (size > max) max = size;
    } else nonFinite++;
  }
  return { norm, max, nonFinite, zeros };
}

/** log₁₀ √(Σ 10^(2 xᵢ)), without leaving the range of the logarithms. */
export function logSumOfSquares(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  if (!Number.isFinite(largest)) return largest;
  return largest + Math.log10(logs.reduce((sum, x) => sum + 10 ** (2 * (x - largest)), 0)) / 2;
}
