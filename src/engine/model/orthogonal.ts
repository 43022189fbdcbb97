/** Random orthogonal matrices, fast: the recurrent initializer of Saxe et al. 2014. */

import { checkStop } from "../../kernels/stop.ts";
import type { Random } from "../data/random.ts";
import { structuredOrthogonal } from "./structuredOrthogonal.ts";
import { uniformOrthogonal } from "./uniformOrthogonal.ts";

/**
 * Largest number of multiplications for which a matrix is drawn uniformly: about half a second. Larger matrices are
 * made from structured parts.
 */
const uniformWork = 2 ** 30;

/** Vectors in one block: a cache line of float32 values where they become columns. */
const blockSize = 16;
/** Values between the vectors of a block, so that they do not all lie in the same set of a cache. */
const gap = 8;

/**
 * Fills `result` with a `rows × columns` matrix, row-major: orthonormal columns (rows, if there are fewer of them),
 * times `gain`, uniformly distributed (Haar). Matrices with a side above about 1024 have the distribution of
 * `structuredOrthogonal`. The sums are float64, whatever `result` is.
 */
export function fillOrthogonal<A extends Float32Array | Float64Array>(
  result: A,
  [rows, columns]: readonly [number, number],
  gain: number,
  random: Random,
): A {
  const m = Math.max(rows, columns);
  const n = Math.min(rows, columns);
  const vectors = m * n * n > uniformWork ? structuredOrthogonal(m, random) : uniformOrthogonal(m, n, random);
  const stride = m + gap;
  const block = new Float64Array(blockSize * stride);
  for (let first = 0; first < n; first += blockSize) {
    checkStop();
    const count = Math.min(blockSize, n - first);
    vectors(block, stride, first, count);
    if (rows >= columns) {
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < count; j++) result[i * columns + first + j] = gain * block[j * stride + i]!;
      }
    } else {
      for (let j = 0; j < count; j++) {
        for (let i = 0; i < m; i++) result[(first + j) * columns + i] = gain * block[j * stride + i]!;
      }
    }
  }
  return result;
}

/** The matrix of `fillOrthogonal`, in float64. */
export function orthogonalMatrix(rows: number, columns: number, gain: number, random: Random): Float64Array {
  return fillOrthogonal(new Float64Array(rows * columns), [rows, columns], gain, random);
}
