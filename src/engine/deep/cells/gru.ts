/**
 * tfjs's GRU: gates in the order z, r, h, with the reset gate before the product: h_t = z h_{t−1} + (1 − z) g, g = φ(x
 * W_h + (r h_{t−1}) U_h + b_h).
 */

import { multiply, transposed } from "../linear/multiply.ts";
import type { Pieces } from "../linear/pieces.ts";
import { type CellSequence, columnBlock, inputPart, type Products, type Trajectory } from "./trajectory.ts";

/** The recurrent kernel in two parts: of the gates z and r, H × 2H, and of the candidate, H × H. */
interface Kernels {
  readonly gateKernel: Float64Array;
  readonly candidateKernel: Float64Array;
}

/** What all timesteps leave for the Jacobians, each B × T × H: values, and derivatives of the activations. */
interface GruRecord {
  readonly h: Float64Array;
  readonly update: Float64Array;
  readonly reset: Float64Array;
  /** h_{t−1}. */
  readonly before: Float64Array;
  readonly candidate: Float64Array;
  readonly updateSlope: Float64Array;
  readonly resetSlope: Float64Array;
  /** The candidate's. */
  readonly slope: Float64Array;
}

export function* gruTrajectory(sequence: CellSequence): Pieces<Trajectory> {
  const { samples, timesteps, units, recurrentKernel } = sequence;
  const kernels = {
    gateKernel: columnBlock(recurrentKernel, 3 * units, 0, 2 * units),
    candidateKernel: columnBlock(recurrentKernel, 3 * units, 2 * units, units),
  };
  const record = yield* recordTimesteps(sequence, kernels);
  const sizes = { samples, timesteps, units, width: units };
  return { states: ["h"], ...sizes, h: record.h, ...jacobians(sequence, kernels, record) };
}

function* recordTimesteps(sequence: CellSequence, { gateKernel, candidateKernel }: Kernels): Pieces<GruRecord> {
  const { samples, timesteps, units, activation, recurrentActivation } = sequence;
  const both = 2 * units;
  const zs = yield* inputPart(sequence, 3);
  const h = new Float64Array(samples * timesteps * units);
  const series = (): Float64Array => new Float64Array(h.length);
  const [update, reset, before, candidate] = [series(), series(), series(), series()];
  const [updateSlope, resetSlope, slope] = [series(), series(), series()];
  const pre = new Float64Array(3 * units);
  const inner = new Float64Array(units);
  for (let b = 0; b < samples; b++) {
    for (let t = 0; t < timesteps; t++) {
      yield;
      const row = b * timesteps + t;
      const at = row * units;
      pre.set(zs.subarray(row * 3 * units, (row + 1) * 3 * units));
      if (t > 0) before.set(h.subarray(at - units, at), at);
      const last = before.subarray(at, at + units);
      multiply(last, gateKernel, 1, units, both, pre.subarray(0, both), true);
      for (let u = 0; u < units; u++) {
        const z = recurrentActivation.value(pre[u]!);
        const r = recurrentActivation.value(pre[units + u]!);
        update[at + u] = z;
        reset[at + u] = r;
        updateSlope[at + u] = recurrentActivation.slope(pre[u]!, z);
        resetSlope[at + u] = recurrentActivation.slope(pre[units + u]!, r);
        inner[u] = r * last[u]!;
      }
      multiply(inner, candidateKernel, 1, units, units, pre.subarray(both), true);
      for (let u = 0; u < units; u++) {
        const g = activation.value(pre[both + u]!);
        candidate[at + u] = g;
        slope[at + u] = activation.slope(pre[both + u]!, g);
        h[at + u] = update[at + u]! * last[u]! + (1 - update[at + u]!) * g;
      }
    }
  }
  return { h, update, reset, before, candidate, updateSlope, resetSlope, slope };
}

function jacobians(
  { timesteps, units }: CellSequence,
  { gateKernel, candidateKernel }: Kernels,
  { update, reset, before, candidate, updateSlope, resetSlope, slope }: GruRecord,
): Products {
  const both = 2 * units;
  const gateBack = transposed(gateKernel, units, both);
  const candidateBack = transposed(candidateKernel, units, units);
  const place = (t: number, sample: number): number => (sample * timesteps + t - 1) * units;
  let one = new Float64Array(0);
  let other = new Float64Array(0);
  let wide = new Float64Array(0);
  const room = (rows: number): void => {
    if (wide.length >= rows * both) return;
    one = new Float64Array(rows * units);
    other = new Float64Array(rows * units);
    wide = new Float64Array(rows * both);
  };
  return {
    cellGradient: null,
    forward(t, rows, of, result) {
      room(of.length);
      multiply(rows, gateKernel, of.length, units, both, wide);
      for (let i = 0; i < of.length; i++) {
        const at = place(t, of[i]!);
        for (let u = 0; u < units; u++) {
          const dr = resetSlope[at + u]! * wide[i * both + units + u]!;
          one[i * units + u] = reset[at + u]! * rows[i * units + u]! + before[at + u]! * dr;
        }
      }
      multiply(one, candidateKernel, of.length, units, units, other);
      for (let i = 0; i < of.length; i++) {
        const at = place(t, of[i]!);
        for (let u = 0; u < units; u++) {
          const z = update[at + u]!;
          const dz = updateSlope[at + u]! * wide[i * both + u]!;
          result[i * units + u] =
            z * rows[i * units + u]! +
            (before[at + u]! - candidate[at + u]!) * dz +
            (1 - z) * slope[at + u]! * other[i * units + u]!;
        }
      }
    },
    backward(t, rows, of, result) {
      room(of.length);
      for (let i = 0; i < of.length; i++) {
        const at = place(t, of[i]!);
        for (let u = 0; u < units; u++)
          one[i * units + u] = rows[i * units + u]! * (1 - update[at + u]!) * slope[at + u]!;
      }
      multiply(one, candidateBack, of.length, units, units, other);
      for (let i = 0; i < of.length; i++) {
        const at = place(t, of[i]!);
        for (let u = 0; u < units; u++) {
          const g = rows[i * units + u]!;
          const q = other[i * units + u]!;
          wide[i * both + u] = g * (before[at + u]! - candidate[at + u]!) * updateSlope[at + u]!;
          wide[i * both + units + u] = q * before[at + u]! * resetSlope[at + u]!;
          result[i * units + u] = g * update[at + u]! + q * reset[at + u]!;
        }
      }
      multiply(wide, gateBack, of.length, both, units, result, true);
    },
  };
}
