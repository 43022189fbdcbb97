/** Random orthogonal matrices, fast: the recurrent initializer of Saxe et al. 2014. */

import type { Random } from "../data/random.ts";
import { structuredOrthogonal } from "./structuredOrthogonal.ts";

/**
 * Largest number of multiplications for which a matrix is drawn uniformly: about a second. Larger matrices are made
 * from structured parts.
 */
const uniformWork = 2 ** 30;

/**
 * A `rows × columns` matrix, row-major, float64: orthonormal columns (rows, if there are fewer of them), times `gain`,
 * uniformly distributed (Haar). Matrices with a side above about 1024 have the distribution of `structuredOrthogonal`.
 *
 * The usual way is the QR decomposition of a Gaussian matrix with the signs of R's diagonal moved into Q (Mezzadri
 * 2007, "How to generate random matrices from the classical compact groups"). Its k-th Householder vector is that of a
 * Gaussian vector of m − k + 1 entries, independent of all before it (Stewart 1980, SIAM J. Numer. Anal. 17, 403), so
 * the vectors can be drawn directly and Q can be accumulated from them backward. This halves the work and needs no
 * decomposition.
 */
export function orthogonalMatrix(rows: number, columns: number, gain: number, random: Random): Float64Array {
  const m = Math.max(rows, columns);
  const n = Math.min(rows, columns);
  const q = m * n * n > uniformWork ? structuredOrthogonal(m, n, random) : uniformOrthogonal(m, n, random);
  const result = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      result[i * columns + j] = gain * (rows >= columns ? q[j * m + i]! : q[i * m + j]!);
    }
  }
  return result;
}

/** `n` orthonormal vectors of `m` entries, one after another, so that dot products and updates run along memory. */
function uniformOrthogonal(m: number, n: number, random: Random): Float64Array {
  const { reflectors, signs } = drawReflectors(m, n, random);
  const q = new Float64Array(n * m);
  for (let j = 0; j < n; j++) q[j * m + j] = signs[j]!;
  for (let k = n - 1; k >= 0; k--) {
    const v = reflectors[k]!;
    for (let j = k; j < n; j++) reflect(q.subarray(j * m + k, (j + 1) * m), v);
  }
  return q;
}

/** Householder vectors v with ‖v‖² = 2, so that the reflection is x − v(v·x), and the signs of R's diagonal. */
function drawReflectors(m: number, n: number, random: Random) {
  const reflectors: Float64Array[] = [];
  const signs: number[] = [];
  for (let k = 0; k < n; k++) {
    const v = Float64Array.from({ length: m - k }, () => random.normal());
    const norm = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    // The reflection sends the vector to −sign(v₀)·‖v‖·e₁: the addition below cannot cancel.
    const sign = v[0]! < 0 ? -1 : 1;
    v[0]! += sign * norm;
    const scale = Math.sqrt(2 / v.reduce((sum, x) => sum + x * x, 0));
    reflectors.push(v.map((x) => x * scale));
    signs.push(-sign);
  }
  return { reflectors, signs };
}

function reflect(x: Float64Array, v: Float64Array): void {
  let dot = 0;
  for (let i = 0; i < v.length; i++) dot += v[i]! * x[i]!;
  for (let i = 0; i < v.length; i++) x[i]! -= dot * v[i]!;
}
