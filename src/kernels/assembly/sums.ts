/**
 * Sums over float32 values, in float64 and two at a time. This module is compiled alone, without data of its own, so
 * that it can be instantiated on any memory, such as tfjs's: the values then need no copy.
 */

@inline
function firstTwo(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}
@inline
function lastTwo(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1));
}
@inline
function total(a: v128, b: v128): f64 {
  const sum = f64x2.add(a, b);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Σ v². */
export function sumOfSquares(at: usize, n: i32): f64 {
  let a = f64x2.splat(0), b = a, c = a, d = a;
  for (; n >= 8; n -= 8, at += 32) {
    const v = v128.load(at), w = v128.load(at, 16);
    const v0 = firstTwo(v), v1 = lastTwo(v), w0 = firstTwo(w), w1 = lastTwo(w);
    a = f64x2.add(a, f64x2.mul(v0, v0));
    b = f64x2.add(b, f64x2.mul(v1, v1));
    c = f64x2.add(c, f64x2.mul(w0, w0));
    d = f64x2.add(d, f64x2.mul(w1, w1));
  }
  let sum = total(f64x2.add(a, b), f64x2.add(c, d));
  for (; n > 0; --n, at += 4) {
    const v = <f64>load<f32>(at);
    sum += v * v;
  }
  return sum;
}

/** What a sum has found beside its result. */
let squares: f64 = 0;
let zeros: i32 = 0;

/** Σ v²; `zerosOf` then gives the number of zeros. */
export function squaresAndZeros(at: usize, n: i32): f64 {
  let a = f64x2.splat(0), b = a, c = a, d = a, counts = i32x4.splat(0);
  for (; n >= 8; n -= 8, at += 32) {
    const v = v128.load(at), w = v128.load(at, 16);
    const v0 = firstTwo(v), v1 = lastTwo(v), w0 = firstTwo(w), w1 = lastTwo(w);
    a = f64x2.add(a, f64x2.mul(v0, v0));
    b = f64x2.add(b, f64x2.mul(v1, v1));
    c = f64x2.add(c, f64x2.mul(w0, w0));
    d = f64x2.add(d, f64x2.mul(w1, w1));
    // A comparison that holds gives −1.
    counts = i32x4.sub(counts, i32x4.add(f32x4.eq(v, f32x4.splat(0)), f32x4.eq(w, f32x4.splat(0))));
  }
  zeros = i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1) + i32x4.extract_lane(counts, 2) + i32x4.extract_lane(counts, 3);
  let sum = total(f64x2.add(a, b), f64x2.add(c, d));
  for (; n > 0; --n, at += 4) {
    const v = <f64>load<f32>(at);
    sum += v * v;
    if (v == 0) ++zeros;
  }
  return sum;
}
export function zerosOf(): i32 {
  return zeros;
}

/** Σ (a − b)²; `firstSquares` then gives Σ a². */
export function squaredDistance(from: usize, to: usize, n: i32): f64 {
  // Two sums of each kind for each half: in one, an addition would wait for the previous one.
  let a = f64x2.splat(0), b = a, c = a, d = a, a2 = a, b2 = a, c2 = a, d2 = a;
  for (; n >= 8; n -= 8, from += 32, to += 32) {
    const v = v128.load(from), w = v128.load(to), x = v128.load(from, 16), y = v128.load(to, 16);
    const v0 = firstTwo(v), v1 = lastTwo(v), x0 = firstTwo(x), x1 = lastTwo(x);
    const d0 = f64x2.sub(v0, firstTwo(w)), d1 = f64x2.sub(v1, lastTwo(w));
    const e0 = f64x2.sub(x0, firstTwo(y)), e1 = f64x2.sub(x1, lastTwo(y));
    a = f64x2.add(a, f64x2.mul(d0, d0));
    b = f64x2.add(b, f64x2.mul(d1, d1));
    c = f64x2.add(c, f64x2.mul(v0, v0));
    d = f64x2.add(d, f64x2.mul(v1, v1));
    a2 = f64x2.add(a2, f64x2.mul(e0, e0));
    b2 = f64x2.add(b2, f64x2.mul(e1, e1));
    c2 = f64x2.add(c2, f64x2.mul(x0, x0));
    d2 = f64x2.add(d2, f64x2.mul(x1, x1));
  }
  let sum = total(f64x2.add(a, a2), f64x2.add(b, b2));
  squares = total(f64x2.add(c, c2), f64x2.add(d, d2));
  for (; n > 0; --n, from += 4, to += 4) {
    const v = <f64>load<f32>(from), apart = v - <f64>load<f32>(to);
    sum += apart * apart;
    squares += v * v;
  }
  return sum;
}
export function firstSquares(): f64 {
  return squares;
}

/** Number of values v with v ≤ low or v ≥ high. */
let outside: i32 = 0;

