/**
 * The backward pass over the whole sequence: state gradients, their norms, and a_t = ∂L/∂(pre-activation), which
 * replaces the gates.
 */

import { ADD, STORE, gemm } from "./gemm";
import { gruBackward } from "./gru";
import { countBegun, dropStates, firstOf, nextBegun, release } from "./held";
import { look } from "./look";
import { lstmBackward } from "./lstm";
import { group, validLanes } from "./plan";
import { LSTM, Plan, SIMPLE_RNN, TO_KERNEL } from "./planBlock";
import { DIRECT_FACTOR, FACTORS, RECURRENT_FACTOR, TRUE_FACTORS, chooseScale, packDirect, paddedRows, recordEdges, recordState } from "./scale";
import { simpleBackward } from "./simple";
import { LEFT_BYTES, PANELS_AT_ONCE, TILE_BYTES, clear, madd, tileCount } from "./simd";
import { fromRows, toRows } from "./transpose";

@inline
function v(p: usize): v128 {
  return v128.load(p);
}

/**
 * Writes d = recurrent part × its factor + direct part × its factor over `rec` and records its norms. Leaves the scaled
 * recurrent part in `direct`.
 */
function assemble(plan: Plan, t: i32, panel: i32, direct: bool): void {
  const d = plan.rec + <usize>panel * paddedRows(plan), y = plan.direct + <usize>panel * paddedRows(plan);
  const record = plan.factors + <usize>panel * FACTORS;
  const r0 = v128.load(record, RECURRENT_FACTOR), r1 = v128.load(record, RECURRENT_FACTOR + 16);
  const y0 = v128.load(record, DIRECT_FACTOR), y1 = v128.load(record, DIRECT_FACTOR + 16);
  let s0 = f32x4.splat(0), s1 = s0;
  for (let at: usize = 0, end = <usize>plan.H * 32; at < end; at += 32) {
    let a = f32x4.mul(v(d + at), r0), b = f32x4.mul(v128.load(d + at, 16), r1);
    if (direct) {
      const y0At = v(y + at), y1At = v128.load(y + at, 16);
      v128.store(y + at, a);
      v128.store(y + at, b, 16);
      a = madd(y0At, y0, a);
      b = madd(y1At, y1, b);
    }
    v128.store(d + at, a);
    v128.store(d + at, b, 16);
    s0 = madd(a, a, s0);
    s1 = madd(b, b, s1);
  }
  recordState(plan, t, panel, s0, s1, d, plan.squaresH, plan.nonFiniteH);
}

/** Processes timestep `t` for `n` panels starting at `panel`. */
function timestep(plan: Plan, t: i32, panel: i32, n: i32): void {
  const kind = plan.kind, padded = paddedRows(plan);
  const rec = plan.rec + <usize>panel * padded;
  const recurrent = t < plan.T - 1;

  let direct = false;
  for (let q = 0; q < n; ++q) {
    direct = packDirect(plan, t, panel + q);
    if (recurrent || (kind == LSTM && plan.dcT)) recordEdges(plan, t + 1, panel + q);
    chooseScale(plan, t, panel + q, recurrent || (kind == LSTM && plan.dcT != 0), direct);
    assemble(plan, t, panel + q, direct);
  }

  if (kind == SIMPLE_RNN) simpleBackward(plan, t, panel, n);
  else if (kind == LSTM) lstmBackward(plan, t, panel, n, direct);
  else gruBackward(plan, t, panel, n);
  if (plan.recurrentMask) for (let q = 0; q < n; ++q) dropStates(plan, panel + q, rec + <usize>q * padded);
  if (plan.dx) inputGradient(plan, t, panel, n);
}

/** ∂L/∂x_t = W·a_t, scaled back to its true value. */
function inputGradient(plan: Plan, t: i32, panel: i32, n: i32): void {
  const D = plan.D, tiles = tileCount(D), zPanel = <usize>plan.zRows * 32, padded = <usize>tiles * TILE_BYTES;
  const z = plan.z + <usize>t * plan.zStride + <usize>panel * zPanel;
  const rows = plan.dxRows + <usize>panel * padded;
  let mode = STORE;
  for (let i = 0; i < plan.groups; ++i) {
    const g = group(plan, i);
    if (!(g.flags & TO_KERNEL)) continue;
    gemm(plan.inputWeights + <usize>g.zStart * LEFT_BYTES, plan.zRows, tiles, z + <usize>g.zStart * 32, zPanel, g.count, rows, padded, n, mode);
    mode = ADD;
  }
  const position = plan.reversed ? plan.T - 1 - t : t;
  const stride = (<usize>plan.T * <usize>D) << 2;
  for (let q = 0; q < n; ++q)
    fromRows(rows + <usize>q * padded, D, plan.dx + <usize>(panel + q) * 8 * stride + ((<usize>position * <usize>D) << 2), stride, validLanes(plan, panel + q), plan.factors + <usize>(panel + q) * FACTORS + TRUE_FACTORS);
}

/** Ends the way back through time here: nothing arrives at the previous timestep. */
function cut(plan: Plan, from: i32, to: i32): void {
  const padded = paddedRows(plan), offset = <usize>from * padded, bytes = <usize>(to - from) * padded;
  clear(plan.rec + offset, bytes);
  if (plan.kind == LSTM) clear(plan.recC + offset, bytes);
}

/** Processes panels `from` … `to` − 1 over all timesteps, down to the gradients of the initial states. */
export function backward(plan: Plan, from: i32, to: i32): void {
  const padded = paddedRows(plan), stride = <usize>plan.H << 2;
  const lstm = plan.kind == LSTM;
  for (let p = from; p < to; ++p) {
    clear(plan.rec + <usize>p * padded, padded);
    if (lstm) {
      const dc = plan.recC + <usize>p * padded;
      clear(dc, padded);
      if (plan.dcT) toRows(plan.dcT + <usize>p * 8 * stride, stride, validLanes(plan, p), plan.H, dc);
      if (plan.peephole) clear(plan.peepholeSums + <usize>p * <usize>plan.H * 96, <usize>plan.H * 96);
    }
    clear(plan.exponent + <usize>(plan.T * plan.panels + p) * 32, 32);
  }
  for (let t = plan.T - 1; t >= plan.first; --t) {
    for (let p = nextBegun(plan, t, from, to); p < to; ) {
      if (look()) return;
      const n = countBegun(plan, t, p, to, PANELS_AT_ONCE);
      timestep(plan, t, p, n);
      if (plan.starts) for (let q = p; q < p + n; ++q) if (t > firstOf(plan, q)) release(plan, t, q);
      p = nextBegun(plan, t, p + n, to);
    }
    if (plan.truncate && t > plan.first && (plan.T - t) % plan.truncate == 0) cut(plan, from, to);
  }
  for (let p = from; p < to; ++p) {
    const first = firstOf(plan, p);
    recordEdges(plan, first, p);
    if (plan.starts) {
      // A panel of empty samples was not computed, so that it has no factors.
      if (first < plan.T) release(plan, first, p);
      continue;
    }
    const factors = plan.factors + <usize>p * FACTORS + TRUE_FACTORS;
    const lanes = validLanes(plan, p);
    fromRows(plan.rec + <usize>p * padded, plan.H, plan.dh0 + <usize>p * 8 * stride, stride, lanes, factors);
    if (lstm) fromRows(plan.recC + <usize>p * padded, plan.H, plan.dc0 + <usize>p * 8 * stride, stride, lanes, factors);
  }
}
