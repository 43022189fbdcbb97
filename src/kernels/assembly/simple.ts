/** The simpleRNN cell: one timestep of `n` panels, forward and backward. */

import { activate, hasKink, throughActivation } from "./activate";
import { STORE, gemm } from "./gemm";
import { group, slopesOf } from "./plan";
import { Plan } from "./planBlock";
import { droppable, paddedRows } from "./scale";
import { dropLost, flushRows, tileCount } from "./simd";

@inline
function v(p: usize): v128 {
  return v128.load(p);
}

/** h_t = activation(W·x_t + b + U·h_{t−1}). */
export function simpleForward(plan: Plan, t: i32, panel: i32, n: i32): void {
  const K = plan.K, sPanel = <usize>K * 32, zPanel = <usize>plan.zRows * 32;
  const s = plan.s + <usize>t * plan.sStride + <usize>panel * sPanel;
  const z = plan.z + <usize>t * plan.zStride + <usize>panel * zPanel;
  const h = s + plan.sStride + <usize>(plan.D + 1) * 32;
  gemm(plan.forwardWeights, K, tileCount(group(plan, 0).count), s, sPanel, K, z, zPanel, n, STORE);
  for (let q = 0; q < n; ++q) {
    const pre = z + <usize>q * zPanel;
    activate(plan.activation, pre, h + <usize>q * sPanel, plan.H, slopesOf(plan, pre));
    // Not `dropLost`: the slopes come from h itself, and those of a nearly closed unit may be the only ones.
    if (!hasKink(plan.activation)) flushRows(h + <usize>q * sPanel, plan.H);
  }
}

/** a = d ∘ activation′(h). @param drop see `droppable` */
function simplePoint(plan: Plan, d: usize, h: usize, a: usize, drop: v128): void {
  const kind = plan.activation, slopes = slopesOf(plan, a);
  for (let at: usize = 0, end = <usize>plan.H * 32; at < end; at += 16)
    v128.store(a + at, throughActivation(kind, v(d + at), v(h + at), slopes + at));
  dropLost(a, plan.H, drop);
}

/** Turns d_t in `rec` into a_t in z and the recurrent part of d_{t−1} in `rec`. */
export function simpleBackward(plan: Plan, t: i32, panel: i32, n: i32): void {
  const H = plan.H, padded = paddedRows(plan);
  const sPanel = <usize>plan.K * 32, zPanel = <usize>plan.zRows * 32, hPanel = <usize>H * 32;
  const z = plan.z + <usize>t * plan.zStride + <usize>panel * zPanel;
  const rec = plan.rec + <usize>panel * padded;
  const h = plan.s + <usize>(t + 1) * plan.sStride + <usize>panel * sPanel + <usize>(plan.D + 1) * 32;
  const kept = plan.hOut + <usize>t * plan.hOutStride + <usize>panel * hPanel;
  for (let q = 0; q < n; ++q)
    simplePoint(plan, rec + <usize>q * padded, plan.hOut ? kept + <usize>q * hPanel : h + <usize>q * sPanel, z + <usize>q * zPanel, droppable(plan, t, panel + q));
  gemm(plan.backwardWeights, plan.zRows, tileCount(H), z, zPanel, H, rec, padded, n, STORE);
}
