/** Packs rows of a left operand as the inner loop reads them: five at a time, [k][5]. */

import { LEFT_BYTES } from "./simd";
import { highHalves, interleaveHigh, interleaveLow, lowHalves } from "./transpose";

/** Packs four inner values of five rows as [4][5]. */
@inline
export function fourOfFive(a: v128, b: v128, c: v128, d: v128, e: v128, to: usize): void {
  const ab = interleaveLow(a, b), cd = interleaveLow(c, d), ab2 = interleaveHigh(a, b), cd2 = interleaveHigh(c, d);
  v128.store(to, lowHalves(ab, cd));
  v128.store32_lane(to, e, 0, 16);
  v128.store(to, highHalves(ab, cd), 20);
  v128.store32_lane(to, e, 1, 36);
  v128.store(to, lowHalves(ab2, cd2), 40);
  v128.store32_lane(to, e, 2, 56);
  v128.store(to, highHalves(ab2, cd2), 60);
  v128.store32_lane(to, e, 3, 76);
}

/** Packs `n` consecutive inner values of five rows as [n][5]. */
export function packFiveRows(a: usize, b: usize, c: usize, d: usize, e: usize, n: i32, to: usize): void {
  for (; n >= 4; n -= 4) {
    fourOfFive(v128.load(a), v128.load(b), v128.load(c), v128.load(d), v128.load(e), to);
    a += 16; b += 16; c += 16; d += 16; e += 16;
    to += 4 * LEFT_BYTES;
  }
  for (; n > 0; --n) {
    store<f32>(to, load<f32>(a), 0);
    store<f32>(to, load<f32>(b), 4);
    store<f32>(to, load<f32>(c), 8);
    store<f32>(to, load<f32>(d), 12);
    store<f32>(to, load<f32>(e), 16);
    a += 4; b += 4; c += 4; d += 4; e += 4;
    to += LEFT_BYTES;
  }
}
