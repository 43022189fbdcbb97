/**
 * Handles samples that begin late. A masked sequence arrives as its real timesteps only, and those of all samples end
 * with the last timestep, because a masked timestep would only pass the state on. A panel is not computed until its
 * first sample begins. From there on, the lanes of the other samples hold the initial state, and on the way back nothing
 * arrives there.
 */

import { validLanes } from "./plan";
import { LSTM, Plan } from "./planBlock";
import { FACTORS, TRUE_FACTORS, paddedRows } from "./scale";

/** All ones in the four lanes from `half` bytes on whose samples begin at timestep `t` or later. */
@inline
function waiting(plan: Plan, t: i32, panel: i32, half: usize): v128 {
  return i32x4.ge_s(v128.load(plan.starts + <usize>panel * 32 + half), i32x4.splat(t));
}

/** All ones in the lanes of samples that have begun. */
@inline
export function begun(plan: Plan, t: i32, panel: i32, half: usize): v128 {
  if (!plan.starts) return i32x4.splat(-1);
  return i32x4.le_s(v128.load(plan.starts + <usize>panel * 32 + half), i32x4.splat(t));
}

/** The first timestep at which a sample of the panel begins. */
@inline
export function firstOf(plan: Plan, panel: i32): i32 {
  return plan.starts ? load<i32>(plan.panelStarts + (<usize>panel << 2)) : plan.first;
}

/** Whether a sample has begun. */
@inline
export function hasBegun(plan: Plan, t: i32, sample: i32): bool {
  return !plan.starts || load<i32>(plan.starts + (<usize>sample << 2)) <= t;
}

/** The first panel, of `panel` … `to` − 1, that has begun; `to` if none has. */
export function nextBegun(plan: Plan, t: i32, panel: i32, to: i32): i32 {
  while (panel < to && firstOf(plan, panel) > t) ++panel;
  return panel;
}

/** The number of panels from `panel` on that have begun without a gap, at most `most`. */
export function countBegun(plan: Plan, t: i32, panel: i32, to: i32, most: i32): i32 {
  let n = 0;
  while (n < most && panel + n < to && firstOf(plan, panel + n) <= t) ++n;
  return n;
}

function holdRows(rows: usize, initial: usize, units: i32, m0: v128, m1: v128): void {
  for (let j = 0; j < units; ++j, rows += 32, initial += 32) {
    v128.store(rows, v128.bitselect(v128.load(initial), v128.load(rows), m0));
    v128.store(rows, v128.bitselect(v128.load(initial, 16), v128.load(rows, 16), m1), 16);
  }
}

/** Sets the state before timestep `t` of samples that have not begun by then to the initial one. */
export function hold(plan: Plan, t: i32, panel: i32): void {
  const m0 = waiting(plan, t, panel, 0), m1 = waiting(plan, t, panel, 16);
  if (!v128.any_true(v128.or(m0, m1))) return;
  const offset = <usize>panel * <usize>plan.K * 32 + <usize>(plan.D + 1) * 32;
  const s = plan.s + offset, first = <usize>firstOf(plan, panel);
  holdRows(s + <usize>t * plan.sStride, s + first * plan.sStride, plan.H, m0, m1);
  if (plan.kind != LSTM) return;
  const c = plan.c + <usize>panel * <usize>plan.H * 32;
  holdRows(c + <usize>t * plan.cStride, c + first * plan.cStride, plan.H, m0, m1);
}

/** Writes one lane of rows, times its factors, as `units` floats to `to`. */
function putLane(rows: usize, lane: i32, units: i32, factors: usize, to: usize): void {
  const at = <usize>lane << 2;
  const f = load<f32>(factors + at), g = load<f32>(factors + at, 32);
  for (let j = 0; j < units; ++j, rows += 32, to += 4) store<f32>(to, load<f32>(rows + at) * f * g);
}

function clearLane(rows: usize, lane: i32, units: i32): void {
  for (let at = rows + (<usize>lane << 2); units > 0; --units, at += 32) store<f32>(at, 0);
}

/** Writes the gradient of the initial states of the samples that begin at timestep `t`, and stops it there. */
export function release(plan: Plan, t: i32, panel: i32): void {
  const lanes = validLanes(plan, panel), H = plan.H, padded = paddedRows(plan), first = firstOf(plan, panel);
  const factors = plan.factors + <usize>panel * FACTORS + TRUE_FACTORS;
  for (let lane = 0; lane < lanes; ++lane) {
    const b = panel * 8 + lane;
    if (load<i32>(plan.starts + (<usize>b << 2)) != t) continue;
    const to = <usize>b * (<usize>H << 2);
    putLane(plan.rec + <usize>panel * padded, lane, H, factors, plan.dh0 + to);
    if (t > first) clearLane(plan.rec + <usize>panel * padded, lane, H);
    if (plan.kind != LSTM) continue;
    putLane(plan.recC + <usize>panel * padded, lane, H, factors, plan.dc0 + to);
    if (t > first) clearLane(plan.recC + <usize>panel * padded, lane, H);
  }
}

/** Sets the last state, at `to`, of samples without timesteps to the initial one, [B][H] at `from` (0: zeros). */
export function keepInitial(plan: Plan, panel: i32, from: usize, to: usize): void {
  const lanes = validLanes(plan, panel), bytes = <usize>plan.H << 2;
  for (let b = panel * 8, end = b + lanes; b < end; ++b) {
    if (load<i32>(plan.starts + (<usize>b << 2)) < plan.T) continue;
    for (let at = <usize>b * bytes, stop = at + bytes; at < stop; at += 4) store<f32>(to + at, from ? load<f32>(from + at) : 0);
  }
}

/** Multiplies `rows` by the mask of recurrent dropout. */
export function dropStates(plan: Plan, panel: i32, rows: usize): void {
  const bytes = <usize>plan.H * 32, mask = plan.recurrentMask + <usize>panel * bytes;
  for (let at: usize = 0; at < bytes; at += 16) v128.store(rows + at, f32x4.mul(v128.load(rows + at), v128.load(mask + at)));
}
