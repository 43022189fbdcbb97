/** Activations and their derivatives on vectors; NaN stays NaN. */

import { copy, madd } from "./simd";

export const LINEAR: i32 = 0;
export const TANH: i32 = 1;
export const SIGMOID: i32 = 2;
export const RELU: i32 = 3;
export const HARD_SIGMOID: i32 = 4;

/** 1.5 × 2^23: added, it rounds a small float to the nearest integer, which then lies in the low mantissa bits. */
const ROUND: f32 = 12582912.0;
const LOG2E: f32 = 1.44269504088896341;
/** log 2 in two parts, the first with few mantissa bits, so that y − n·log 2 is exact (Cody & Waite 1980; constants from Cephes expf). */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
/** exp(y) is below float32's normal range from here on. */
const EXP_FLOOR: f32 = -87.0;

/** round(y / log 2) + ROUND. */
@inline
function rounded(y: v128): v128 {
  return f32x4.add(f32x4.mul(y, f32x4.splat(LOG2E)), f32x4.splat(ROUND));
}

/** 2^n of a `rounded` value. */
@inline
function scaleOf(n: v128): v128 {
  return i32x4.add(i32x4.shl(n, 23), i32x4.splat(0x3f800000));
}

/** exp(r) − 1 for the remainder r of y, |r| ≤ ½ log 2: the polynomial of Cephes expf (Moshier 1989). */
@inline
function expm1Remainder(y: v128, n: v128): v128 {
  const k = f32x4.sub(n, f32x4.splat(ROUND));
  const r = f32x4.sub(f32x4.sub(y, f32x4.mul(k, f32x4.splat(LN2_HIGH))), f32x4.mul(k, f32x4.splat(LN2_LOW)));
  let p = madd(r, f32x4.splat(1.9875691500e-4), f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  return madd(f32x4.mul(r, r), p, r);
}

/** 1/(1 + exp(−x)), from exp(−|x|) ≤ 1 so that nothing overflows and small values keep their relative precision. */
@inline
export function sigmoid(x: v128): v128 {
  const y = f32x4.neg(f32x4.abs(x));
  const floor = f32x4.splat(EXP_FLOOR);
  const n = rounded(f32x4.pmax(y, floor));
  const scale = scaleOf(n);
  const e = v128.andnot(madd(scale, expm1Remainder(f32x4.pmax(y, floor), n), scale), f32x4.lt(y, floor));
  const one = f32x4.splat(1);
  return f32x4.div(v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0))), f32x4.add(one, e));
}

/** tanh |x| = −m/(2 + m) with m = exp(−2|x|) − 1, which keeps full relative precision near 0. */
@inline
export function tanh(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const y = f32x4.pmax(f32x4.mul(magnitude, f32x4.splat(-2)), f32x4.splat(EXP_FLOOR));
  const n = rounded(y);
  const scale = scaleOf(n);
  const m = madd(scale, expm1Remainder(y, n), f32x4.sub(scale, f32x4.splat(1)));
  const t = f32x4.div(f32x4.abs(m), f32x4.add(f32x4.splat(2), m));
  return v128.or(t, v128.and(x, i32x4.splat(<i32>0x80000000)));
}

/** clip(0.2 x + 0.5, 0, 1), as in tfjs. */
@inline
function hardSigmoid(x: v128): v128 {
  const y = f32x4.add(f32x4.mul(x, f32x4.splat(0.2)), f32x4.splat(0.5));
  return f32x4.pmin(f32x4.pmax(y, f32x4.splat(0)), f32x4.splat(1));
}

/** `to` = activation(`from`) for `rows` rows; the two may be the same. */
export function activate(kind: i32, from: usize, to: usize, rows: i32): void {
  const end = from + <usize>rows * 32;
  if (kind == TANH) {
    for (; from < end; from += 16, to += 16) v128.store(to, tanh(v128.load(from)));
  } else if (kind == SIGMOID) {
    for (; from < end; from += 16, to += 16) v128.store(to, sigmoid(v128.load(from)));
  } else if (kind == HARD_SIGMOID) {
    for (; from < end; from += 16, to += 16) v128.store(to, hardSigmoid(v128.load(from)));
  } else if (kind == RELU) {
    // pmax(a, b) is a unless a < b: a NaN stays.
    for (; from < end; from += 16, to += 16) v128.store(to, f32x4.pmax(v128.load(from), f32x4.splat(0)));
  } else if (from != to) {
    copy(to, from, <usize>rows * 32);
  }
}

/** `d` × the activation's derivative, from its output `y`. A clipped hardSigmoid passes nothing, whatever `d` is, as in tfjs. */
@inline
export function throughActivation(kind: i32, d: v128, y: v128): v128 {
  if (kind == TANH) return f32x4.mul(d, f32x4.sub(f32x4.splat(1), f32x4.mul(y, y)));
  if (kind == SIGMOID) return f32x4.mul(d, f32x4.mul(y, f32x4.sub(f32x4.splat(1), y)));
  if (kind == HARD_SIGMOID) {
    const clipped = v128.or(f32x4.le(y, f32x4.splat(0)), f32x4.ge(y, f32x4.splat(1)));
    return v128.andnot(f32x4.mul(d, f32x4.splat(0.2)), clipped);
  }
  // Multiplied, as tfjs does: ∞ or NaN that meets a dead unit stays visible.
  if (kind == RELU) return f32x4.mul(d, v128.andnot(f32x4.splat(1), f32x4.le(y, f32x4.splat(0))));
  return d;
}
