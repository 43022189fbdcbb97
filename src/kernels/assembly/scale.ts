/**
 * Block floating point for the state gradients: each sample's d_t is stored as d̂ × 2^e with one exponent e per
 * timestep, so that it neither underflows nor overflows, however far it travels. e changes only when max |d̂| leaves
 * [2^−20, 2^20].
 */

import { validLanes } from "./plan";
import { LSTM, Plan } from "./planBlock";
import { TILE_BYTES, copy, exponentOf, madd, powerOfTwo, tileCount } from "./simd";
import { toRows } from "./transpose";

const LIMIT: i32 = 20;
/** Sums of squares outside this range may have lost terms to float32's range and are recomputed from scaled values. */
const SQUARES_MIN: f32 = 7.9e-31; // 2^−100
const SQUARES_MAX: f32 = 1.2e30; // 2^100
/** Below this exponent every float32 is below the normal range. */
const GONE: i32 = -254;
/** Below any exponent that occurs. */
const NOTHING: i32 = -1 << 30;

/** Bytes of one panel's record of `Plan.factors`: eight fields of one float per lane. */
export const FACTORS: usize = 256;
/** Offsets of the factors of the recurrent part and of the direct part. */
export const RECURRENT_FACTOR: usize = 0;
export const DIRECT_FACTOR: usize = 32;
/** Offsets of two factors whose product is 2^e, because one power of two does not span float32's range. */
export const TRUE_FACTORS: usize = 64;
export const TRUE_FACTORS_2: usize = 96;
/**
 * Offsets of the figures that choose them: largest |value| of the recurrent part of ∂L/∂h and of ∂L/∂c, of the direct
 * part, and sums of squares.
 */
const MAX_H: usize = 128;
const MAX_C: usize = 160;
const MAX_DIRECT: usize = 192;
const SUMS: usize = 224;

@inline
function finite(v: f32): bool {
  return v - v == 0;
}

@inline
function at(base: usize, index: i32): usize {
  return base + (<usize>index << 2);
}

/** Writes the largest |value| of each lane to `to`; a NaN is skipped, because it shows in the squares. */
function maxima(from: usize, rows: i32, to: usize): void {
  let m0 = f32x4.splat(0), m1 = m0;
  for (let j = 0; j < rows; ++j, from += 32) {
    m0 = f32x4.pmax(m0, f32x4.abs(v128.load(from)));
    m1 = f32x4.pmax(m1, f32x4.abs(v128.load(from, 16)));
  }
  v128.store(to, m0);
  v128.store(to, m1, 16);
}

/** Like `maxima`, and also writes the sums of squares to `squares`. */
function measure(from: usize, rows: i32, to: usize, squares: usize): void {
  let m0 = f32x4.splat(0), m1 = m0, s0 = m0, s1 = m0;
  for (let j = 0; j < rows; ++j, from += 32) {
    const a = v128.load(from), b = v128.load(from, 16);
    m0 = f32x4.pmax(m0, f32x4.abs(a));
    m1 = f32x4.pmax(m1, f32x4.abs(b));
    s0 = madd(a, a, s0);
    s1 = madd(b, b, s1);
  }
  v128.store(to, m0);
  v128.store(to, m1, 16);
  v128.store(squares, s0);
  v128.store(squares, s1, 16);
}

/** Number of entries of lane `lane` that are NaN or infinite. */
function countNonFinite(from: usize, rows: i32, lane: i32): i32 {
  let n = 0;
  for (let j = 0; j < rows; ++j, from += 32) n += <i32>!finite(load<f32>(at(from, lane)));
  return n;
}

/**
 * Records, per sample, the squared norm of what crossed the edge from timestep `edge` to the previous one, each with
 * its own exponent. `rows` have the scale of timestep `scale`.
 */
