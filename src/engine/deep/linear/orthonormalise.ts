/** A QR decomposition of vectors that are stored as rows. */

import { dot } from "./multiply.ts";

/** A vector that projecting twice shrinks below this share is rounding noise. */
const noise = 1e-14;

/**
 * Makes `count` rows of `width` entries orthonormal, in place, by modified Gram–Schmidt, applied twice if a row loses
 * most of its length ("twice is enough", Giraud, Langou & Rozložník 2005). With the rows as columns of A, it is A = Q R
 * with a nonnegative diagonal of R. A row that depends on earlier rows becomes zero, and so does its diagonal entry.
 *
 * @param r `count × count`, row-major: on return `r[i][j]`, j ≤ i, is the share of new row j in old row i; zero above.
 */
export function orthonormalise(rows: Float64Array, count: number, width: number, r: Float64Array): void {
  r.fill(0, 0, count * count);
  for (let i = 0; i < count; i++) {
    const own = i * width;
    const before = norm(rows, own, width);
    if (!(before > 0)) continue;
    let now = before;
    for (let round = 0; round < 2; round++) {
      const last = now;
      for (let j = 0; j < i; j++) {
        const other = j * width;
        const share = dot(rows, own, rows, other, width);
        if (share === 0) continue;
        r[i * count + j] = r[i * count + j]! + share;
        for (let k = 0; k < width; k++) rows[own + k] = rows[own + k]! - share * rows[other + k]!;
      }
      now = norm(rows, own, width);
      if (now > last / 2) break;
    }
    const left = now;
    if (left <= before * noise) {
      rows.fill(0, own, own + width);
      continue;
    }
    r[i * count + i] = left;
    for (let k = 0; k < width; k++) rows[own + k] = rows[own + k]! / left;
  }
}

function norm(values: Float64Array, from: number, width: number): number {
  let largest = 0;
  for (let k = from; k < from + width; k++) largest = Math.max(largest, Math.abs(values[k]!));
  if (!(largest > 0) || largest === Infinity) return largest;
  let sum = 0;
  for (let k = from; k < from + width; k++) sum += (values[k]! / largest) ** 2;
  return largest * Math.sqrt(sum);
}
