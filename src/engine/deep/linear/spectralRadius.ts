/** The largest absolute value of a matrix's eigenvalues, without computing the eigenvalues. */

import { multiply } from "./multiply.ts";
import type { Pieces } from "./pieces.ts";

/** U is raised to 2^30: the condition of its eigenvectors then contributes only its 2^30-th root to the result. */
const squarings = 30;

/** lim ‖Uᵏ‖^(1/k) (Gelfand 1941) of a row-major `n × n` matrix, by squaring with a separate scale. */
export function* spectralRadius(matrix: Float64Array, n: number): Pieces<number> {
  let power = matrix.slice();
  let square = new Float64Array(n * n);
  let log = 0;
  for (let m = 0; m < squarings; m++) {
    yield;
    const size = Math.hypot(...rowNorms(power, n));
    if (size === 0) return 0;
    if (!Number.isFinite(size)) return Number.NaN;
    for (let k = 0; k < power.length; k++) power[k] = power[k]! / size;
    log += Math.log(size) / 2 ** m;
    multiply(power, power, n, n, n, square);
    [power, square] = [square, power];
  }
  const size = Math.hypot(...rowNorms(power, n));
  return size === 0 ? 0 : Math.exp(log + Math.log(size) / 2 ** squarings);
}

function rowNorms(a: Float64Array, n: number): number[] {
  return Array.from({ length: n }, (_, i) => Math.hypot(...a.subarray(i * n, (i + 1) * n)));
}
