/** Reduces squared norms of samples, each with an exponent of its own, to one pair. */

import { hasBegun } from "./held";
import { Plan } from "./planBlock";

const NOTHING: i32 = -1 << 30;
/** What `scaledSquares` gives if the exponents are too far apart. */
export const NO_COMMON: i32 = i32.MIN_VALUE;
/** Smaller squares are not scaled: they could lose digits. */
const SMALLEST: f32 = 7.9e-31; // 2^−100

/** float32's Infinity as bits: the bits of numbers that are not negative have their order. */
export const INFINITE_BITS: i32 = 0x7f800000;

/** Writes a field of a timestep's statistics. */
@inline
export function put(record: usize, field: i32, value: f64): void {
  store<f64>(record + (<usize>field << 3), value);
}

/** 2^n, 0 below float64's normal range. */
@inline
function powerOfTwo64(n: i32): f64 {
  return n < -1022 ? 0 : reinterpret<f64>(<u64>(min<i32>(n, 1023) + 1023) << 52);
}

/** The largest exponent of a sample whose square is not 0. */
function topExponent(squares: usize, exponents: usize, n: i32): i32 {
  let top = i32x4.splat(NOTHING);
  for (let b = 0; b < n; b += 4) {
    const at = <usize>b << 2;
    const used = v128.and(f32x4.ne(v128.load(squares + at), f32x4.splat(0)), present(n - b));
    top = i32x4.max_s(top, v128.bitselect(v128.load(exponents + at), top, used));
  }
  const pairs = i32x4.max_s(top, v128.shuffle<i32>(top, top, 2, 3, 0, 1));
  return max<i32>(i32x4.extract_lane(pairs, 0), i32x4.extract_lane(pairs, 1));
}

/** All ones in the first `n` of four lanes. */
@inline
function present(n: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(n));
}

/**
 * Σ of the squares of `n` samples as a pair, in vectors, if they can be scaled to one exponent without losing digits.
 * Their bits, scaled, are written 16 bytes apart to `column`, unless it is 0; what is not finite as Infinity.
 * @returns the exponent, or `NO_COMMON` and nothing is written that counts.
 */
export function scaledSquares(squares: usize, exponents: usize, n: i32, column: usize, record: usize, field: i32): i32 {
  const found = topExponent(squares, exponents, n), top = found == NOTHING ? 0 : found;
  const zero = i32x4.splat(0);
  let lost = zero, a = f64x2.splat(0), b = a;
  for (let i = 0; i < n; i += 4) {
    const at = <usize>i << 2;
    const s = v128.and(v128.load(squares + at), present(n - i));
    const shift = i32x4.max_s(i32x4.min_s(i32x4.sub(v128.load(exponents + at), i32x4.splat(top)), zero), i32x4.splat(-63));
    // 4^shift
    const scaled = f32x4.mul(s, i32x4.shl(i32x4.add(i32x4.shl(shift, 1), i32x4.splat(127)), 23));
    lost = v128.or(lost, v128.and(f32x4.ne(s, f32x4.splat(0)), f32x4.lt(scaled, f32x4.splat(SMALLEST))));
    a = f64x2.add(a, f64x2.promote_low_f32x4(scaled));
    b = f64x2.add(b, f64x2.promote_low_f32x4(v128.shuffle<i32>(scaled, scaled, 2, 3, 2, 3)));
    if (!column) continue;
    const bits = v128.bitselect(scaled, i32x4.splat(INFINITE_BITS), f32x4.lt(scaled, f32x4.splat(Infinity)));
    const to = column + (at << 2);
    v128.store32_lane(to, bits, 0);
    v128.store32_lane(to, bits, 1, 16);
    v128.store32_lane(to, bits, 2, 32);
    v128.store32_lane(to, bits, 3, 48);
  }
  if (v128.any_true(lost)) return NO_COMMON;
  const sums = f64x2.add(a, b);
  put(record, field, f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1));
  put(record, field + 1, top);
  return top;
}

/** Σ over the samples that began at `before` or earlier, of squares × 4^e as (sum, e): the sum of squares is field × 4^(field + 1). */
export function sumSquares(plan: Plan, t: i32, before: i32, squares: usize, exponents: usize, record: usize, field: i32): void {
  const from = <usize>(t * plan.panels * 8) << 2;
  let top = NOTHING;
  for (let b = 0; b < plan.B; ++b) {
    if (!hasBegun(plan, before, b)) continue;
    const at = from + (<usize>b << 2);
    if (load<f32>(squares + at) != 0) top = max<i32>(top, load<i32>(exponents + at));
  }
  let sum: f64 = 0;
  for (let b = 0; b < plan.B; ++b) {
    if (!hasBegun(plan, before, b)) continue;
    const at = from + (<usize>b << 2);
    const s = load<f32>(squares + at);
    if (s != 0) sum += <f64>s * powerOfTwo64(2 * (load<i32>(exponents + at) - top));
  }
  put(record, field, sum);
  put(record, field + 1, top == NOTHING ? 0 : top);
}
