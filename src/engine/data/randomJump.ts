/**
 * Skips many random numbers at once. A step of xoshiro128 is linear over the bits of its state, so n steps are the n-th
 * power of a matrix of 128 × 128 bits, by repeated squaring: a checkpoint may say that any number was drawn.
 */

export type Words = readonly [number, number, number, number];

/** The images of the 128 bits of a state. */
type Matrix = readonly Words[];

const bits = 128;

/** The state after this many pairs of steps. */
export function afterPairs(state: Words, pairs: number): Words {
  let power: Matrix = Array.from({ length: bits }, (_, i) => next(next(unit(i))));
  let now = state;
  for (let left = pairs; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) now = image(power, now);
    const root = power;
    if (left > 1) power = root.map((column) => image(root, column));
  }
  return now;
}

function unit(bit: number): Words {
  const word = (i: number): number => (bit >> 5 === i ? 1 << (bit & 31) : 0);
  return [word(0), word(1), word(2), word(3)];
}

function image(matrix: Matrix, [a, b, c, d]: Words): Words {
  const words = [a, b, c, d];
  let [w, x, y, z] = [0, 0, 0, 0];
  for (const [bit, column] of matrix.entries()) {
    if ((((words[bit >> 5] ?? 0) >>> (bit & 31)) & 1) === 0) continue;
    w ^= column[0];
    x ^= column[1];
    y ^= column[2];
    z ^= column[3];
  }
  return [w, x, y, z];
}

/** One step of xoshiro128's state. */
function next([a, b, c, d]: Words): Words {
  const [p, q] = [c ^ a, d ^ b];
  return [a ^ q, b ^ p, p ^ (b << 9), (q << 11) | (q >>> 21)];
}
