/** Counts how open the gates are, per timestep and panel, while the activated gates are in the inner cache. */

import { begun } from "./held";
import { validLanes } from "./plan";
import { LSTM, Plan } from "./planBlock";

/** Bytes of one record of `Plan.gates`. */
export const GATES_RECORD: usize = 32;
/** Offset of the sum of 1/(1 − f), after the counts of low and high values of three gates. */
export const GATES_TIMESCALE: usize = 24;

/** All ones in those of the lanes `first` … `first` + 3 that exist. */
@inline
function mask(lanes: i32, first: i32): v128 {
  return i32x4.lt_s(i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(first)), i32x4.splat(lanes));
}

@inline
function sumI(a: v128): i32 {
  return i32x4.extract_lane(a, 0) + i32x4.extract_lane(a, 1) + i32x4.extract_lane(a, 2) + i32x4.extract_lane(a, 3);
}

/** Counts of values < 0.1 and > 0.9 in `units` rows. */
function countShares(from: usize, units: i32, m0: v128, m1: v128, to: usize): void {
  let low0 = i32x4.splat(0), low1 = low0, high0 = low0, high1 = low0;
  const lower = f32x4.splat(0.1), upper = f32x4.splat(0.9);
  for (let j = 0; j < units; ++j, from += 32) {
    const a = v128.load(from), b = v128.load(from, 16);
    low0 = i32x4.sub(low0, f32x4.lt(a, lower));
    low1 = i32x4.sub(low1, f32x4.lt(b, lower));
    high0 = i32x4.sub(high0, f32x4.gt(a, upper));
    high1 = i32x4.sub(high1, f32x4.gt(b, upper));
  }
  store<i32>(to, sumI(v128.and(low0, m0)) + sumI(v128.and(low1, m1)));
  store<i32>(to + 4, sumI(v128.and(high0, m0)) + sumI(v128.and(high1, m1)));
}

@inline
function sumF(a: v128): f32 {
  return f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3);
}

/** Σ 1/(1 − f): the number of timesteps for which the state is remembered. */
function timescale(from: usize, units: i32, m0: v128, m1: v128): f32 {
  const one = f32x4.splat(1);
  let s0 = f32x4.splat(0), s1 = s0;
  const pairs = from + <usize>(units >> 1) * 64, end = from + <usize>units * 32;
  for (; from < pairs; from += 64) {
    // 1/a + 1/b = (a + b)/(a·b): a division takes longer than all the rest. 1 − f is 0 or at least 2^−24.
    const a0 = f32x4.sub(one, v128.load(from)), b0 = f32x4.sub(one, v128.load(from, 32));
    const a1 = f32x4.sub(one, v128.load(from, 16)), b1 = f32x4.sub(one, v128.load(from, 48));
    s0 = f32x4.add(s0, f32x4.div(f32x4.add(a0, b0), f32x4.mul(a0, b0)));
    s1 = f32x4.add(s1, f32x4.div(f32x4.add(a1, b1), f32x4.mul(a1, b1)));
  }
  if (from < end) {
    s0 = f32x4.add(s0, f32x4.div(one, f32x4.sub(one, v128.load(from))));
    s1 = f32x4.add(s1, f32x4.div(one, f32x4.sub(one, v128.load(from, 16))));
  }
  return sumF(f32x4.add(v128.and(s0, m0), v128.and(s1, m1)));
}

/** `timescale` of rows in which a pair may be 0/0: two gates that are open altogether. */
function exactTimescale(from: usize, units: i32, m0: v128, m1: v128): f32 {
  let s0 = f32x4.splat(0), s1 = s0;
  const one = f32x4.splat(1);
  for (let j = 0; j < units; ++j, from += 32) {
    s0 = f32x4.add(s0, f32x4.div(one, f32x4.sub(one, v128.load(from))));
    s1 = f32x4.add(s1, f32x4.div(one, f32x4.sub(one, v128.load(from, 16))));
  }
  return sumF(f32x4.add(v128.and(s0, m0), v128.and(s1, m1)));
}

/**
 * Writes one record: LSTM i, f, o and the time-scale of f; GRU z, r and the time-scale of z, which acts as its forget
 * gate.
 */
export function countGates(plan: Plan, t: i32, panel: i32, z: usize): void {
  const lanes = validLanes(plan, panel), H = plan.H, gate = <usize>H * 32;
  const to = plan.gates + <usize>(t * plan.panels + panel) * GATES_RECORD;
  const lstm = plan.kind == LSTM;
  const m0 = v128.and(mask(lanes, 0), begun(plan, t, panel, 0)), m1 = v128.and(mask(lanes, 4), begun(plan, t, panel, 16));
  countShares(z, H, m0, m1, to);
  countShares(z + gate, H, m0, m1, to + 8);
  if (lstm) countShares(z + 3 * gate, H, m0, m1, to + 16);
  const keep = lstm ? z + gate : z;
  const sum = timescale(keep, H, m0, m1);
  store<f32>(to + GATES_TIMESCALE, sum == sum ? sum : exactTimescale(keep, H, m0, m1));
}
