/**
 * Large random orthogonal matrices in O(n² log n): products of random signs, random permutations and Walsh–Hadamard
 * transforms (Yu et al. 2016, "Orthogonal random features": HD₁HD₂HD₃). They are exactly orthogonal. Their entries are
 * distributed like those of a uniformly drawn matrix, but not every orthogonal matrix can occur. A uniform 4096 × 4096
 * matrix would take minutes.
 */

import type { Random } from "../data/random.ts";
import type { Vectors } from "./vectors.ts";

const rounds = 3;

interface Round {
  readonly signs: Float64Array;
  readonly places: Uint32Array;
}

/** Up to `m` orthonormal vectors of `m` entries. */
export function structuredOrthogonal(m: number, random: Random): Vectors {
  const drawn = Array.from({ length: rounds }, () => drawRound(m, random));
  // The transform needs a power of two: it is applied to the first entries and, if these are not all, to the last ones.
  const size = 2 ** Math.floor(Math.log2(m));
  const former = new Float64Array(m);
  return (block, stride, first, count) => {
    for (let i = 0; i < count; i++) {
      const row = block.subarray(i * stride, i * stride + m);
      row.fill(0);
      row[first + i] = 1;
      for (const { signs, places } of drawn) {
        former.set(row);
        for (let k = 0; k < m; k++) row[places[k]!] = signs[k]! * former[k]!;
        transform(row, 0, size);
        if (size < m) transform(row, m - size, size);
      }
    }
  };
}

function drawRound(m: number, random: Random): Round {
  const places = Uint32Array.from({ length: m }, (_, i) => i);
  for (let i = m - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    [places[i], places[j]] = [places[j]!, places[i]!];
  }
  return { places, signs: Float64Array.from({ length: m }, () => (random.uniform() < 0.5 ? -1 : 1)) };
}

/**
 * The orthonormal Walsh–Hadamard transform of the entries from `at` on, in place; `size` is a power of two. Each pass
 * takes two of its steps, which halves the reading and writing.
 */
function transform(x: Float64Array, at: number, size: number): void {
  let half = 1;
  if (Math.log2(size) % 2 === 1) {
    for (let i = at; i < at + size; i += 2) {
      const a = x[i]!;
      const b = x[i + 1]!;
      x[i] = a + b;
      x[i + 1] = a - b;
    }
    half = 2;
  }
  for (; half < size; half *= 4) {
    for (let start = at; start < at + size; start += 4 * half) {
      for (let i = start; i < start + half; i++) {
        const a = x[i]!;
        const b = x[i + half]!;
        const c = x[i + 2 * half]!;
        const d = x[i + 3 * half]!;
        const ab = a + b;
        const cd = c + d;
        const a_b = a - b;
        const c_d = c - d;
        x[i] = ab + cd;
        x[i + half] = a_b + c_d;
        x[i + 2 * half] = ab - cd;
        x[i + 3 * half] = a_b - c_d;
      }
    }
  }
  const scale = 1 / Math.sqrt(size);
  for (let i = at; i < at + size; i++) x[i]! *= scale;
}