function recordEdge(plan: Plan, edge: i32, scale: i32, panel: i32, rows: usize, maxField: usize, squaresTo: usize, exponentTo: usize): void {
  const record = plan.factors + <usize>panel * FACTORS;
  const maximaAt = record + maxField, sums = record + SUMS;
  measure(rows, plan.H, maximaAt, sums);
  const index = (edge * plan.panels + panel) * 8;
  const scales = (scale * plan.panels + panel) * 8;
  for (let lane = 0; lane < 8; ++lane) {
    let e = load<i32>(at(plan.exponent, scales + lane));
    let sum = load<f32>(at(sums, lane));
    const m = load<f32>(at(maximaAt, lane));
    if ((sum < SQUARES_MIN || sum > SQUARES_MAX) && m > 0 && finite(m)) {
      const shift = exponentOf(m);
      const f = powerOfTwo(-shift);
      sum = 0;
      for (let j = 0; j < plan.H; ++j) {
        const scaled = load<f32>(at(rows + <usize>j * 32, lane)) * f;
        sum += scaled * scaled;
      }
      e += shift;
    }
    store<f32>(at(squaresTo, index + lane), sum);
    store<i32>(at(exponentTo, index + lane), e);
  }
}

/**
 * Records what arrived at timestep `edge` − 1 from timestep `edge`: `rec` and, in an LSTM, `recC`. Leaves their maxima
 * for `chooseScale`.
 */
export function recordEdges(plan: Plan, edge: i32, panel: i32): void {
  const rowsH = plan.rec + <usize>panel * paddedRows(plan);
  recordEdge(plan, edge, edge, panel, rowsH, MAX_H, plan.edgeSquaresH, plan.edgeExponentH);
  if (plan.kind == LSTM) {
    const rowsC = plan.recC + <usize>panel * paddedRows(plan);
    recordEdge(plan, edge, edge, panel, rowsC, MAX_C, plan.edgeSquaresC, plan.edgeExponentC);
  }
}

/**
 * Records what crossed the edge into timestep `t` in c, including its path through h_t: all of ∂L/∂c_t except what
 * enters `t` directly. If a gradient enters directly, `rows` holds this; otherwise it is ∂L/∂c_t itself, whose squares
 * are already known.
 */
export function recordEdgeC(plan: Plan, t: i32, panel: i32, direct: bool, rows: usize): void {
  if (direct) {
    recordEdge(plan, t + 1, t, panel, rows, MAX_C, plan.edgeSquaresC, plan.edgeExponentC);
    return;
  }
  const from = (t * plan.panels + panel) * 8, to = from + plan.panels * 8;
  copy(at(plan.edgeSquaresC, to), at(plan.squaresC, from), 32);
  copy(at(plan.edgeExponentC, to), at(plan.exponent, from), 32);
}

/**
 * Which lanes of a panel's gradients at timestep `t` may lose subnormal numbers (see `flushed`): all, or none if a
 * sample's numbers are smaller here than they are in truth.
 */
export function droppable(plan: Plan, t: i32, panel: i32): v128 {
  const e = at(plan.exponent, (t * plan.panels + panel) * 8);
  const top = i32x4.max_s(v128.load(e), v128.load(e, 16));
  return i32x4.splat(v128.any_true(i32x4.gt_s(top, i32x4.splat(0))) ? 0 : -1);
}

/** Bytes of one panel's [tiles × 5][8] buffer of one state. */
@inline
export function paddedRows(plan: Plan): usize {
  return <usize>tileCount(plan.H) * TILE_BYTES;
}

/**
 * Packs the loss's direct part of d_t, from the output sequence and (at the last timestep) the last state, into
 * `direct`, and their maxima.
 */
