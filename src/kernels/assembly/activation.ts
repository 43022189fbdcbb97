/** Activations on vectors; NaN stays NaN. */

import { madd } from "./simd";

/** 1.5 × 2^23: adding it rounds a small float to the nearest integer, which then lies in the low mantissa bits. */
const ROUND: f32 = 12582912.0;
const LOG2E: f32 = 1.44269504088896341;
/** log 2 in two parts, the first with few mantissa bits, so that y − n·log 2 is exact (Cody & Waite 1980; constants from Cephes expf). */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
/** Below this, exp(y) is below float32's normal range. */
const EXP_FLOOR: f32 = -87.0;
/** Above this, exp(y) exceeds float32's range. */
const EXP_CEILING: f32 = 88.72283;
/** Klambauer et al. 2017, "Self-normalizing neural networks": λ, and λ·α. */
export const SELU_SCALE: f32 = 1.0507009873554804934;
export const SELU_SCALE_ALPHA: f32 = 1.7580993408473768599;

/** Slope below zero of Keras's `leaky_relu` without arguments. */
export const LEAK: f32 = 0.2;
export const SIXTH: f32 = 0.16666666666666666;

/** round(y / log 2) + ROUND. */
@inline
function rounded(y: v128): v128 {
  return f32x4.add(f32x4.mul(y, f32x4.splat(LOG2E)), f32x4.splat(ROUND));
}

/** 2^n for a `rounded` value. */
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

/** x if it is positive, otherwise x / 5. */
@inline
export function leakyRelu(x: v128): v128 {
  return v128.bitselect(f32x4.mul(x, f32x4.splat(LEAK)), x, f32x4.lt(x, f32x4.splat(0)));
}

/** 1/(1 + exp(−x)), from exp(−|x|) ≤ 1 so that nothing overflows and small values keep their relative precision. */
@inline
export function sigmoid(x: v128): v128 {
  const e = expOfNegative(f32x4.neg(f32x4.abs(x)));
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

/** exp(x) − 1 for x ≤ 0, with full relative precision near 0; NaN stays NaN. */
@inline
export function expm1OfNegative(x: v128): v128 {
  const y = f32x4.pmax(x, f32x4.splat(EXP_FLOOR));
  const n = rounded(y);
  const scale = scaleOf(n);
  return v128.bitselect(x, madd(scale, expm1Remainder(y, n), f32x4.sub(scale, f32x4.splat(1))), f32x4.ne(x, x));
}

/** exp(x) for x ≤ 0: 0 below float32's normal range; NaN stays. */
@inline
export function expOfNegative(x: v128): v128 {
  const floor = f32x4.splat(EXP_FLOOR);
  const y = f32x4.pmax(x, floor);
  const n = rounded(y);
  const scale = scaleOf(n);
  return v128.andnot(madd(scale, expm1Remainder(y, n), scale), f32x4.lt(x, floor));
}

/** exp(x): 0 below float32's normal range, Infinity above it. */
@inline
export function exponential(x: v128): v128 {
  // 2^128 does not fit in float32, so half of the exponent is applied twice.
  const y = f32x4.pmin(f32x4.pmax(x, f32x4.splat(EXP_FLOOR)), f32x4.splat(EXP_CEILING));
  const n = rounded(y);
  const k = i32x4.sub(n, f32x4.splat(ROUND));
  const half = i32x4.shr_s(k, 1);
  const first = i32x4.add(i32x4.shl(half, 23), i32x4.splat(0x3f800000));
  const second = i32x4.add(i32x4.shl(i32x4.sub(k, half), 23), i32x4.splat(0x3f800000));
  const e = f32x4.mul(f32x4.mul(f32x4.add(expm1Remainder(y, n), f32x4.splat(1)), first), second);
  const small = v128.andnot(e, f32x4.lt(x, f32x4.splat(EXP_FLOOR)));
  const large = v128.bitselect(f32x4.splat(Infinity), small, f32x4.gt(x, f32x4.splat(EXP_CEILING)));
  return v128.bitselect(x, large, f32x4.ne(x, x));
}

/** x if it is positive (or NaN), otherwise `scaleAlpha` × (exp(x) − 1); the positive part is multiplied by `scale`. */
@inline
export function elu(x: v128, scale: f32, scaleAlpha: f32): v128 {
  const below = f32x4.mul(expm1OfNegative(f32x4.pmin(x, f32x4.splat(0))), f32x4.splat(scaleAlpha));
  return v128.bitselect(below, f32x4.mul(x, f32x4.splat(scale)), f32x4.lt(x, f32x4.splat(0)));
}

/** log(1 + exp(x)) = max(x, 0) + log1p(exp(−|x|)), with log1p(u) = 2 artanh(u / (2 + u)), whose argument is at most ⅓. */
@inline
export function softplus(x: v128): v128 {
  const u = exponential(f32x4.neg(f32x4.abs(x)));
  const s = f32x4.div(u, f32x4.add(u, f32x4.splat(2)));
  const q = f32x4.mul(s, s);
  let p = f32x4.splat(0.07692307692); // 1/13
  p = madd(p, q, f32x4.splat(0.09090909091));
  p = madd(p, q, f32x4.splat(0.11111111111));
  p = madd(p, q, f32x4.splat(0.14285714286));
  p = madd(p, q, f32x4.splat(0.2));
  p = madd(p, q, f32x4.splat(0.33333333333));
  p = madd(p, q, f32x4.splat(1));
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), f32x4.mul(f32x4.mul(p, s), f32x4.splat(2)));
}

/** x / (1 + |x|). */
@inline
export function softsign(x: v128): v128 {
  return f32x4.div(x, f32x4.add(f32x4.abs(x), f32x4.splat(1)));
}

/** clip(slope × x + 0.5, 0, 1): a slope of 0.2 in tfjs, of 1/6 in Keras 3. */
@inline
export function hardSigmoid(x: v128, slope: f32): v128 {
  const y = f32x4.add(f32x4.mul(x, f32x4.splat(slope)), f32x4.splat(0.5));
  return f32x4.pmin(f32x4.pmax(y, f32x4.splat(0)), f32x4.splat(1));
}