/** Σ (v − shift); `shiftedSquares` then gives Σ (v − shift)², and `outsideOf` the number of values v with v ≤ low or v ≥ high. */
export function shiftedSum(at: usize, n: i32, shift: f64, low: f64, high: f64): f64 {
  const shifts = f64x2.splat(shift), lows = f64x2.splat(low), highs = f64x2.splat(high);
  let a = f64x2.splat(0), b = a, c = a, d = a, counts = i64x2.splat(0);
  for (; n >= 4; n -= 4, at += 16) {
    const v = v128.load(at), u0 = firstTwo(v), u1 = lastTwo(v);
    const v0 = f64x2.sub(u0, shifts), v1 = f64x2.sub(u1, shifts);
    a = f64x2.add(a, v0);
    b = f64x2.add(b, v1);
    c = f64x2.add(c, f64x2.mul(v0, v0));
    d = f64x2.add(d, f64x2.mul(v1, v1));
    // A comparison that holds gives −1.
    counts = i64x2.sub(counts, v128.or(f64x2.le(u0, lows), f64x2.ge(u0, highs)));
    counts = i64x2.sub(counts, v128.or(f64x2.le(u1, lows), f64x2.ge(u1, highs)));
  }
  let sum = total(a, b);
  squares = total(c, d);
  outside = <i32>(i64x2.extract_lane(counts, 0) + i64x2.extract_lane(counts, 1));
  for (; n > 0; --n, at += 4) {
    const u = <f64>load<f32>(at), v = u - shift;
    sum += v;
    squares += v * v;
    if (u <= low || u >= high) ++outside;
  }
  return sum;
}
export function shiftedSquares(): f64 {
  return squares;
}
export function outsideOf(): i32 {
  return outside;
}

/** Number of values v with v < limit. */
export function countBelow(at: usize, n: i32, limit: f64): i32 {
  const limits = f64x2.splat(limit);
  let counts = i64x2.splat(0);
  for (; n >= 4; n -= 4, at += 16) {
    const v = v128.load(at);
    counts = i64x2.sub(counts, f64x2.lt(firstTwo(v), limits));
    counts = i64x2.sub(counts, f64x2.lt(lastTwo(v), limits));
  }
  let count = <i32>(i64x2.extract_lane(counts, 0) + i64x2.extract_lane(counts, 1));
  for (; n > 0; --n, at += 4) if (<f64>load<f32>(at) < limit) ++count;
  return count;
}

/** Number of values v with v > limit. */
export function countAbove(at: usize, n: i32, limit: f64): i32 {
  const limits = f64x2.splat(limit);
  let counts = i64x2.splat(0);
  for (; n >= 4; n -= 4, at += 16) {
    const v = v128.load(at);
    counts = i64x2.sub(counts, f64x2.gt(firstTwo(v), limits));
    counts = i64x2.sub(counts, f64x2.gt(lastTwo(v), limits));
  }
  let count = <i32>(i64x2.extract_lane(counts, 0) + i64x2.extract_lane(counts, 1));
  for (; n > 0; --n, at += 4) if (<f64>load<f32>(at) > limit) ++count;
  return count;
}

/** Σ 1 / (1 − v). */
export function sumOfTimescales(at: usize, n: i32): f64 {
  const one = f64x2.splat(1);
  let a = f64x2.splat(0), b = a;
  for (; n >= 4; n -= 4, at += 16) {
    const v = v128.load(at);
    a = f64x2.add(a, f64x2.div(one, f64x2.sub(one, firstTwo(v))));
    b = f64x2.add(b, f64x2.div(one, f64x2.sub(one, lastTwo(v))));
  }
  let sum = total(a, b);
  for (; n > 0; --n, at += 4) sum += 1 / (1 - <f64>load<f32>(at));
  return sum;
}

/** Writes four sums as float32. */
@inline
function storeFour(to: usize, a: v128, b: v128): void {
  const low = f32x4.demote_f64x2_zero(a), high = f32x4.demote_f64x2_zero(b);
  v128.store(to, v128.shuffle<i64>(low, high, 0, 2));
}

/** The sums of the first `columns` columns of `rows` rows with `width` values: a cache line of columns at a time. */
export function columnSums(from: usize, rows: i32, width: i32, columns: i32, to: usize): void {
  const stride = <usize>width << 2;
  let column = 0;
  for (; column + 16 <= columns; column += 16, from += 64, to += 64) {
    let a = f64x2.splat(0), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
    for (let at = from, end = from + <usize>rows * stride; at < end; at += stride) {
      const p = v128.load(at), q = v128.load(at, 16), r = v128.load(at, 32), s = v128.load(at, 48);
      a = f64x2.add(a, firstTwo(p));
      b = f64x2.add(b, lastTwo(p));
      c = f64x2.add(c, firstTwo(q));
      d = f64x2.add(d, lastTwo(q));
      e = f64x2.add(e, firstTwo(r));
      f = f64x2.add(f, lastTwo(r));
      g = f64x2.add(g, firstTwo(s));
      h = f64x2.add(h, lastTwo(s));
    }
    storeFour(to, a, b);
    storeFour(to + 16, c, d);
    storeFour(to + 32, e, f);
    storeFour(to + 48, g, h);
  }
  for (; column + 4 <= columns; column += 4, from += 16, to += 16) {
    let a = f64x2.splat(0), b = a;
    for (let at = from, end = from + <usize>rows * stride; at < end; at += stride) {
      const p = v128.load(at);
      a = f64x2.add(a, firstTwo(p));
      b = f64x2.add(b, lastTwo(p));
    }
    storeFour(to, a, b);
  }
  for (; column < columns; ++column, from += 4, to += 4) {
    let sum: f64 = 0;
    for (let at = from, end = from + <usize>rows * stride; at < end; at += stride) sum += <f64>load<f32>(at);
    store<f32>(to, <f32>sum);
  }
}