export function packDirect(plan: Plan, t: i32, panel: i32): bool {
  const H = plan.H, lanes = validLanes(plan, panel), to = plan.direct + <usize>panel * paddedRows(plan);
  const last = t == plan.T - 1 && plan.dhT != 0;
  if (plan.dy) {
    const stride = (<usize>plan.T * <usize>H) << 2;
    toRows(plan.dy + <usize>panel * 8 * stride + ((<usize>t * <usize>H) << 2), stride, lanes, H, to);
  }
  if (last) {
    const stride = <usize>H << 2;
    const from = plan.dhT + <usize>panel * 8 * stride;
    if (plan.dy) {
      for (let lane = 0; lane < lanes; ++lane)
        for (let j = 0; j < H; ++j) {
          const p = at(to + <usize>j * 32, lane);
          store<f32>(p, load<f32>(p) + load<f32>(at(from + <usize>lane * stride, j)));
        }
    } else toRows(from, stride, lanes, H, to);
  }
  if (plan.dy == 0 && !last) return false;
  maxima(to, H, plan.factors + <usize>panel * FACTORS + MAX_DIRECT);
  return true;
}

/**
 * Stores the two factors of 2^e. Both are 0 where nothing can be left in float32's normal range: products of the first
 * one would be subnormal (see `flushed`).
 */
function storeFactors(record: usize, lane: i32, e: i32): void {
  const first = max<i32>(-126, min<i32>(127, e));
  store<f32>(at(record + TRUE_FACTORS, lane), e < GONE ? 0 : powerOfTwo(first));
  store<f32>(at(record + TRUE_FACTORS_2, lane), powerOfTwo(e - first));
}

/**
 * Chooses e_t for each sample of a panel, and the factors that convert the recurrent part (from e_{t+1}) and the direct
 * part (from 0) to it. `direct`: whether the timestep has a direct part; `recurrent`: whether it has a recurrent one.
 */
export function chooseScale(plan: Plan, t: i32, panel: i32, recurrent: bool, direct: bool): void {
  const record = plan.factors + <usize>panel * FACTORS;
  const now = (t * plan.panels + panel) * 8;
  const before = now + plan.panels * 8;
  const lstm = plan.kind == LSTM;
  for (let lane = 0; lane < 8; ++lane) {
    const old = load<i32>(at(plan.exponent, before + lane));
    let r: f32 = 0;
    if (recurrent) {
      r = load<f32>(at(record + MAX_H, lane));
      if (lstm) r = max<f32>(r, load<f32>(at(record + MAX_C, lane)));
    }
    const y: f32 = direct ? load<f32>(at(record + MAX_DIRECT, lane)) : 0;
    let e = old;
    if (finite(r) && finite(y)) {
      const er = r > 0 ? old + exponentOf(r) : NOTHING;
      const ey = y > 0 ? exponentOf(y) : NOTHING;
      const top = max<i32>(er, ey);
      // One multiplication can raise the recurrent part by at most 2^127.
      if (top != NOTHING && (top - old > LIMIT || top - old < -LIMIT)) e = max<i32>(top, old - 127);
    }
    store<i32>(at(plan.exponent, now + lane), e);
    store<f32>(at(record + RECURRENT_FACTOR, lane), powerOfTwo(old - e));
    store<f32>(at(record + DIRECT_FACTOR, lane), powerOfTwo(-e));
    storeFactors(record, lane, e);
  }
}

/** Writes the squared norms of d_t (one float per sample) into the record. */
@inline
export function recordState(plan: Plan, t: i32, panel: i32, s0: v128, s1: v128, d: usize, squaresTo: usize, countsTo: usize): void {
  const index = (t * plan.panels + panel) * 8;
  v128.store(at(squaresTo, index), s0);
  v128.store(at(squaresTo, index), s1, 16);
  countState(plan, at(squaresTo, index), d, at(countsTo, index));
}

/** Counts NaN and infinite entries per sample; searches only if the norm shows that there are any. */
export function countState(plan: Plan, squares: usize, d: usize, counts: usize): void {
  v128.store(counts, i32x4.splat(0));
  v128.store(counts, i32x4.splat(0), 16);
  const sum = f32x4.add(v128.load(squares), v128.load(squares, 16));
  if (!v128.any_true(f32x4.ne(f32x4.sub(sum, sum), f32x4.splat(0)))) return;
  for (let lane = 0; lane < 8; ++lane)
    if (!finite(load<f32>(at(squares, lane)))) store<i32>(at(counts, lane), countNonFinite(d, plan.H, lane));
}
