/** Reduces norms per timestep and sample to the figures reported per timestep, in float64 with a separate exponent. */

import { GATES_RECORD, GATES_TIMESCALE } from "./gates";
import { firstOf, hasBegun } from "./held";
import { percentiles } from "./percentiles";
import { LSTM, Plan, SIMPLE_RNN } from "./planBlock";
import { C_FIELDS, CONTRIBUTION, EDGE, GATE_SHARES, H_FIELDS, NON_FINITE, NORM, PERCENTILES, SENDING_NORM, STATISTICS, TIMESCALE } from "./records";
import { commonLaneExponent, NO_COMMON, put } from "./sampleFigures";
import { commonExponent } from "./weightGradient";

const NOTHING: i32 = -1 << 30;

/** 2^n, 0 below float64's normal range. */
@inline
function powerOfTwo64(n: i32): f64 {
  return n < -1022 ? 0 : reinterpret<f64>(<u64>(min<i32>(n, 1023) + 1023) << 52);
}

/** Σ of `n` floats in float64. */
function sumOf(at: usize, n: i32): f64 {
  let a = f64x2.splat(0), b = a;
  for (; n >= 4; n -= 4, at += 16) {
    a = f64x2.add(a, f64x2.promote_low_f32x4(v128.load(at)));
    b = f64x2.add(b, f64x2.promote_low_f32x4(v128.load64_zero(at, 8)));
  }
  const sums = f64x2.add(a, b);
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (; n > 0; --n, at += 4) sum += load<f32>(at);
  return sum;
}

/** Σ over the samples that began at `before` or earlier, of squares × 4^e as (sum, e): the sum of squares is field × 4^(field + 1). */
function sumSquares(plan: Plan, t: i32, before: i32, squares: usize, exponents: usize, record: usize, field: i32): void {
  const from = <usize>(t * plan.panels * 8) << 2;
  const common = plan.starts ? NO_COMMON : commonLaneExponent(squares + from, exponents + from, plan.panels);
  if (common != NO_COMMON) {
    const sum = sumOf(squares + from, plan.B);
    put(record, field, sum);
    put(record, field + 1, sum == 0 ? 0 : common);
    return;
  }
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

function state(plan: Plan, t: i32, squares: usize, edges: usize, edgeExponents: usize, counts: usize, keys: usize, record: usize, field: i32): void {
  sumSquares(plan, t, t, squares, plan.exponent, record, field + NORM);
  // The first timestep of a shorter sample sends to an initial state, not to a timestep, so the gain leaves it out.
  const sending = max<i32>(plan.first, t - 1);
  sumSquares(plan, t, sending, edges, edgeExponents, record, field + EDGE);
  let n = 0;
  const from = counts + (<usize>(t * plan.panels * 8) << 2);
  // A finite sum of squares has only finite entries.
  const sum = load<f64>(record + (<usize>(field + NORM) << 3));
  if (!(sum < Infinity)) for (let b = 0; b < plan.B; ++b) if (hasBegun(plan, t, b)) n += load<i32>(from + (<usize>b << 2));
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
  const keys = plan.sorting + <usize>(worker * plan.panels) * 64;
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
