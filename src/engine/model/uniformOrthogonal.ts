/**
 * Orthogonal matrices drawn uniformly (Haar).
 *
 * The usual way is the QR decomposition of a Gaussian matrix with the signs of R's diagonal moved into Q (Mezzadri
 * 2007, "How to generate random matrices from the classical compact groups"). Its k-th Householder vector is that of a
 * Gaussian vector of m − k + 1 entries, independent of all before it (Stewart 1980, SIAM J. Numer. Anal. 17, 403), so
 * the vectors can be drawn directly and Q can be accumulated from them backward. This halves the work and needs no
 * decomposition.
 */

import type { Random } from "../data/random.ts";
import type { Vectors } from "./vectors.ts";

/** `n` orthonormal vectors of `m` entries, n ≤ m. */
export function uniformOrthogonal(m: number, n: number, random: Random): Vectors {
  const { reflectors, signs } = drawReflectors(m, n, random);
  // Column j of Q is H₀ … H_j e_j, so each vector is made by itself, and stays in the caches meanwhile.
  return (block, stride, first, count) => {
    block.fill(0);
    for (let j = 0; j < count; j++) block[j * stride + first + j] = signs[first + j]!;
    for (let k = first + count - 1; k >= 0; k--) {
      let j = Math.max(0, k - first);
      for (; j + 4 <= count; j += 4) reflectFour(block, j * stride + k, stride, reflectors[k]!);
      for (; j < count; j++) reflect(block, j * stride + k, reflectors[k]!);
    }
  };
}

/** Householder vectors v with ‖v‖² = 2, so that the reflection is x − v(v·x), and the signs of R's diagonal. */
function drawReflectors(m: number, n: number, random: Random) {
  const reflectors: Float64Array[] = [];
  const signs: number[] = [];
  for (let k = 0; k < n; k++) {
    const v = new Float64Array(m - k);
    for (let i = 0; i < v.length; i++) v[i] = random.normal();
    const norm = Math.sqrt(squares(v));
    // The reflection sends the vector to −sign(v₀)·‖v‖·e₁: the addition below cannot cancel.
    const sign = v[0]! < 0 ? -1 : 1;
    v[0]! += sign * norm;
    const scale = Math.sqrt(2 / squares(v));
    for (let i = 0; i < v.length; i++) v[i]! *= scale;
    reflectors.push(v);
    signs.push(-sign);
  }
  return { reflectors, signs };
}

function squares(v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += v[i]! * v[i]!;
  return sum;
}

/** Reflects the vector that begins at `at`. */
function reflect(x: Float64Array, at: number, v: Float64Array): void {
  let dot = 0;
  for (let i = 0; i < v.length; i++) dot += v[i]! * x[at + i]!;
  for (let i = 0; i < v.length; i++) x[at + i]! -= dot * v[i]!;
}

/** Reflects four vectors at once: four sums that do not wait for each other. */
function reflectFour(x: Float64Array, at: number, stride: number, v: Float64Array): void {
  const [b, c, d] = [at + stride, at + 2 * stride, at + 3 * stride];
  let [dot0, dot1, dot2, dot3] = [0, 0, 0, 0];
  for (let i = 0; i < v.length; i++) {
    const value = v[i]!;
    dot0 += value * x[at + i]!;
    dot1 += value * x[b + i]!;
    dot2 += value * x[c + i]!;
    dot3 += value * x[d + i]!;
  }
  for (let i = 0; i < v.length; i++) {
    const value = v[i]!;
    x[at + i]! -= dot0 * value;
    x[b + i]! -= dot1 * value;
    x[c + i]! -= dot2 * value;
    x[d + i]! -= dot3 * value;
  }
}
