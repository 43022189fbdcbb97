/** The percentiles of the samples' norms, timestep by timestep. */

import { hasBegun } from "./held";
import { Plan } from "./planBlock";
import { INFINITE_BITS, put } from "./sampleSquares";

/** Sort keys of samples without a gradient and of samples whose gradient is not finite. */
const ZERO_KEY: f64 = -1e9;

/** 0-based rank of the i-th of 10th, 50th and 90th percentile: ceil(share × n) − 1 in whole numbers. */
@inline
function rankOf(i: i32, n: i32): i32 {
  return (n * (i == 0 ? 1 : i == 1 ? 5 : 9) + 9) / 10 - 1;
}

/**
 * Sorts four columns of `n` 32-bit numbers side by side: Batcher's merge exchange (Knuth, TAOCP 5.2.2 M), which compares
 * in the same order whatever the numbers are, and so as well in four lanes.
 */
export function sortColumns(rows: usize, n: i32): void {
  let highest = 1;
  while (highest << 1 < n) highest <<= 1;
  for (let p = highest; p > 0; p >>= 1) {
    for (let q = highest, r = 0, d = p; ; d = q - p, q >>= 1, r = p) {
      for (let start = r; start < n - d; start += 2 * p) {
        for (let i = start, end = min<i32>(start + p, n - d); i < end; ++i) {
          const first = rows + (<usize>i << 4), second = first + (<usize>d << 4);
          const a = v128.load(first), b = v128.load(second);
          v128.store(first, i32x4.min_s(a, b));
          v128.store(second, i32x4.max_s(a, b));
        }
      }
      if (q == p) break;
    }
  }
}

/** Writes the percentiles of a sorted column: the bits of squares with the exponent `e` in common. */
export function putRanks(column: usize, n: i32, e: i32, record: usize, field: i32): void {
  for (let i = 0; i < 3; ++i) {
    const bits = load<i32>(column + (<usize>rankOf(i, n) << 4));
    put(record, field + 2 * i, reinterpret<f32>(bits));
    put(record, field + 2 * i + 1, bits == 0 || bits == INFINITE_BITS ? 0 : e);
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
