/**
 * Activations that fall before they rise: their derivative does not follow from their output, so it is kept beside it.
 */

import { SIXTH, expOfNegative, hardSigmoid, sigmoid, tanh } from "./activation";
import { GELU, GELU_NEW, HARD_SWISH, MISH } from "./activationCodes";
import { madd } from "./simd";

const SQRT_HALF: f32 = 0.70710678118654752440;
/** 1/√(2π). */
const DENSITY: f32 = 0.39894228040143267794;
/** √(2/π), and the cubic term of the approximation with tanh (Hendrycks & Gimpel 2016, "Gaussian error linear units"). */
const SQRT_2_PI: f32 = 0.79788456080286535588;
const CUBIC: f32 = 0.044715;

/** `to` = activation(`from`) and `slopes` = its derivative for `rows` rows; with `slopes` 0 it is not kept. */
export function activateCurved(kind: i32, from: usize, to: usize, rows: i32, slopes: usize): void {
  for (const end = from + <usize>rows * 32; from < end; from += 16, to += 16) {
    const x = v128.load(from);
    if (kind == GELU) gelu(x, to, slopes);
    else if (kind == GELU_NEW) geluNew(x, to, slopes);
    else if (kind == MISH) mish(x, to, slopes);
    else if (kind == HARD_SWISH) hardSwish(x, to, slopes);
    else swish(x, to, slopes);
    if (slopes) slopes += 16;
  }
}

/** x·Φ(x), with erf by Abramowitz & Stegun 7.1.26, as in tfjs; the small tail is computed without a difference. */
@inline
function gelu(x: v128, to: usize, slope: usize): void {
  const one = f32x4.splat(1);
  const v = f32x4.mul(f32x4.abs(x), f32x4.splat(SQRT_HALF));
  const t = f32x4.div(one, madd(f32x4.splat(0.3275911), v, one));
  let p = madd(f32x4.splat(1.061405429), t, f32x4.splat(-1.453152027));
  p = madd(p, t, f32x4.splat(1.421413741));
  p = madd(p, t, f32x4.splat(-0.284496736));
  p = madd(p, t, f32x4.splat(0.254829592));
  const e = expOfNegative(f32x4.neg(f32x4.mul(v, v)));
  const tail = f32x4.mul(f32x4.splat(0.5), f32x4.mul(f32x4.mul(p, t), e));
  const share = v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
  v128.store(to, f32x4.mul(x, share));
  if (slope) v128.store(slope, madd(f32x4.mul(x, f32x4.splat(DENSITY)), e, share));
}

/** ½x·(1 + tanh(√(2/π)·(x + 0.044715·x³))). */
@inline
function geluNew(x: v128, to: usize, slope: usize): void {
  const one = f32x4.splat(1), half = f32x4.mul(x, f32x4.splat(0.5));
  const square = f32x4.mul(x, x);
  const t = tanh(f32x4.mul(f32x4.mul(x, f32x4.splat(SQRT_2_PI)), madd(f32x4.splat(CUBIC), square, one)));
  v128.store(to, madd(half, t, half));
  if (!slope) return;
  const inner = f32x4.mul(f32x4.splat(SQRT_2_PI), madd(f32x4.splat(3 * CUBIC), square, one));
  const rest = f32x4.mul(f32x4.sub(one, f32x4.mul(t, t)), inner);
  v128.store(slope, madd(half, rest, f32x4.mul(f32x4.splat(0.5), f32x4.add(one, t))));
}

/**
 * x·tanh(log(1 + eˣ)) (Misra 2019). With e = e^−|x|, the tanh is (1 + 2e) / (1 + 2e + 2e²) from 0 on, and
 * (e² + 2e) / (e² + 2e + 2) below: one exponential serves it and σ(x), and no difference loses digits.
 */
@inline
function mish(x: v128, to: usize, slope: usize): void {
  const one = f32x4.splat(1), two = f32x4.splat(2);
  const below = f32x4.lt(x, f32x4.splat(0));
  const e = expOfNegative(f32x4.neg(f32x4.abs(x)));
  const square = f32x4.mul(e, e);
  const above = madd(two, e, one), under = madd(two, e, square);
  const part = v128.bitselect(under, above, below);
  const t = f32x4.div(part, f32x4.add(part, v128.bitselect(two, f32x4.mul(two, square), below)));
  v128.store(to, f32x4.mul(x, t));
  if (!slope) return;
  const s = f32x4.div(v128.bitselect(e, one, below), f32x4.add(one, e));
  v128.store(slope, madd(f32x4.mul(x, s), f32x4.sub(one, f32x4.mul(t, t)), t));
}

/** x·σ(x) (Ramachandran, Zoph & Le 2017). */
@inline
function swish(x: v128, to: usize, slope: usize): void {
  const s = sigmoid(x);
  const y = f32x4.mul(x, s);
  v128.store(to, y);
  if (slope) v128.store(slope, madd(y, f32x4.sub(f32x4.splat(1), s), s));
}

/** x·clip(x/6 + ½, 0, 1) (Howard et al. 2019). */
@inline
function hardSwish(x: v128, to: usize, slope: usize): void {
  const share = hardSigmoid(x, SIXTH);
  v128.store(to, f32x4.mul(x, share));
  if (!slope) return;
  const inside = v128.and(f32x4.gt(share, f32x4.splat(0)), f32x4.lt(share, f32x4.splat(1)));
  v128.store(slope, f32x4.add(share, v128.and(f32x4.mul(x, f32x4.splat(SIXTH)), inside)));
}
