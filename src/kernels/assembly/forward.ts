/** The forward pass over the whole sequence. */

import { activate } from "./activation";
import { ADD, STORE, gemm } from "./gemm";
import { GRU, LSTM, Plan, SIMPLE_RNN, group, validLanes } from "./plan";
import { PANELS_AT_ONCE, clear, copy, madd, tileCount } from "./simd";
import { fromRows, toRows } from "./transpose";
import { countGates } from "./gates";
import { countBegun, dropStates, firstOf, hold, keepInitial, nextBegun } from "./held";

@inline
function v(p: usize): v128 {
  return v128.load(p);
}

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

/** gate += p ∘ state: a peephole [H] on a gate's pre-activations. */
function addPeephole(weights: usize, state: usize, gate: usize, units: i32): void {
  for (let j = 0; j < units; ++j, weights += 4, state += 32, gate += 32) {
    const p = v128.load32_splat(weights);
    v128.store(gate, madd(p, v(state), v(gate)));
    v128.store(gate, madd(p, v128.load(state, 16), v128.load(gate, 16)), 16);
  }
}

/**
 * c_t = f ∘ c_{t−1} + i ∘ g; h_t = o ∘ activation(c_t). z holds the pre-activations i, f, g, o (Keras's order) on entry
 * and the gates on return.
 */
function lstmPoint(plan: Plan, z: usize, cPrevious: usize, c: usize, tc: usize, h: usize): void {
  const H = plan.H;
  const gate = <usize>H * 32;
  const bytes = gate;
  if (plan.peephole) {
    addPeephole(plan.peepholes, cPrevious, z, H);
    addPeephole(plan.peepholes + (<usize>H << 2), cPrevious, z + gate, H);
  }
  activate(plan.recurrentActivation, z, z, 2 * H);
  activate(plan.activation, z + 2 * gate, z + 2 * gate, H);
  for (let at: usize = 0; at < bytes; at += 16) {
    const i = v(z + at), f = v(z + gate + at), g = v(z + 2 * gate + at);
    v128.store(c + at, madd(f, v(cPrevious + at), f32x4.mul(i, g)));
  }
  const o = z + 3 * gate;
  if (plan.peephole) addPeephole(plan.peepholes + (<usize>H << 3), c, o, H);
  activate(plan.recurrentActivation, o, o, H);
  activate(plan.activation, c, tc, H);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(h + at, f32x4.mul(v(o + at), v(tc + at)));
}

/** h_t = z ∘ h_{t−1} + (1 − z) ∘ candidate. */
function gruPoint(z: usize, candidate: usize, hPrevious: usize, h: usize, bytes: usize): void {
  const one = f32x4.splat(1);
  for (let at: usize = 0; at < bytes; at += 16) {
    const gate = v(z + at);
    v128.store(h + at, madd(gate, v(hPrevious + at), f32x4.mul(f32x4.sub(one, gate), v(candidate + at))));
  }
}

/** Processes timestep `t` for `n` panels starting at `panel`. */
function step(plan: Plan, t: i32, panel: i32, n: i32): void {
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

  const weights = plan.forwardWeights;
  const tileBytes = <usize>K * 24;
  const g0 = group(plan, 0);
  gemm(weights, K, tileCount(g0.count), s, sPanel, K, z, zPanel, n, STORE);

  if (kind == SIMPLE_RNN) {
    for (let q = 0; q < n; ++q)
      activate(plan.activation, z + <usize>q * zPanel, sNext + <usize>q * sPanel + hAt, H);
  } else if (kind == LSTM) {
    const c = plan.c + <usize>t * plan.cStride + <usize>panel * hPanel;
    const tc = plan.tc + <usize>t * plan.tcStride + <usize>panel * hPanel;
    for (let q = 0; q < n; ++q) {
      const at = <usize>q * hPanel;
      lstmPoint(plan, z + <usize>q * zPanel, c + at, c + plan.cStride + at, tc + at, sNext + <usize>q * sPanel + hAt);
    }
  } else {
    const zr = tileCount(g0.count);
    const second = <usize>group(plan, 1).zStart * 32;
    const p1 = weights + <usize>zr * tileBytes;
    const tiles = tileCount(H);
    for (let q = 0; q < n; ++q) {
      const gates = z + <usize>q * zPanel;
      activate(plan.recurrentActivation, gates, gates, 2 * H);
    }
    if (kind == GRU) {
      const rh = plan.rh + <usize>t * plan.rhStride + <usize>panel * hPanel;
      for (let q = 0; q < n; ++q) {
        const r = z + <usize>q * zPanel + hPanel, h = s + <usize>q * sPanel + hAt, to = rh + <usize>q * hPanel;
        for (let at: usize = 0; at < hPanel; at += 16) v128.store(to + at, f32x4.mul(v(r + at), v(h + at)));
      }
      gemm(p1, K, tiles, s, sPanel, D + 1, z + second, zPanel, n, STORE);
      gemm(p1 + <usize>(D + 1) * 24, K, tiles, rh, hPanel, H, z + second, zPanel, n, ADD);
      for (let q = 0; q < n; ++q) {
        const gates = z + <usize>q * zPanel;
        activate(plan.activation, gates + second, gates + second, H);
        gruPoint(gates, gates + second, s + <usize>q * sPanel + hAt, sNext + <usize>q * sPanel + hAt, hPanel);
      }
    } else {
      const third = <usize>group(plan, 2).zStart * 32;
      const p2 = p1 + <usize>tiles * tileBytes;
      gemm(p1 + <usize>D * 24, K, tiles, s + <usize>D * 32, sPanel, H + 1, z + second, zPanel, n, STORE);
      gemm(p2, K, tiles, s, sPanel, D + 1, z + third, zPanel, n, STORE);
      for (let q = 0; q < n; ++q) {
        const gates = z + <usize>q * zPanel;
        const r = gates + hPanel, hr = gates + second, candidate = gates + third;
        for (let at: usize = 0; at < hPanel; at += 16)
          v128.store(candidate + at, madd(v(r + at), v(hr + at), v(candidate + at)));
        activate(plan.activation, candidate, candidate, H);
        gruPoint(gates, candidate, s + <usize>q * sPanel + hAt, sNext + <usize>q * sPanel + hAt, hPanel);
      }
    }
  }

  for (let q = 0; q < n; ++q) {
    if (plan.diagnose && kind != SIMPLE_RNN) countGates(plan, t, panel + q, z + <usize>q * zPanel);
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
      const n = countBegun(plan, t, p, to, PANELS_AT_ONCE);
      step(plan, t, p, n);
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
