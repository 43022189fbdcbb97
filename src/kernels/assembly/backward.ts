/**
 * The backward pass over the whole sequence: state gradients, their norms, and a_t = ∂L/∂(pre-activation), which
 * replaces the gates.
 */

import { throughActivation } from "./activation";
import { ADD, STORE, gemm } from "./gemm";
import { countBegun, dropStates, firstOf, nextBegun, release } from "./held";
import { GRU, LSTM, Plan, SIMPLE_RNN, TO_KERNEL, group, validLanes } from "./plan";
import { FACTORS, chooseScale, packDirect, paddedRows, recordEdgeC, recordEdges, recordState } from "./scale";
import { PANELS_AT_ONCE, clear, madd, tileCount } from "./simd";
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
  const r0 = v(record), r1 = v128.load(record, 16), y0 = v128.load(record, 32), y1 = v128.load(record, 48);
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

/** a = d ∘ activation′(h). */
function simplePoint(plan: Plan, d: usize, h: usize, a: usize): void {
  const kind = plan.activation;
  for (let at: usize = 0, end = <usize>plan.H * 32; at < end; at += 16)
    v128.store(a + at, throughActivation(kind, v(d + at), v(h + at)));
}

/**
 * LSTM: the total ∂L/∂c_t = recurrent part + d ∘ o ∘ activation′(c_t) (+ the output gate's peephole); then the four
 * gates, in place. Leaves f ∘ ∂L/∂c_t (+ the other peepholes) as the recurrent part of the previous timestep. If a
 * gradient enters directly, `direct` holds the recurrent part of d on entry, and that of ∂L/∂c_t on return.
 */
function lstmPoint(plan: Plan, t: i32, panel: i32, direct: bool): void {
  const H = plan.H, gate = <usize>H * 32;
  const d = plan.rec + <usize>panel * paddedRows(plan), dc = plan.recC + <usize>panel * paddedRows(plan);
  const total = plan.scratch + <usize>panel * paddedRows(plan), recurrent = plan.direct + <usize>panel * paddedRows(plan);
  const z = plan.z + <usize>t * plan.zStride + <usize>panel * <usize>plan.zRows * 32;
  const c = plan.c + <usize>t * plan.cStride + <usize>panel * gate;
  const cNext = c + plan.cStride;
  const tc = plan.tc + <usize>t * plan.tcStride + <usize>panel * gate;
  const record = plan.factors + <usize>panel * FACTORS;
  const act = plan.activation, rec = plan.recurrentActivation;
  const pI = plan.peephole ? plan.peepholes : 0;
  const pSums = plan.peepholeSums + <usize>panel * gate * 3;
  let squares0 = f32x4.splat(0), squares1 = squares0;
  for (let half: usize = 0; half < 32; half += 16) {
    const factor = v(record + half);
    const true1 = v128.load(record + half, 64), true2 = v128.load(record + half, 96);
    let squares = f32x4.splat(0);
    for (let at = half; at < gate; at += 32) {
      const dh = v(d + at), i = v(z + at), f = v(z + gate + at), g = v(z + 2 * gate + at), o = v(z + 3 * gate + at), y = v(tc + at);
      const aO = throughActivation(rec, f32x4.mul(dh, y), o);
      if (direct) {
        const r = v(recurrent + at);
        let part = madd(v(dc + at), factor, throughActivation(act, f32x4.mul(r, o), y));
        if (pI) part = madd(throughActivation(rec, f32x4.mul(r, y), o), v128.load32_splat(pI + (at >> 5 << 2) + (<usize>H << 3)), part);
        v128.store(recurrent + at, part);
      }
      let dcTotal = madd(v(dc + at), factor, throughActivation(act, f32x4.mul(dh, o), y));
      let p: usize = 0;
      if (pI) {
        p = pI + (at >> 5 << 2);
        dcTotal = madd(aO, v128.load32_splat(p + (<usize>H << 3)), dcTotal);
      }
      squares = madd(dcTotal, dcTotal, squares);
      v128.store(total + at, dcTotal);
      const before = v(c + at);
      const aI = throughActivation(rec, f32x4.mul(dcTotal, g), i);
      const aF = throughActivation(rec, f32x4.mul(dcTotal, before), f);
      let back = f32x4.mul(dcTotal, f);
      if (pI) {
        back = madd(aI, v128.load32_splat(p), back);
        back = madd(aF, v128.load32_splat(p + (<usize>H << 2)), back);
        addTrue(pSums + at, f32x4.mul(aI, before), true1, true2);
        addTrue(pSums + gate + at, f32x4.mul(aF, before), true1, true2);
        addTrue(pSums + 2 * gate + at, f32x4.mul(aO, v(cNext + at)), true1, true2);
      }
      v128.store(z + at, aI);
      v128.store(z + gate + at, aF);
      v128.store(z + 2 * gate + at, throughActivation(act, f32x4.mul(dcTotal, i), g));
      v128.store(z + 3 * gate + at, aO);
      v128.store(dc + at, back);
    }
    if (half) squares1 = squares;
    else squares0 = squares;
  }
  recordState(plan, t, panel, squares0, squares1, total, plan.squaresC, plan.nonFiniteC);
  if (t < plan.T - 1) recordEdgeC(plan, t, panel, direct, recurrent);
}

