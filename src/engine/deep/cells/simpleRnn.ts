/** h_t = φ(x_t W + h_{t−1} U + b), J_t = diag(φ′) Uᵀ (on columns). */

import { multiply, transposed } from "../linear/multiply.ts";
import type { Pieces } from "../linear/pieces.ts";
import { type CellSequence, inputPart, type Trajectory } from "./trajectory.ts";

export function* simpleRnnTrajectory(sequence: CellSequence): Pieces<Trajectory> {
  const { samples, timesteps, units, recurrentKernel, activation } = sequence;
  const z = yield* inputPart(sequence, 1);
  const h = new Float64Array(samples * timesteps * units);
  const slope = new Float64Array(h.length);
  const pre = new Float64Array(units);
  for (let b = 0; b < samples; b++) {
    for (let t = 0; t < timesteps; t++) {
      yield;
      const at = (b * timesteps + t) * units;
      pre.set(z.subarray(at, at + units));
      if (t > 0) multiply(h.subarray(at - units, at), recurrentKernel, 1, units, units, pre, true);
      for (let u = 0; u < units; u++) {
        const y = activation.value(pre[u]!);
        h[at + u] = y;
        slope[at + u] = activation.slope(pre[u]!, y);
      }
    }
  }
  const back = transposed(recurrentKernel, units, units);
  const place = (t: number, sample: number): number => (sample * timesteps + t - 1) * units;
  let scratch = new Float64Array(0);
  return {
    states: ["h"],
    samples,
    timesteps,
    units,
    width: units,
    h,
    cellGradient: null,
    forward(t, rows, of, result) {
      multiply(rows, recurrentKernel, of.length, units, units, result);
      for (let i = 0; i < of.length; i++) {
        const at = place(t, of[i]!);
        for (let u = 0; u < units; u++) result[i * units + u] = result[i * units + u]! * slope[at + u]!;
      }
    },
    backward(t, rows, of, result) {
      const size = of.length * units;
      if (scratch.length < size) scratch = new Float64Array(size);
      for (let i = 0; i < of.length; i++) {
        const at = place(t, of[i]!);
        for (let u = 0; u < units; u++) scratch[i * units + u] = rows[i * units + u]! * slope[at + u]!;
      }
      multiply(scratch, back, of.length, units, units, result);
    },
  };
}
