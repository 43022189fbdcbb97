/** The forward pass over the whole sequence. */

import { validLanes } from "./plan";
import { LSTM, Plan, SIMPLE_RNN } from "./planBlock";
import { PANELS_AT_ONCE, clear, copy } from "./simd";
import { fromRows, toRows } from "./transpose";
import { countGates } from "./gates";
import { gruForward } from "./gru";
import { countBegun, dropStates, firstOf, hold, keepInitial, nextBegun } from "./held";
import { look } from "./look";
import { lstmForward } from "./lstm";
import { simpleForward } from "./simple";

/** Packs x_t and the constant 1 into the operand rows; padding samples get 0 for both, so that they stay finite. */
function packInput(plan: Plan, t: i32, panel: i32, to: usize): void {
  const lanes = validLanes(plan, panel);
  const stride = (<usize>plan.T * <usize>plan.D) << 2;
  const position = plan.reversed ? plan.T - 1 - t : t;
  toRows(plan.x + <usize>panel * 8 * stride + ((<usize>position * <usize>plan.D) << 2), stride, lanes, plan.D, to);
  const one = to + <usize>plan.D * 32;
  for (let lane = 0; lane < 8; ++lane) store<f32>(one + (<usize>lane << 2), lane < lanes ? 1 : 0);
}

/** Packs a [B][H] array, or zeros, into rows. */
function packState(plan: Plan, from: usize, panel: i32, to: usize): void {
  if (from) {
    const stride = <usize>plan.H << 2;
    toRows(from + <usize>panel * 8 * stride, stride, validLanes(plan, panel), plan.H, to);
  } else clear(to, <usize>plan.H * 32);
}

/** Processes timestep `t` for `n` panels starting at `panel`. */
function timestep(plan: Plan, t: i32, panel: i32, n: i32): void {
  const kind = plan.kind, H = plan.H, K = plan.K, D = plan.D;
  const sPanel = <usize>K * 32, zPanel = <usize>plan.zRows * 32, hPanel = <usize>H * 32;
  const s = plan.s + <usize>t * plan.sStride + <usize>panel * sPanel;
  const sNext = s + plan.sStride;
  const z = plan.z + <usize>t * plan.zStride + <usize>panel * zPanel;
  const hAt = <usize>(D + 1) * 32;
  for (let q = 0; q < n; ++q) {
    packInput(plan, t, panel + q, s + <usize>q * sPanel);
    if (plan.starts && t > firstOf(plan, panel + q)) hold(plan, t, panel + q);
  }

  if (kind == SIMPLE_RNN) simpleForward(plan, t, panel, n);
  else if (kind == LSTM) lstmForward(plan, t, panel, n);
  else gruForward(plan, t, panel, n);

  for (let q = 0; q < n; ++q) {
    if (plan.detailed && kind != SIMPLE_RNN) countGates(plan, t, panel + q, z + <usize>q * zPanel);
    if (plan.y) {
      const stride = (<usize>plan.T * <usize>H) << 2;
      fromRows(sNext + <usize>q * sPanel + hAt, H, plan.y + <usize>(panel + q) * 8 * stride + ((<usize>t * <usize>H) << 2), stride, validLanes(plan, panel + q), 0);
    }
    if (plan.hOut) copy(plan.hOut + <usize>t * plan.hOutStride + <usize>(panel + q) * hPanel, sNext + <usize>q * sPanel + hAt, hPanel);
    // Nothing follows the last state, so it is not masked.
    if (plan.recurrentMask && t < plan.T - 1) dropStates(plan, panel + q, sNext + <usize>q * sPanel + hAt);
  }
}

/**
 * Processes panels `from` … `to` − 1 over all timesteps, and their last states. Panels are independent, so workers may
 * share them.
 */
export function forward(plan: Plan, from: i32, to: i32): void {
  const sPanel = <usize>plan.K * 32, hPanel = <usize>plan.H * 32, hAt = <usize>(plan.D + 1) * 32;
  for (let p = from; p < to; ++p) {
    const first = <usize>firstOf(plan, p);
    const h0 = plan.s + first * plan.sStride + <usize>p * sPanel + hAt;
    packState(plan, plan.h0, p, h0);
    if (plan.recurrentMask) dropStates(plan, p, h0);
    if (plan.kind == LSTM) packState(plan, plan.c0, p, plan.c + first * plan.cStride + <usize>p * hPanel);
  }
  for (let t = plan.first; t < plan.T; ++t) {
    for (let p = nextBegun(plan, t, from, to); p < to; ) {
      if (look()) return;
      const n = countBegun(plan, t, p, to, PANELS_AT_ONCE);
      timestep(plan, t, p, n);
      p = nextBegun(plan, t, p + n, to);
    }
  }
  const stride = <usize>plan.H << 2;
  const s = plan.s + <usize>plan.T * plan.sStride, c = plan.c + <usize>plan.T * plan.cStride;
  for (let p = from; p < to; ++p) {
    const lanes = validLanes(plan, p);
    fromRows(s + <usize>p * sPanel + hAt, plan.H, plan.hT + <usize>p * 8 * stride, stride, lanes, 0);
    if (plan.starts) keepInitial(plan, p, plan.h0, plan.hT);
    if (plan.kind != LSTM) continue;
    fromRows(c + <usize>p * hPanel, plan.H, plan.cT + <usize>p * 8 * stride, stride, lanes, 0);
    if (plan.starts) keepInitial(plan, p, plan.c0, plan.cT);
  }
}