/** sum += value × 2^e. */
@inline
function addTrue(sum: usize, value: v128, factor1: v128, factor2: v128): void {
  v128.store(sum, f32x4.add(v(sum), f32x4.mul(f32x4.mul(value, factor1), factor2)));
}

/** GRU: update gate and candidate, in place; leaves z ∘ d as the first part of the gradient that goes back. */
function gruPoint(plan: Plan, d: usize, z: usize, candidate: usize, hPrevious: usize): void {
  const one = f32x4.splat(1);
  const act = plan.activation, rec = plan.recurrentActivation;
  for (let at: usize = 0, end = <usize>plan.H * 32; at < end; at += 16) {
    const dh = v(d + at), gate = v(z + at), y = v(candidate + at);
    v128.store(z + at, throughActivation(rec, f32x4.mul(dh, f32x4.sub(v(hPrevious + at), y)), gate));
    v128.store(candidate + at, throughActivation(act, f32x4.mul(dh, f32x4.sub(one, gate)), y));
    v128.store(d + at, f32x4.mul(dh, gate));
  }
}

/** Processes timestep `t` for `n` panels starting at `panel`. */
function step(plan: Plan, t: i32, panel: i32, n: i32): void {
  const kind = plan.kind, H = plan.H;
  const sPanel = <usize>plan.K * 32, zPanel = <usize>plan.zRows * 32, hPanel = <usize>H * 32, padded = paddedRows(plan);
  const z = plan.z + <usize>t * plan.zStride + <usize>panel * zPanel;
  const rec = plan.rec + <usize>panel * padded;
  const h = plan.s + <usize>t * plan.sStride + <usize>panel * sPanel + <usize>(plan.D + 1) * 32;
  const weights = plan.backwardWeights, kA = plan.zRows, tiles = tileCount(H);
  const recurrent = t < plan.T - 1;

  let direct = false;
  for (let q = 0; q < n; ++q) {
    direct = packDirect(plan, t, panel + q);
    if (recurrent || (kind == LSTM && plan.dcT)) recordEdges(plan, t + 1, panel + q);
    chooseScale(plan, t, panel + q, recurrent || (kind == LSTM && plan.dcT != 0), direct);
    assemble(plan, t, panel + q, direct);
  }

  if (kind == SIMPLE_RNN) {
    const kept = plan.hOut + <usize>t * plan.hOutStride + <usize>panel * hPanel;
    for (let q = 0; q < n; ++q)
      simplePoint(plan, rec + <usize>q * padded, plan.hOut ? kept + <usize>q * hPanel : h + plan.sStride + <usize>q * sPanel, z + <usize>q * zPanel);
    gemm(weights, kA, tiles, z, zPanel, H, rec, padded, n, STORE);
  } else if (kind == LSTM) {
    for (let q = 0; q < n; ++q) lstmPoint(plan, t, panel + q, direct);
    gemm(weights, kA, tiles, z, zPanel, 4 * H, rec, padded, n, STORE);
  } else {
    const start1 = group(plan, 1).zStart;
    const second = <usize>start1 * 32;
    if (kind == GRU) {
      const product = plan.scratch + <usize>panel * padded;
      for (let q = 0; q < n; ++q) {
        const gates = z + <usize>q * zPanel;
        gruPoint(plan, rec + <usize>q * padded, gates, gates + second, h + <usize>q * sPanel);
      }
      gemm(weights + <usize>start1 * 24, kA, tiles, z + second, zPanel, H, product, padded, n, STORE);
      for (let q = 0; q < n; ++q) {
        const r = z + <usize>q * zPanel + hPanel, before = h + <usize>q * sPanel, p = product + <usize>q * padded, d = rec + <usize>q * padded;
        for (let at: usize = 0; at < hPanel; at += 16) {
          const through = v(p + at), gate = v(r + at);
          v128.store(d + at, madd(through, gate, v(d + at)));
          v128.store(r + at, throughActivation(plan.recurrentActivation, f32x4.mul(through, v(before + at)), gate));
        }
      }
      gemm(weights, kA, tiles, z, zPanel, 2 * H, rec, padded, n, ADD);
    } else {
      const third = <usize>group(plan, 2).zStart * 32;
      for (let q = 0; q < n; ++q) {
        const gates = z + <usize>q * zPanel;
        gruPoint(plan, rec + <usize>q * padded, gates, gates + third, h + <usize>q * sPanel);
        const r = gates + hPanel, hr = gates + second, a = gates + third;
        for (let at: usize = 0; at < hPanel; at += 16) {
          const gate = v(r + at), through = v(a + at);
          v128.store(r + at, throughActivation(plan.recurrentActivation, f32x4.mul(through, v(hr + at)), gate));
          v128.store(hr + at, f32x4.mul(through, gate));
        }
      }
      gemm(weights, kA, tiles, z, zPanel, 2 * H, rec, padded, n, ADD);
      gemm(weights + <usize>start1 * 24, kA, tiles, z + second, zPanel, H, rec, padded, n, ADD);
    }
  }
  if (plan.recurrentMask) for (let q = 0; q < n; ++q) dropStates(plan, panel + q, rec + <usize>q * padded);
  if (plan.dx) inputGradient(plan, t, panel, n);
}

