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

export function l2(values: Floats): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum);
}

export function magnitude(values: Floats): Magnitude {
  let sum = 0;
  let max = 0;
  let nonFinite = 0;
  let zeros = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    const size = Math.abs(v);
    sum += v * v;
    if (size === 0) zeros++;
    else if (size < Infinity) {
      if (size > max) max = size;
    } else nonFinite++;
  }
  return { norm: Math.sqrt(sum), max, nonFinite, zeros };
}

/** log₁₀ √(Σ 10^(2 xᵢ)), without leaving the range of the logarithms. */
export function logSumOfSquares(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  if (!Number.isFinite(largest)) return largest;
  return largest + Math.log10(logs.reduce((sum, x) => sum + 10 ** (2 * (x - largest)), 0)) / 2;
}
