/** The percentiles of the samples' norms at one timestep. */

import { hasBegun } from "./held";
import { Plan } from "./planBlock";
import { commonLaneExponent, NO_COMMON, put } from "./sampleFigures";

/** Sort keys of samples without a gradient and of samples whose gradient is not finite. */
const ZERO_KEY: f64 = -1e9;
/** float32's Infinity as bits: the bits of positive numbers have their order. */
const INFINITE_BITS: i32 = 0x7f800000;
/** Up to this number of samples, counting the smaller ones of each is faster than sorting. */
const COUNTED: i32 = 96;

/** 0-based rank of the i-th of 10th, 50th and 90th percentile: ceil(share × n) − 1 in whole numbers. */
@inline
function rankOf(i: i32, n: i32): i32 {
  return (n * (i == 0 ? 1 : i == 1 ? 5 : 9) + 9) / 10 - 1;
}

@inline
function total(counts: v128): i32 {
  return i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1) + i32x4.extract_lane(counts, 2) + i32x4.extract_lane(counts, 3);
}

/** The percentiles of `n` squares that have the exponent `e` in common, without sorting them. */
function countedPercentiles(squares: usize, n: i32, e: i32, keys: usize, record: usize, field: i32): void {
  const bytes = <usize>((n + 3) >> 2) * 16;
  for (let at: usize = 0; at < bytes; at += 16) {
    const s = v128.load(squares + at);
    v128.store(keys + at, v128.bitselect(s, i32x4.splat(INFINITE_BITS), f32x4.lt(s, f32x4.splat(Infinity))));
  }
  // What follows the last sample ranks highest.
  for (let at = <usize>n << 2; at < bytes; at += 4) store<i32>(keys + at, i32.MAX_VALUE);
  const low = rankOf(0, n), middle = rankOf(1, n), high = rankOf(2, n);
  for (let b = 0, found = 0; b < n && found < 7; ++b) {
    const bits = load<i32>(keys + (<usize>b << 2)), key = i32x4.splat(bits);
    // A comparison that holds gives −1.
    let less = i32x4.splat(0), equal = less;
    for (let at: usize = 0; at < bytes; at += 16) {
      const other = v128.load(keys + at);
      less = i32x4.sub(less, i32x4.lt_s(other, key));
      equal = i32x4.sub(equal, i32x4.eq(other, key));
    }
    const from = total(less), to = from + total(equal);
    const square = <f64>reinterpret<f32>(bits);
    const exponent: f64 = bits == 0 || bits == INFINITE_BITS ? 0 : e;
    if (from <= low && low < to) {
      found |= 1;
      put(record, field, square);
      put(record, field + 1, exponent);
    }
    if (from <= middle && middle < to) {
      found |= 2;
      put(record, field + 2, square);
      put(record, field + 3, exponent);
    }
    if (from <= high && high < to) {
      found |= 4;
      put(record, field + 4, square);
      put(record, field + 5, exponent);
    }
  }
}

/** Shell sort (Ciura's gaps): fast for batches of any size, without recursion. */
function sort(keys: usize, n: i32): void {
  let gap = n > 132 ? 301 : n > 57 ? 57 : n > 23 ? 23 : n > 10 ? 10 : 4;
  for (;;) {
    for (let i = gap; i < n; ++i) {
      const key = load<f64>(keys + (<usize>i << 3));
      let j = i;
      for (; j >= gap; j -= gap) {
        const other = load<f64>(keys + (<usize>(j - gap) << 3));
        if (other <= key) break;
        store<f64>(keys + (<usize>j << 3), other);
      }
      store<f64>(keys + (<usize>j << 3), key);
    }
    if (gap == 1) break;
    gap = gap == 301 ? 132 : gap == 132 ? 57 : gap == 57 ? 23 : gap == 23 ? 10 : gap == 10 ? 4 : 1;
  }
}

/**
 * 10th, 50th and 90th percentile (nearest rank) of the norms of the samples that have begun, as (square, e): the square
 * of the norm × 4^−e. The sort key is floor(log₂) + mantissa of the squares, which is exact and needs no logarithm.
 * Values that are not finite sort highest.
 */
export function percentiles(plan: Plan, t: i32, squares: usize, keys: usize, record: usize, field: i32): void {
  const from = <usize>(t * plan.panels * 8) << 2;
  if (!plan.starts && plan.B <= COUNTED) {
    const common = commonLaneExponent(squares + from, plan.exponent + from, plan.panels);
    if (common != NO_COMMON) {
      countedPercentiles(squares + from, plan.B, common, keys, record, field);
      return;
    }
  }
  let n = 0;
  for (let b = 0; b < plan.B; ++b) {
    if (!hasBegun(plan, t, b)) continue;
    const at = from + (<usize>b << 2);
    const s = load<f32>(squares + at);
    let key = ZERO_KEY;
    if (!(s < Infinity)) key = Infinity;
    else if (s > 0) {
      const bits = reinterpret<u64>(<f64>s);
      key = <f64>(<i32>(bits >>> 52) - 1023 + 2 * load<i32>(plan.exponent + at)) + reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000) - 1;
    }
    store<f64>(keys + (<usize>n << 3), key);
    ++n;
  }
  sort(keys, n);
  for (let i = 0; i < 3; ++i) {
    const key = load<f64>(keys + (<usize>rankOf(i, n) << 3));
    let square: f64 = 0;
    let e = 0;
    if (key == Infinity) square = Infinity;
    else if (key != ZERO_KEY) {
      const whole = floor(key);
      e = <i32>whole >> 1;
      square = (1 + key - whole) * (<i32>whole & 1 ? 2 : 1);
    }
    put(record, field + 2 * i, square);
    put(record, field + 2 * i + 1, e);
  }
}
