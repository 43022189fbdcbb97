/** Packs rows of a left operand as the inner loop reads them: six at a time, [k][6]. */

import { highHalves, interleaveHigh, interleaveLow, lowHalves } from "./transpose";

/** Packs four inner values of six rows as [4][6]. */
@inline
function fourOfSix(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, to: usize): void {
  const ab = interleaveLow(a, b), cd = interleaveLow(c, d), ab2 = interleaveHigh(a, b), cd2 = interleaveHigh(c, d);
  const ef = interleaveLow(e, f), ef2 = interleaveHigh(e, f);
  v128.store(to, lowHalves(ab, cd));
  v128.store64_lane(to, ef, 0, 16);
  v128.store(to, highHalves(ab, cd), 24);
  v128.store64_lane(to, ef, 1, 40);
  v128.store(to, lowHalves(ab2, cd2), 48);
  v128.store64_lane(to, ef2, 0, 64);
  v128.store(to, highHalves(ab2, cd2), 72);
  v128.store64_lane(to, ef2, 1, 88);
}

/** Packs `n` consecutive inner values of six rows as [n][6]. */
export function packSixRows(a: usize, b: usize, c: usize, d: usize, e: usize, f: usize, n: i32, to: usize): void {
  for (; n >= 4; n -= 4) {
    fourOfSix(v128.load(a), v128.load(b), v128.load(c), v128.load(d), v128.load(e), v128.load(f), to);
    a += 16; b += 16; c += 16; d += 16; e += 16; f += 16;
    to += 96;
  }
  for (; n > 0; --n) {
    store<f32>(to, load<f32>(a), 0);
    store<f32>(to, load<f32>(b), 4);
    store<f32>(to, load<f32>(c), 8);
    store<f32>(to, load<f32>(d), 12);
    store<f32>(to, load<f32>(e), 16);
    store<f32>(to, load<f32>(f), 20);
    a += 4; b += 4; c += 4; d += 4; e += 4; f += 4;
    to += 24;
  }
}
