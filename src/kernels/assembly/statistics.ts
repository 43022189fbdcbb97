/** Reduces norms per timestep and sample to the figures reported per timestep, in float64 with a separate exponent. */

import { GATES_RECORD, GATES_TIMESCALE } from "./gates";
import { firstOf, hasBegun } from "./held";
import { LSTM, Plan, SIMPLE_RNN } from "./planBlock";
import { C_FIELDS, CONTRIBUTION, EDGE, GATE_SHARES, H_FIELDS, NON_FINITE, NORM, PERCENTILES, SENDING_NORM, STATISTICS, TIMESCALE } from "./records";
import { commonExponent } from "./weightGradient";

const NOTHING: i32 = -1 << 30;
/** Sort keys of samples without a gradient and of samples whose gradient is not finite. */
const ZERO_KEY: f64 = -1e9;

/** 2^n, 0 below float64's normal range. */
@inline
function powerOfTwo64(n: i32): f64 {
  return n < -1022 ? 0 : reinterpret<f64>(<u64>(min<i32>(n, 1023) + 1023) << 52);
}

@inline
function put(record: usize, field: i32, value: f64): void {
  store<f64>(record + (<usize>field << 3), value);
}

/** Σ over the samples that began at `before` or earlier, of squares × 4^e as (sum, e): the sum of squares is field × 4^(field + 1). */
function sumSquares(plan: Plan, t: i32, before: i32, squares: usize, exponents: usize, record: usize, field: i32): void {
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
function percentiles(plan: Plan, t: i32, squares: usize, keys: usize, record: usize, field: i32): void {
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
    // ceil(share × n) − 1 in whole numbers.
    const rank = (n * (i == 0 ? 1 : i == 1 ? 5 : 9) + 9) / 10 - 1;
    const key = load<f64>(keys + (<usize>rank << 3));
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

function state(plan: Plan, t: i32, squares: usize, edges: usize, edgeExponents: usize, counts: usize, keys: usize, record: usize, field: i32): void {
  sumSquares(plan, t, t, squares, plan.exponent, record, field + NORM);
  // The first timestep of a shorter sample sends to an initial state, not to a timestep, so the gain leaves it out.
  const sending = max<i32>(plan.first, t - 1);
  sumSquares(plan, t, sending, edges, edgeExponents, record, field + EDGE);
  let n = 0;
  const from = counts + (<usize>(t * plan.panels * 8) << 2);
  for (let b = 0; b < plan.B; ++b) if (hasBegun(plan, t, b)) n += load<i32>(from + (<usize>b << 2));
  put(record, field + NON_FINITE, n);
  percentiles(plan, t, squares, keys, record, field + PERCENTILES);
  if (plan.starts) sumSquares(plan, t, sending, squares, plan.exponent, record, field + SENDING_NORM);
  else {
    put(record, field + SENDING_NORM, load<f64>(record + (<usize>(field + NORM) << 3)));
    put(record, field + SENDING_NORM + 1, load<f64>(record + (<usize>(field + NORM + 1) << 3)));
  }
}

/** Fills `plan.statistics` for those of the timesteps `from` … `to` − 1 at which a sample has begun. */
export function statistics(plan: Plan, worker: i32, from: i32, to: i32): void {
  const keys = plan.sorting + ((<usize>worker * <usize>plan.B) << 3);
  for (let t = max<i32>(from, plan.first); t < to; ++t) {
    const record = plan.statistics + <usize>(t * STATISTICS) * 8;
    state(plan, t, plan.squaresH, plan.edgeSquaresH, plan.edgeExponentH, plan.nonFiniteH, keys, record, H_FIELDS);
    if (plan.kind == LSTM) state(plan, t, plan.squaresC, plan.edgeSquaresC, plan.edgeExponentC, plan.nonFiniteC, keys, record, C_FIELDS);

    let sum: f64 = 0;
    for (let w = 0; w < plan.workers; ++w) {
      const s = plan.squares + <usize>w * plan.squaresStride + <usize>t * 16;
      for (let i: usize = 0; i < 16; i += 4) sum += load<f32>(s + i);
    }
    put(record, CONTRIBUTION, sum);
    put(record, CONTRIBUTION + 1, commonExponent(plan, t));

    if (plan.kind == SIMPLE_RNN) continue;
    let begun = 0;
    for (let b = 0; b < plan.B; ++b) begun += <i32>hasBegun(plan, t, b);
    const n = <f64>(begun * plan.H);
    for (let i = 0; i < 6; ++i) {
      let count = 0;
      for (let p = 0; p < plan.panels; ++p) if (firstOf(plan, p) <= t) count += load<i32>(plan.gates + <usize>(t * plan.panels + p) * GATES_RECORD + (<usize>i << 2));
      put(record, GATE_SHARES + i, <f64>count / n);
    }
    let timescale: f64 = 0;
    for (let p = 0; p < plan.panels; ++p) if (firstOf(plan, p) <= t) timescale += load<f32>(plan.gates + <usize>(t * plan.panels + p) * GATES_RECORD + GATES_TIMESCALE);
    put(record, TIMESCALE, timescale / n);
  }
}
