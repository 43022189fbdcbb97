/**
 * The GRU cell: one timestep of `n` panels, forward and backward. The reset gate acts before the recurrent product (r ∘
 * h_{t−1} is multiplied by U) or after it (resetAfter).
 */

import { activate, throughActivation } from "./activate";
import { ADD, STORE, gemm } from "./gemm";
import { group, slopesOf } from "./plan";
import { GRU, Plan } from "./planBlock";
import { droppable, paddedRows } from "./scale";
import { LEFT_BYTES, dropLost, madd, tileCount } from "./simd";

@inline
function v(p: usize): v128 {
  return v128.load(p);
}

/** h_t = z ∘ h_{t−1} + (1 − z) ∘ candidate. */
function pointForward(z: usize, candidate: usize, hPrevious: usize, h: usize, bytes: usize): void {
  const one = f32x4.splat(1);
  for (let at: usize = 0; at < bytes; at += 16) {
    const gate = v(z + at);
    v128.store(h + at, madd(gate, v(hPrevious + at), f32x4.mul(f32x4.sub(one, gate), v(candidate + at))));
  }
  dropLost(h, <i32>(bytes >> 5), i32x4.splat(-1));
}

/** Computes the gates and h_t of timestep `t` from its operand rows. */
export function gruForward(plan: Plan, t: i32, panel: i32, n: i32): void {
  const H = plan.H, K = plan.K, sPanel = <usize>K * 32, zPanel = <usize>plan.zRows * 32;
  const s = plan.s + <usize>t * plan.sStride + <usize>panel * sPanel;
  const z = plan.z + <usize>t * plan.zStride + <usize>panel * zPanel;
  gemm(plan.forwardWeights, K, tileCount(group(plan, 0).count), s, sPanel, K, z, zPanel, n, STORE);
  for (let q = 0; q < n; ++q) {
    const gates = z + <usize>q * zPanel;
    activate(plan.recurrentActivation, gates, gates, 2 * H, slopesOf(plan, gates));
  }
  if (plan.kind == GRU) resetBeforeForward(plan, t, panel, n, s, z);
  else resetAfterForward(plan, n, s, z);
}

/** candidate = activation(W·x_t + b + U·(r ∘ h_{t−1})), then h_t. */
function resetBeforeForward(plan: Plan, t: i32, panel: i32, n: i32, s: usize, z: usize): void {
  const H = plan.H, K = plan.K, D = plan.D, tiles = tileCount(H);
  const sPanel = <usize>K * 32, zPanel = <usize>plan.zRows * 32, hPanel = <usize>H * 32, hAt = <usize>(D + 1) * 32;
  const sNext = s + plan.sStride, second = <usize>group(plan, 1).zStart * 32;
  const weights = plan.forwardWeights + <usize>tileCount(group(plan, 0).count) * <usize>K * LEFT_BYTES;
  const rh = plan.rh + <usize>t * plan.rhStride + <usize>panel * hPanel;
  for (let q = 0; q < n; ++q) {
    const r = z + <usize>q * zPanel + hPanel, h = s + <usize>q * sPanel + hAt, to = rh + <usize>q * hPanel;
    for (let at: usize = 0; at < hPanel; at += 16) v128.store(to + at, f32x4.mul(v(r + at), v(h + at)));
    dropLost(to, H, i32x4.splat(-1));
  }
  gemm(weights, K, tiles, s, sPanel, D + 1, z + second, zPanel, n, STORE);
  gemm(weights + <usize>(D + 1) * LEFT_BYTES, K, tiles, rh, hPanel, H, z + second, zPanel, n, ADD);
  for (let q = 0; q < n; ++q) {
    const gates = z + <usize>q * zPanel;
    activate(plan.activation, gates + second, gates + second, H, slopesOf(plan, gates + second));
    pointForward(gates, gates + second, s + <usize>q * sPanel + hAt, sNext + <usize>q * sPanel + hAt, hPanel);
  }
}

/** candidate = activation(W·x_t + b + r ∘ (U·h_{t−1} + b')), then h_t. */
function resetAfterForward(plan: Plan, n: i32, s: usize, z: usize): void {
  const H = plan.H, K = plan.K, D = plan.D, tiles = tileCount(H);
  const sPanel = <usize>K * 32, zPanel = <usize>plan.zRows * 32, hPanel = <usize>H * 32, hAt = <usize>(D + 1) * 32;
  const sNext = s + plan.sStride;
  const second = <usize>group(plan, 1).zStart * 32, third = <usize>group(plan, 2).zStart * 32;
  const tileBytes = <usize>K * LEFT_BYTES;
  const recurrent = plan.forwardWeights + <usize>tileCount(group(plan, 0).count) * tileBytes;
  const input = recurrent + <usize>tiles * tileBytes;
  gemm(recurrent + <usize>D * LEFT_BYTES, K, tiles, s + <usize>D * 32, sPanel, H + 1, z + second, zPanel, n, STORE);
  gemm(input, K, tiles, s, sPanel, D + 1, z + third, zPanel, n, STORE);
  for (let q = 0; q < n; ++q) {
    const gates = z + <usize>q * zPanel;
    const r = gates + hPanel, hr = gates + second, candidate = gates + third;
    for (let at: usize = 0; at < hPanel; at += 16)
      v128.store(candidate + at, madd(v(r + at), v(hr + at), v(candidate + at)));
    activate(plan.activation, candidate, candidate, H, slopesOf(plan, candidate));
    pointForward(gates, candidate, s + <usize>q * sPanel + hAt, sNext + <usize>q * sPanel + hAt, hPanel);
  }
}

