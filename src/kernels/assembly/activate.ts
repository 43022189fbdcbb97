/** Applies an activation to rows, and its derivative to a gradient; NaN stays NaN. */

import {
  LEAK,
  SELU_SCALE,
  SELU_SCALE_ALPHA,
  SIXTH,
  elu,
  expm1OfNegative,
  exponential,
  hardSigmoid,
  leakyRelu,
  sigmoid,
  softplus,
  softsign,
  tanh,
} from "./activation";
import {
  ELU,
  EXPONENTIAL,
  GELU,
  HARD_SIGMOID,
  HARD_SIGMOID_6,
  LEAKY_RELU,
  RELU,
  RELU6,
  SELU,
  SIGMOID,
  SOFTPLUS,
  SOFTSIGN,
  TANH,
} from "./activationCodes";
import { activateCurved } from "./curvedActivation";
import { copy } from "./simd";

/**
 * `to` = activation(`from`) for `rows` rows; the two may be the same.
 * @param slopes rows for the derivatives of an activation from GELU on; 0: not kept.
 */
export function activate(kind: i32, from: usize, to: usize, rows: i32, slopes: usize): void {
  const end = from + <usize>rows * 32;
  if (kind == TANH) {
    for (; from < end; from += 16, to += 16) v128.store(to, tanh(v128.load(from)));
  } else if (kind == SIGMOID) {
    for (; from < end; from += 16, to += 16) v128.store(to, sigmoid(v128.load(from)));
  } else if (kind == HARD_SIGMOID) {
    for (; from < end; from += 16, to += 16) v128.store(to, hardSigmoid(v128.load(from), 0.2));
  } else if (kind == HARD_SIGMOID_6) {
    for (; from < end; from += 16, to += 16) v128.store(to, hardSigmoid(v128.load(from), SIXTH));
  } else if (kind == LEAKY_RELU) {
    for (; from < end; from += 16, to += 16) v128.store(to, leakyRelu(v128.load(from)));
  } else if (kind == RELU) {
    // pmax(a, b) is a unless a < b, so a NaN stays.
    for (; from < end; from += 16, to += 16) v128.store(to, f32x4.pmax(v128.load(from), f32x4.splat(0)));
  } else if (kind == RELU6) {
    for (; from < end; from += 16, to += 16)
      v128.store(to, f32x4.pmin(f32x4.pmax(v128.load(from), f32x4.splat(0)), f32x4.splat(6)));
  } else if (kind == ELU) {
    for (; from < end; from += 16, to += 16) v128.store(to, elu(v128.load(from), 1, 1));
  } else if (kind == SELU) {
    for (; from < end; from += 16, to += 16) v128.store(to, elu(v128.load(from), SELU_SCALE, SELU_SCALE_ALPHA));
  } else if (kind == SOFTSIGN) {
    for (; from < end; from += 16, to += 16) v128.store(to, softsign(v128.load(from)));
  } else if (kind == SOFTPLUS) {
    for (; from < end; from += 16, to += 16) v128.store(to, softplus(v128.load(from)));
  } else if (kind == EXPONENTIAL) {
    for (; from < end; from += 16, to += 16) v128.store(to, exponential(v128.load(from)));
  } else if (kind >= GELU) {
    activateCurved(kind, from, to, rows, slopes);
  } else if (from != to) {
    copy(to, from, <usize>rows * 32);
  }
}

/** Whether the derivative jumps at an output of 0: what is above it must not become 0. */
export function hasKink(kind: i32): bool {
  return kind == RELU || kind == RELU6 || kind == LEAKY_RELU || kind == SELU || kind == HARD_SIGMOID || kind == HARD_SIGMOID_6;
}

/**
 * `d` × the activation's derivative, computed from its output `y`, or, from GELU on, kept at `slope`. A clipped hardSigmoid passes nothing, whatever `d`
 * is, as in tfjs.
 */
@inline
export function throughActivation(kind: i32, d: v128, y: v128, slope: usize): v128 {
  if (kind == TANH) return f32x4.mul(d, f32x4.sub(f32x4.splat(1), f32x4.mul(y, y)));
  if (kind == SIGMOID) return f32x4.mul(d, f32x4.mul(y, f32x4.sub(f32x4.splat(1), y)));
  if (kind == HARD_SIGMOID || kind == HARD_SIGMOID_6) {
    const clipped = v128.or(f32x4.le(y, f32x4.splat(0)), f32x4.ge(y, f32x4.splat(1)));
    return v128.andnot(f32x4.mul(d, f32x4.splat(kind == HARD_SIGMOID ? <f32>0.2 : SIXTH)), clipped);
  }
  // Multiplied, as in tfjs, so that ∞ or NaN stays visible at a dead unit.
  if (kind == RELU) return f32x4.mul(d, v128.andnot(f32x4.splat(1), f32x4.le(y, f32x4.splat(0))));
  if (kind == LEAKY_RELU) return f32x4.mul(d, v128.bitselect(f32x4.splat(1), f32x4.splat(LEAK), f32x4.gt(y, f32x4.splat(0))));
  if (kind == RELU6) {
    const passes = v128.and(f32x4.gt(y, f32x4.splat(0)), f32x4.lt(y, f32x4.splat(6)));
    return f32x4.mul(d, v128.and(f32x4.splat(1), passes));
  }
  if (kind == ELU) return f32x4.mul(d, f32x4.add(f32x4.pmin(y, f32x4.splat(0)), f32x4.splat(1)));
  if (kind == SELU) {
    const below = f32x4.add(y, f32x4.splat(SELU_SCALE_ALPHA));
    return f32x4.mul(d, v128.bitselect(below, f32x4.splat(SELU_SCALE), f32x4.le(y, f32x4.splat(0))));
  }
  if (kind == SOFTSIGN) {
    const rest = f32x4.sub(f32x4.splat(1), f32x4.abs(y));
    return f32x4.mul(d, f32x4.mul(rest, rest));
  }
  // σ(x) = 1 − exp(−softplus(x)).
  if (kind == SOFTPLUS) return f32x4.mul(d, f32x4.neg(expm1OfNegative(f32x4.neg(y))));
  if (kind == EXPONENTIAL) return f32x4.mul(d, y);
  if (kind >= GELU) return f32x4.mul(d, v128.load(slope));
  return d;
}
