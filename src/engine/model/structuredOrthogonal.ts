/**
 * Large random orthogonal matrices in O(n² log n): products of random signs, random permutations and Walsh–Hadamard
 * transforms (Yu et al. 2016, "Orthogonal random features": HD₁HD₂HD₃). They are exactly orthogonal. Their entries are
 * distributed like those of a uniformly drawn matrix, but not every orthogonal matrix can occur. A uniform 4096 × 4096
 * matrix would take minutes.
 */

import type { Random } from "../data/random.ts";

const rounds = 3;

interface Round {
  readonly signs: Float64Array;
  readonly places: Uint32Array;
}

/** `n` orthonormal vectors of `m` entries, one after another, n ≤ m. */
export function structuredOrthogonal(m: number, n: number, random: Random): Float64Array {
  const drawn = Array.from({ length: rounds }, () => drawRound(m, random));
  // The transform needs a power of two: it is applied to the first entries and, if these are not all, to the last ones.
  const size = 2 ** Math.floor(Math.log2(m));
  const result = new Float64Array(n * m);
  const former = new Float64Array(m);
  for (let i = 0; i < n; i++) {
    const row = result.subarray(i * m, (i + 1) * m);
    row[i] = 1;
    for (const { signs, places } of drawn) {
      former.set(row);
      for (let k = 0; k < m; k++) row[places[k]!] = signs[k]! * former[k]!;
      transform(row.subarray(0, size));
      if (size < m) transform(row.subarray(m - size));
    }
  }
  return result;
}

function drawRound(m: number, random: Random): Round {
  const places = Uint32Array.from({ length: m }, (_, i) => i);
  for (let i = m - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    [places[i], places[j]] = [places[j]!, places[i]!];
  }
  return { places, signs: Float64Array.from({ length: m }, () => (random.uniform() < 0.5 ? -1 : 1)) };
}

/** The orthonormal Walsh–Hadamard transform, in place; the length is a power of two. */
function transform(x: Float64Array): void {
  const { length } = x;
  for (let half = 1; half < length; half *= 2) {
    for (let start = 0; start < length; start += 2 * half) {
      for (let i = start; i < start + half; i++) {
        const [a, b] = [x[i]!, x[i + half]!];
        x[i] = a + b;
        x[i + half] = a - b;
      }
    }
  }
  const scale = 1 / Math.sqrt(length);
  for (let i = 0; i < length; i++) x[i]! *= scale;
}