/** Update gate and candidate, in place; leaves z ∘ d as the first part of the gradient that goes back. */
function pointBackward(plan: Plan, d: usize, z: usize, candidate: usize, hPrevious: usize): void {
  const one = f32x4.splat(1);
  const act = plan.activation, rec = plan.recurrentActivation;
  const zs = slopesOf(plan, z), cs = slopesOf(plan, candidate);
  for (let at: usize = 0, end = <usize>plan.H * 32; at < end; at += 16) {
    const dh = v(d + at), gate = v(z + at), y = v(candidate + at);
    v128.store(z + at, throughActivation(rec, f32x4.mul(dh, f32x4.sub(v(hPrevious + at), y)), gate, zs + at));
    v128.store(candidate + at, throughActivation(act, f32x4.mul(dh, f32x4.sub(one, gate)), y, cs + at));
    v128.store(d + at, f32x4.mul(dh, gate));
  }
}

/** Turns d_t in `rec` into a_t in z and the recurrent part of d_{t−1} in `rec`. */
export function gruBackward(plan: Plan, t: i32, panel: i32, n: i32): void {
  const zPanel = <usize>plan.zRows * 32;
  const z = plan.z + <usize>t * plan.zStride + <usize>panel * zPanel;
  const rec = plan.rec + <usize>panel * paddedRows(plan);
  const h = plan.s + <usize>t * plan.sStride + <usize>panel * <usize>plan.K * 32 + <usize>(plan.D + 1) * 32;
  if (plan.kind == GRU) resetBeforeBackward(plan, t, panel, n, z, rec, h);
  else resetAfterBackward(plan, t, panel, n, z, rec, h);
}

function resetBeforeBackward(plan: Plan, t: i32, panel: i32, n: i32, z: usize, rec: usize, h: usize): void {
  const H = plan.H, kA = plan.zRows, tiles = tileCount(H), padded = paddedRows(plan);
  const sPanel = <usize>plan.K * 32, zPanel = <usize>kA * 32, hPanel = <usize>H * 32;
  const weights = plan.backwardWeights, start1 = group(plan, 1).zStart, second = <usize>start1 * 32;
  const product = plan.scratch + <usize>panel * padded;
  for (let q = 0; q < n; ++q) {
    const gates = z + <usize>q * zPanel;
    pointBackward(plan, rec + <usize>q * padded, gates, gates + second, h + <usize>q * sPanel);
    dropLost(gates + second, H, droppable(plan, t, panel + q));
  }
  gemm(weights + <usize>start1 * LEFT_BYTES, kA, tiles, z + second, zPanel, H, product, padded, n, STORE);
  for (let q = 0; q < n; ++q) {
    const r = z + <usize>q * zPanel + hPanel, before = h + <usize>q * sPanel, p = product + <usize>q * padded, d = rec + <usize>q * padded;
    const rs = slopesOf(plan, r);
    for (let at: usize = 0; at < hPanel; at += 16) {
      const through = v(p + at), gate = v(r + at);
      v128.store(d + at, madd(through, gate, v(d + at)));
      v128.store(r + at, throughActivation(plan.recurrentActivation, f32x4.mul(through, v(before + at)), gate, rs + at));
    }
    dropLost(z + <usize>q * zPanel, 2 * H, droppable(plan, t, panel + q));
  }
  gemm(weights, kA, tiles, z, zPanel, 2 * H, rec, padded, n, ADD);
}

function resetAfterBackward(plan: Plan, t: i32, panel: i32, n: i32, z: usize, rec: usize, h: usize): void {
  const H = plan.H, kA = plan.zRows, tiles = tileCount(H), padded = paddedRows(plan);
  const sPanel = <usize>plan.K * 32, zPanel = <usize>kA * 32, hPanel = <usize>H * 32;
  const weights = plan.backwardWeights, start1 = group(plan, 1).zStart;
  const second = <usize>start1 * 32, third = <usize>group(plan, 2).zStart * 32;
  for (let q = 0; q < n; ++q) {
    const gates = z + <usize>q * zPanel;
    pointBackward(plan, rec + <usize>q * padded, gates, gates + third, h + <usize>q * sPanel);
    const r = gates + hPanel, hr = gates + second, a = gates + third, rs = slopesOf(plan, r);
    for (let at: usize = 0; at < hPanel; at += 16) {
      const gate = v(r + at), through = v(a + at);
      v128.store(r + at, throughActivation(plan.recurrentActivation, f32x4.mul(through, v(hr + at)), gate, rs + at));
      v128.store(hr + at, f32x4.mul(through, gate));
    }
    dropLost(gates, kA, droppable(plan, t, panel + q));
  }
  gemm(weights, kA, tiles, z, zPanel, 2 * H, rec, padded, n, ADD);
  gemm(weights + <usize>start1 * LEFT_BYTES, kA, tiles, z + second, zPanel, H, rec, padded, n, ADD);
}
