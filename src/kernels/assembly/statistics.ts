/** Reduces norms per timestep and sample to the figures reported per timestep, in float64 with a separate exponent. */

import { GATES_RECORD, GATES_TIMESCALE } from "./gates";
import { firstOf, hasBegun } from "./held";
import { look } from "./look";
import { percentiles, putRanks, sortColumns } from "./percentiles";
import { LSTM, Plan, SIMPLE_RNN } from "./planBlock";
import { C_FIELDS, CONTRIBUTION, EDGE, GATE_SHARES, H_FIELDS, NON_FINITE, NORM, PERCENTILES, SENDING_NORM, STATISTICS, TIMESCALE } from "./records";
import { NO_COMMON, put, scaledSquares, sumSquares } from "./sampleSquares";
import { commonExponent } from "./weightGradient";

/** Timesteps whose samples are ranked together. */
const COLUMNS: i32 = 4;

@inline
function recordOf(plan: Plan, t: i32): usize {
  return plan.statistics + <usize>(t * STATISTICS) * 8;
}

@inline
function copyPair(record: usize, from: i32, to: i32): void {
  for (let i = 0; i < 2; ++i) put(record, to + i, load<f64>(record + (<usize>(from + i) << 3)));
}

/** The figures of one state at `n` ≤ 4 timesteps from `t` on. `space`: this worker's part of `plan.sorting`. */
function state(plan: Plan, t: i32, n: i32, squares: usize, edges: usize, edgeExponents: usize, counts: usize, space: usize, field: i32): void {
  const B = plan.B, row = <usize>plan.panels * 32;
  // Four columns, the exponent of each, and the keys of a timestep that has none.
  const tops = space + row * 4, keys = tops + 16;
  for (let i = 0; i < n; ++i) {
    const from = <usize>(t + i) * row, record = recordOf(plan, t + i);
    // The first timestep of a shorter sample sends to an initial state, not to a timestep, so the gain leaves it out.
    const sending = max<i32>(plan.first, t + i - 1);
    const top = plan.starts ? NO_COMMON : scaledSquares(squares + from, plan.exponent + from, B, space + (<usize>i << 2), record, field + NORM);
    store<i32>(tops + (<usize>i << 2), top);
    if (top == NO_COMMON) sumSquares(plan, t + i, t + i, squares, plan.exponent, record, field + NORM);
    if (plan.starts || scaledSquares(edges + from, edgeExponents + from, B, 0, record, field + EDGE) == NO_COMMON)
      sumSquares(plan, t + i, sending, edges, edgeExponents, record, field + EDGE);
    if (plan.starts) sumSquares(plan, t + i, sending, squares, plan.exponent, record, field + SENDING_NORM);
    else copyPair(record, field + NORM, field + SENDING_NORM);
    let broken = 0;
    // A finite sum of squares has only finite entries.
    if (!(load<f64>(record + (<usize>(field + NORM) << 3)) < Infinity))
      for (let b = 0; b < B; ++b) if (hasBegun(plan, t + i, b)) broken += load<i32>(counts + from + (<usize>b << 2));
    put(record, field + NON_FINITE, broken);
  }
  if (!plan.starts) sortColumns(space, B);
  for (let i = 0; i < n; ++i) {
    const top = load<i32>(tops + (<usize>i << 2)), record = recordOf(plan, t + i);
    if (top == NO_COMMON) percentiles(plan, t + i, squares, keys, record, field + PERCENTILES);
    else putRanks(space + (<usize>i << 2), B, top, record, field + PERCENTILES);
  }
}

function contribution(plan: Plan, t: i32): void {
  let sum: f64 = 0;
  for (let w = 0; w < plan.workers; ++w) {
    const s = plan.squares + <usize>w * plan.squaresStride + <usize>t * 16;
    for (let i: usize = 0; i < 16; i += 4) sum += load<f32>(s + i);
  }
  put(recordOf(plan, t), CONTRIBUTION, sum);
  put(recordOf(plan, t), CONTRIBUTION + 1, commonExponent(plan, t));
}

function gates(plan: Plan, t: i32): void {
  const record = recordOf(plan, t);
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

/**
 * Fills `plan.statistics` for those of the timesteps `from` … `to` − 1 at which a sample has begun, except for what
 * `contributions` adds.
 */
export function statistics(plan: Plan, worker: i32, from: i32, to: i32): void {
  const space = plan.sorting + <usize>worker * (<usize>plan.panels * 192 + 16);
  for (let t = max<i32>(from, plan.first); t < to; t += COLUMNS) {
    if (look()) return;
    const n = min<i32>(COLUMNS, to - t);
    state(plan, t, n, plan.squaresH, plan.edgeSquaresH, plan.edgeExponentH, plan.nonFiniteH, space, H_FIELDS);
    if (plan.kind == LSTM) state(plan, t, n, plan.squaresC, plan.edgeSquaresC, plan.edgeExponentC, plan.nonFiniteC, space, C_FIELDS);
    if (plan.kind != SIMPLE_RNN) for (let i = t; i < t + n; ++i) gates(plan, i);
  }
}

/** Adds what each timestep contributes to the recurrent kernel's gradient, which all workers have computed by now. */
export function contributions(plan: Plan): void {
  for (let t = plan.first; t < plan.T; ++t) contribution(plan, t);
}
