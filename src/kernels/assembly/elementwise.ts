/** Operations on each value alone, and sums of columns, on what lies in the kernels' memory. */

import { COLUMNS, Elementwise, PART, PIECE, SHIFTED_BYTES, SQUARES_BYTES } from "./elementwiseBlock";
import { look } from "./look";
import { columnSums, outsideOf, shiftedSquares, shiftedSum, sumOfSquares } from "./sums";

/** Pieces `from` … `to` − 1 of x + y. */
export function add(p: Elementwise, from: i32, to: i32): void {
  let at = <usize>(from * PIECE) << 2;
  const all = <usize>p.count << 2, end = min<usize>(all, <usize>(to * PIECE) << 2);
  for (; at + 16 <= end; at += 16) v128.store(p.out + at, f32x4.add(v128.load(p.x + at), v128.load(p.y + at)));
  for (; at < end; at += 4) store<f32>(p.out + at, load<f32>(p.x + at) + load<f32>(p.y + at));
}

/** Pieces `from` … `to` − 1 of max(x, 0); NaN stays NaN. */
export function relu(p: Elementwise, from: i32, to: i32): void {
  const zero = f32x4.splat(0);
  let at = <usize>(from * PIECE) << 2;
  const all = <usize>p.count << 2, end = min<usize>(all, <usize>(to * PIECE) << 2);
  for (; at + 16 <= end; at += 16) {
    const x = v128.load(p.x + at);
    v128.store(p.out + at, v128.andnot(x, f32x4.le(x, zero)));
  }
  for (; at < end; at += 4) {
    const x = load<f32>(p.x + at);
    store<f32>(p.out + at, x <= 0 ? 0 : x);
  }
}

/**
 * Pieces `from` … `to` − 1 of y where x > 0, elsewhere y · 0, so that what is not finite stays visible; NaN where x is NaN.
 */
export function reluBack(p: Elementwise, from: i32, to: i32): void {
  const zero = f32x4.splat(0);
  let at = <usize>(from * PIECE) << 2;
  const all = <usize>p.count << 2, end = min<usize>(all, <usize>(to * PIECE) << 2);
  for (; at + 16 <= end; at += 16) {
    const x = v128.load(p.x + at);
    const y = v128.load(p.y + at);
    // y − y is y · 0, and never slow as a product of subnormal numbers is.
    const kept = v128.bitselect(y, f32x4.sub(y, y), f32x4.gt(x, zero));
    v128.store(p.out + at, v128.bitselect(kept, x, f32x4.eq(x, x)));
  }
  for (; at < end; at += 4) {
    const x = load<f32>(p.x + at);
    const y = load<f32>(p.y + at);
    store<f32>(p.out + at, x > 0 ? y : x <= 0 ? y - y : x);
  }
}

/** Sums of columns `from` · COLUMNS … `to` · COLUMNS − 1 over all rows. */
export function sumColumns(p: Elementwise, from: i32, to: i32): void {
  for (let i = from; i < to; ++i) {
    if (look()) return;
    const first = i * COLUMNS;
    columnSums(p.x + (<usize>first << 2), p.count, p.width, min<i32>(COLUMNS, p.width - first), p.out + (<usize>first << 2));
  }
}

/** Parts `from` … `to` − 1 of Σ x². */
export function sumSquares(p: Elementwise, from: i32, to: i32): void {
  for (let i = from; i < to; ++i) {
    if (look()) return;
    store<f64>(p.out + <usize>(i * SQUARES_BYTES), sumOfSquares(p.x + (<usize>(i * PART) << 2), min<i32>(PART, p.count - i * PART)));
  }
}

/** Parts `from` … `to` − 1 of Σ (x − shift), of its squares, and of the number of values that are not between `low` and `high`. */
export function sumShifted(p: Elementwise, from: i32, to: i32): void {
  for (let i = from; i < to; ++i) {
    if (look()) return;
    const part = p.out + <usize>(i * SHIFTED_BYTES);
    store<f64>(part, shiftedSum(p.x + (<usize>(i * PART) << 2), min<i32>(PART, p.count - i * PART), p.shift, p.low, p.high));
    store<f64>(part, shiftedSquares(), 8);
    store<f64>(part, <f64>outsideOf(), 16);
  }
}
