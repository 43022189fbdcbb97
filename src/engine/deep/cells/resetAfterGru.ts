/**
 * Keras's default GRU: gates in the order z, r, h, with the reset gate after the product: h_t = z h_{t−1} + (1 − z) g,
 * g = φ(x W_h + b_h + r m), m = h_{t−1} U_h + b′_h.
 */

import { multiply, transposed } from "../linear/multiply.ts";
import type { Pieces } from "../linear/pieces.ts";
import { type CellSequence, inputPart, type Products, type Trajectory } from "./trajectory.ts";

/** What all timesteps leave for the Jacobians, each B × T × H. */
interface ResetAfterGruRecord {
  readonly h: Float64Array;
  readonly update: Float64Array;
  readonly reset: Float64Array;
  /** ∂h_t by the pre-activation of the update gate. */
  readonly updateSlope: Float64Array;
  /** ∂h_t by the pre-activation of the candidate. */
  readonly slope: Float64Array;
  /** ∂(r m) by the pre-activation of the reset gate. */
  readonly resetSlope: Float64Array;
}

/** @param ofState G; the second bias, which belongs to the recurrent part; null: none */
export function* resetAfterGruTrajectory(sequence: CellSequence, ofState: Float64Array | null): Pieces<Trajectory> {
  const { samples, timesteps, units } = sequence;
  const record = yield* recordTimesteps(sequence, ofState);
  const sizes = { samples, timesteps, units, width: units };
  return { states: ["h"], ...sizes, h: record.h, ...jacobians(sequence, record) };
}

function* recordTimesteps(sequence: CellSequence, ofState: Float64Array | null): Pieces<ResetAfterGruRecord> {
  const { samples, timesteps, units, recurrentKernel, activation, recurrentActivation } = sequence;
  const gates = 3 * units;
  const z = yield* inputPart(sequence, 3);
  const h = new Float64Array(samples * timesteps * units);
  const series = (): Float64Array => new Float64Array(h.length);
  const [update, reset] = [series(), series()];
  const [updateSlope, slope, resetSlope] = [series(), series(), series()];
  const before = new Float64Array(units);
  const pre = new Float64Array(gates);
  for (let b = 0; b < samples; b++) {
    before.fill(0);
    for (let t = 0; t < timesteps; t++) {
      yield;
      const row = b * timesteps + t;
      const at = row * units;
      if (ofState) pre.set(ofState);
      else pre.fill(0);
      multiply(before, recurrentKernel, 1, units, gates, pre, true);
      for (let u = 0; u < units; u++) {
        const [zu, zr] = [z[row * gates + u]! + pre[u]!, z[row * gates + units + u]! + pre[units + u]!];
        const keep = recurrentActivation.value(zu);
        const r = recurrentActivation.value(zr);
        const m = pre[2 * units + u]!;
        const zg = z[row * gates + 2 * units + u]! + r * m;
        const g = activation.value(zg);
        update[at + u] = keep;
        reset[at + u] = r;
        updateSlope[at + u] = (before[u]! - g) * recurrentActivation.slope(zu, keep);
        slope[at + u] = (1 - keep) * activation.slope(zg, g);
        resetSlope[at + u] = m * recurrentActivation.slope(zr, r);
        h[at + u] = keep * before[u]! + (1 - keep) * g;
      }
      before.set(h.subarray(at, at + units));
    }
  }
  return { h, update, reset, updateSlope, slope, resetSlope };
}

function jacobians(
  { timesteps, units, recurrentKernel }: CellSequence,
  { update, reset, updateSlope, slope, resetSlope }: ResetAfterGruRecord,
): Products {
  const gates = 3 * units;
  const back = transposed(recurrentKernel, units, gates);
  const place = (t: number, sample: number): number => (sample * timesteps + t - 1) * units;
  let wide = new Float64Array(0);
  const room = (rows: number): void => {
    if (wide.length < rows * gates) wide = new Float64Array(rows * gates);
  };
  return {
    cellGradient: null,
    forward(t, rows, of, result) {
      room(of.length);
      multiply(rows, recurrentKernel, of.length, units, gates, wide);
      for (let i = 0; i < of.length; i++) {
        const at = place(t, of[i]!);
        for (let u = 0; u < units; u++) {
          const w = i * gates + u;
          result[i * units + u] =
            update[at + u]! * rows[i * units + u]! +
            updateSlope[at + u]! * wide[w]! +
            slope[at + u]! * (resetSlope[at + u]! * wide[w + units]! + reset[at + u]! * wide[w + 2 * units]!);
        }
      }
    },
    backward(t, rows, of, result) {
      room(of.length);
      for (let i = 0; i < of.length; i++) {
        const at = place(t, of[i]!);
        for (let u = 0; u < units; u++) {
          const gradient = rows[i * units + u]!;
          const candidate = gradient * slope[at + u]!;
          const w = i * gates + u;
          wide[w] = gradient * updateSlope[at + u]!;
          wide[w + units] = candidate * resetSlope[at + u]!;
          wide[w + 2 * units] = candidate * reset[at + u]!;
          result[i * units + u] = gradient * update[at + u]!;
        }
      }
      multiply(wide, back, of.length, gates, units, result, true);
    },
  };
}
