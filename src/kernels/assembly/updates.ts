/**
 * Updates of weights, four at a time, rounded to float32 after each operation as the engine's loops in JavaScript do. This
 * module is compiled alone, without data of its own: callers pass pieces through its memory.
 */

/**
 * One step of Adam for `n` weights, a multiple of 4: reads weights, gradients and both moments, writes the moments in
 * place and the new weights over the gradients.
 *
 * @param rate −learningRate.
 * @param kept factor of the weight, 1 without weight decay. Its product and the sum are float64 and rounded once.
 */
export function adam(
  weight: usize, gradient: usize, first: usize, second: usize, n: i32,
  beta1: f32, rest1: f32, beta2: f32, rest2: f32, correction1: f32, correction2: f32, epsilon: f32, rate: f32, kept: f64,
): void {
  const b1 = f32x4.splat(beta1), r1 = f32x4.splat(rest1), b2 = f32x4.splat(beta2), r2 = f32x4.splat(rest2);
  const c1 = f32x4.splat(correction1), c2 = f32x4.splat(correction2);
  const e = f32x4.splat(epsilon), r = f32x4.splat(rate), k = f64x2.splat(kept);
  const whole = kept == 1;
  for (; n > 0; n -= 4, weight += 16, gradient += 16, first += 16, second += 16) {
    const w = v128.load(weight), g = v128.load(gradient);
    const m = f32x4.add(f32x4.mul(v128.load(first), b1), f32x4.mul(g, r1));
    const v = f32x4.add(f32x4.mul(v128.load(second), b2), f32x4.mul(f32x4.mul(g, g), r2));
    v128.store(first, m);
    v128.store(second, v);
    const size = f32x4.add(f32x4.sqrt(f32x4.div(v, c2)), e);
    const move = f32x4.mul(f32x4.div(f32x4.div(m, c1), size), r);
    if (whole) {
      v128.store(gradient, f32x4.add(move, w));
      continue;
    }
    const low = f64x2.add(f64x2.promote_low_f32x4(move), f64x2.mul(k, f64x2.promote_low_f32x4(w)));
    const high = f64x2.add(f64x2.promote_low_f32x4(upper(move)), f64x2.mul(k, f64x2.promote_low_f32x4(upper(w))));
    v128.store(gradient, v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2));
  }
}

/** The upper two lanes in the lower ones. */
@inline
function upper(v: v128): v128 {
  return v128.shuffle<i64>(v, v, 1, 1);
}