/** ∂L/∂x_t = W·a_t, scaled back to its true value. */
function inputGradient(plan: Plan, t: i32, panel: i32, n: i32): void {
  const D = plan.D, tiles = tileCount(D), zPanel = <usize>plan.zRows * 32, padded = <usize>tiles * 192;
  const z = plan.z + <usize>t * plan.zStride + <usize>panel * zPanel;
  const rows = plan.dxRows + <usize>panel * padded;
  let mode = STORE;
  for (let i = 0; i < plan.groups; ++i) {
    const g = group(plan, i);
    if (!(g.flags & TO_KERNEL)) continue;
    gemm(plan.inputWeights + <usize>g.zStart * 24, plan.zRows, tiles, z + <usize>g.zStart * 32, zPanel, g.count, rows, padded, n, mode);
    mode = ADD;
  }
  const position = plan.reversed ? plan.T - 1 - t : t;
  const stride = (<usize>plan.T * <usize>D) << 2;
  for (let q = 0; q < n; ++q)
    fromRows(rows + <usize>q * padded, D, plan.dx + <usize>(panel + q) * 8 * stride + ((<usize>position * <usize>D) << 2), stride, validLanes(plan, panel + q), plan.factors + <usize>(panel + q) * FACTORS + 64);
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
      const n = countBegun(plan, t, p, to, PANELS_AT_ONCE);
      step(plan, t, p, n);
      if (plan.starts) for (let q = p; q < p + n; ++q) if (t > firstOf(plan, q)) release(plan, t, q);
      p = nextBegun(plan, t, p + n, to);
    }
    if (plan.truncate && t > plan.first && (plan.T - t) % plan.truncate == 0) cut(plan, from, to);
  }
  for (let p = from; p < to; ++p) {
    const first = firstOf(plan, p);
    recordEdges(plan, first, p);
    if (plan.starts) {
      release(plan, first, p);
      continue;
    }
    const factors = plan.factors + <usize>p * FACTORS + 64;
    const lanes = validLanes(plan, p);
    fromRows(plan.rec + <usize>p * padded, plan.H, plan.dh0 + <usize>p * 8 * stride, stride, lanes, factors);
    if (lstm) fromRows(plan.recC + <usize>p * padded, plan.H, plan.dc0 + <usize>p * 8 * stride, stride, lanes, factors);
  }
}
