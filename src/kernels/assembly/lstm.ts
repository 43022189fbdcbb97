/** The LSTM cell, with or without peepholes: one timestep of `n` panels, forward and backward. */

import { activate, throughActivation } from "./activate";
import { STORE, gemm } from "./gemm";
import { group, slopesOf, stateSlopesOf } from "./plan";
import { Plan } from "./planBlock";
import { FACTORS, RECURRENT_FACTOR, TRUE_FACTORS, TRUE_FACTORS_2, droppable, paddedRows, recordEdgeC, recordState } from "./scale";
import { dropLost, madd, tileCount } from "./simd";

@inline
function v(p: usize): v128 {
  return v128.load(p);
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
function pointForward(plan: Plan, z: usize, cPrevious: usize, c: usize, tc: usize, h: usize): void {
  const H = plan.H;
  const gate = <usize>H * 32;
  const bytes = gate;
  if (plan.peephole) {
    addPeephole(plan.peepholes, cPrevious, z, H);
    addPeephole(plan.peepholes + (<usize>H << 2), cPrevious, z + gate, H);
  }
  const g = z + 2 * gate;
  activate(plan.recurrentActivation, z, z, 2 * H, slopesOf(plan, z));
  activate(plan.activation, g, g, H, slopesOf(plan, g));
  for (let at: usize = 0; at < bytes; at += 16) {
    const i = v(z + at), f = v(z + gate + at);
    v128.store(c + at, madd(f, v(cPrevious + at), f32x4.mul(i, v(g + at))));
  }
  const o = z + 3 * gate;
  if (plan.peephole) addPeephole(plan.peepholes + (<usize>H << 3), c, o, H);
  activate(plan.recurrentActivation, o, o, H, slopesOf(plan, o));
  activate(plan.activation, c, tc, H, stateSlopesOf(plan, tc));
  for (let at: usize = 0; at < bytes; at += 16) v128.store(h + at, f32x4.mul(v(o + at), v(tc + at)));
  dropLost(h, H, i32x4.splat(-1));
}

/** From the operand rows of timestep `t` to its gates, c_t and h_t. */
export function lstmForward(plan: Plan, t: i32, panel: i32, n: i32): void {
  const K = plan.K, sPanel = <usize>K * 32, zPanel = <usize>plan.zRows * 32, hPanel = <usize>plan.H * 32;
  const s = plan.s + <usize>t * plan.sStride + <usize>panel * sPanel;
  const z = plan.z + <usize>t * plan.zStride + <usize>panel * zPanel;
  const h = s + plan.sStride + <usize>(plan.D + 1) * 32;
  const c = plan.c + <usize>t * plan.cStride + <usize>panel * hPanel;
  const tc = plan.tc + <usize>t * plan.tcStride + <usize>panel * hPanel;
  gemm(plan.forwardWeights, K, tileCount(group(plan, 0).count), s, sPanel, K, z, zPanel, n, STORE);
  for (let q = 0; q < n; ++q) {
    const at = <usize>q * hPanel;
    pointForward(plan, z + <usize>q * zPanel, c + at, c + plan.cStride + at, tc + at, h + <usize>q * sPanel);
  }
}

/**
 * LSTM: the total ∂L/∂c_t = recurrent part + d ∘ o ∘ activation′(c_t) (+ the output gate's peephole); then the four
 * gates, in place. Leaves f ∘ ∂L/∂c_t (+ the other peepholes) as the recurrent part of the previous timestep. If a
 * gradient enters directly, `direct` holds the recurrent part of d on entry, and that of ∂L/∂c_t on return.
 */
function pointBackward(plan: Plan, t: i32, panel: i32, direct: bool): void {
  const H = plan.H, gate = <usize>H * 32;
  const d = plan.rec + <usize>panel * paddedRows(plan), dc = plan.recC + <usize>panel * paddedRows(plan);
  const total = plan.scratch + <usize>panel * paddedRows(plan), recurrent = plan.direct + <usize>panel * paddedRows(plan);
  const z = plan.z + <usize>t * plan.zStride + <usize>panel * <usize>plan.zRows * 32;
  const c = plan.c + <usize>t * plan.cStride + <usize>panel * gate;
  const cNext = c + plan.cStride;
  const tc = plan.tc + <usize>t * plan.tcStride + <usize>panel * gate;
  const record = plan.factors + <usize>panel * FACTORS;
  const act = plan.activation, rec = plan.recurrentActivation;
  const zs = slopesOf(plan, z), cs = stateSlopesOf(plan, tc);
  const pI = plan.peephole ? plan.peepholes : 0;
  const pSums = plan.peepholeSums + <usize>panel * gate * 3;
  let squares0 = f32x4.splat(0), squares1 = squares0;
  for (let half: usize = 0; half < 32; half += 16) {
    const factor = v128.load(record + half, RECURRENT_FACTOR);
    const true1 = v128.load(record + half, TRUE_FACTORS), true2 = v128.load(record + half, TRUE_FACTORS_2);
    let squares = f32x4.splat(0);
    for (let at = half; at < gate; at += 32) {
      const dh = v(d + at), i = v(z + at), f = v(z + gate + at), g = v(z + 2 * gate + at), o = v(z + 3 * gate + at), y = v(tc + at);
      const aO = throughActivation(rec, f32x4.mul(dh, y), o, zs + 3 * gate + at);
      if (direct) {
        const r = v(recurrent + at);
        let part = madd(v(dc + at), factor, throughActivation(act, f32x4.mul(r, o), y, cs + at));
        if (pI) part = madd(throughActivation(rec, f32x4.mul(r, y), o, zs + 3 * gate + at), v128.load32_splat(pI + (at >> 5 << 2) + (<usize>H << 3)), part);
        v128.store(recurrent + at, part);
      }
      let dcTotal = madd(v(dc + at), factor, throughActivation(act, f32x4.mul(dh, o), y, cs + at));
      let p: usize = 0;
      if (pI) {
        p = pI + (at >> 5 << 2);
        dcTotal = madd(aO, v128.load32_splat(p + (<usize>H << 3)), dcTotal);
      }
      squares = madd(dcTotal, dcTotal, squares);
      v128.store(total + at, dcTotal);
      const before = v(c + at);
      const aI = throughActivation(rec, f32x4.mul(dcTotal, g), i, zs + at);
      const aF = throughActivation(rec, f32x4.mul(dcTotal, before), f, zs + gate + at);
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
      v128.store(z + 2 * gate + at, throughActivation(act, f32x4.mul(dcTotal, i), g, zs + 2 * gate + at));
      v128.store(z + 3 * gate + at, aO);
      v128.store(dc + at, back);
    }
    if (half) squares1 = squares;
    else squares0 = squares;
  }
  dropLost(z, 4 * H, droppable(plan, t, panel));
  recordState(plan, t, panel, squares0, squares1, total, plan.squaresC, plan.nonFiniteC);
  if (t < plan.T - 1) recordEdgeC(plan, t, panel, direct, recurrent);
}

/** sum += value × 2^e. */
@inline
function addTrue(sum: usize, value: v128, factor1: v128, factor2: v128): void {
  v128.store(sum, f32x4.add(v(sum), f32x4.mul(f32x4.mul(value, factor1), factor2)));
}

/** From d_t in `rec` and what arrived at c_t in `recC` to a_t in z, and to both of the previous timestep. */
export function lstmBackward(plan: Plan, t: i32, panel: i32, n: i32, direct: bool): void {
  const H = plan.H, padded = paddedRows(plan), zPanel = <usize>plan.zRows * 32;
  const z = plan.z + <usize>t * plan.zStride + <usize>panel * zPanel;
  for (let q = 0; q < n; ++q) pointBackward(plan, t, panel + q, direct);
  gemm(plan.backwardWeights, plan.zRows, tileCount(H), z, zPanel, 4 * H, plan.rec + <usize>panel * padded, padded, n, STORE);
}
