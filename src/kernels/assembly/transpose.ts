/** Converts between row-major arrays (a sample's features side by side) and rows of 8 samples. */

import { flushed } from "./simd";

@inline
export function interleaveLow(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 4, 1, 5);
}
@inline
export function interleaveHigh(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 2, 6, 3, 7);
}
@inline
export function lowHalves(a: v128, b: v128): v128 {
  return v128.shuffle<i64>(a, b, 0, 2);
}
@inline
export function highHalves(a: v128, b: v128): v128 {
  return v128.shuffle<i64>(a, b, 1, 3);
}

@inline
function loadSample(from: usize, stride: usize, lane: i32, lanes: i32): v128 {
  return lane < lanes ? v128.load(from + <usize>lane * stride) : f32x4.splat(0);
}

/** Transposes four samples from `lane` on, four columns each, into four rows at `to`. */
@inline
function rowsOfFour(from: usize, stride: usize, lane: i32, lanes: i32, to: usize): void {
  const a = loadSample(from, stride, lane, lanes);
  const b = loadSample(from, stride, lane + 1, lanes);
  const c = loadSample(from, stride, lane + 2, lanes);
  const d = loadSample(from, stride, lane + 3, lanes);
  const ab = interleaveLow(a, b), cd = interleaveLow(c, d);
  const ab2 = interleaveHigh(a, b), cd2 = interleaveHigh(c, d);
  v128.store(to, lowHalves(ab, cd));
  v128.store(to, highHalves(ab, cd), 32);
  v128.store(to, lowHalves(ab2, cd2), 64);
  v128.store(to, highHalves(ab2, cd2), 96);
}

/** Writes `to`[column][8] from `lanes` samples of `columns` floats, `stride` bytes apart; missing samples are 0. */
export function toRows(from: usize, stride: usize, lanes: i32, columns: i32, to: usize): void {
  let column = 0;
  for (; column + 4 <= columns; column += 4) {
    rowsOfFour(from, stride, 0, lanes, to);
    rowsOfFour(from, stride, 4, lanes, to + 16);
    from += 16;
    to += 128;
  }
  for (; column < columns; ++column) {
    for (let lane = 0; lane < 8; ++lane)
      store<f32>(to + (<usize>lane << 2), lane < lanes ? load<f32>(from + <usize>lane * stride) : 0);
    from += 4;
    to += 32;
  }
}

/** Factors of 1 for `fromRows`. */
const ones = memory.data<f32>([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);

/** v × f × g with subnormal results flushed to 0. */
@inline
function scaled(v: v128, f: v128, g: v128): v128 {
  return flushed(f32x4.mul(f32x4.mul(v, f), g));
}

/** The reverse of `toRows`. With `factors` ([2][8] floats) each lane is multiplied by both of its factors. */
export function fromRows(from: usize, columns: i32, to: usize, stride: usize, lanes: i32, factors: usize): void {
  const f = factors ? factors : ones;
  for (let half = 0; half < lanes; half += 4) {
    const f1 = v128.load(f + (<usize>half << 2)), f2 = v128.load(f + (<usize>half << 2), 32);
    const n = min<i32>(4, lanes - half);
    let source = from + (<usize>half << 2), target = to + <usize>half * stride;
    let column = 0;
    for (; column + 4 <= columns; column += 4) {
      let a = v128.load(source), b = v128.load(source, 32), c = v128.load(source, 64), d = v128.load(source, 96);
      if (factors) {
        a = scaled(a, f1, f2);
        b = scaled(b, f1, f2);
        c = scaled(c, f1, f2);
        d = scaled(d, f1, f2);
      }
      const ab = interleaveLow(a, b), cd = interleaveLow(c, d);
      const ab2 = interleaveHigh(a, b), cd2 = interleaveHigh(c, d);
      v128.store(target, lowHalves(ab, cd));
      if (n > 1) v128.store(target + stride, highHalves(ab, cd));
      if (n > 2) v128.store(target + 2 * stride, lowHalves(ab2, cd2));
      if (n > 3) v128.store(target + 3 * stride, highHalves(ab2, cd2));
      source += 128;
      target += 16;
    }
    for (; column < columns; ++column) {
      let a = v128.load(source);
      if (factors) a = scaled(a, f1, f2);
      store<f32>(target, f32x4.extract_lane(a, 0));
      if (n > 1) store<f32>(target + stride, f32x4.extract_lane(a, 1));
      if (n > 2) store<f32>(target + 2 * stride, f32x4.extract_lane(a, 2));
      if (n > 3) store<f32>(target + 3 * stride, f32x4.extract_lane(a, 3));
      source += 32;
      target += 4;
    }
  }
}
