/**
 * LSTM with tfjs's gate order i, f, c, o: c_t = f c_{t−1} + i g, h_t = o φ(c_t), where i, f, o = σ(z), g = φ(z_c). Its
 * state is (h, c): Jacobians are 2H × 2H. Peepholes add p_i c_{t−1}, p_f c_{t−1} and p_o c_t to the gates' z (Gers &
 * Schmidhuber 2000): more paths from c_{t−1} to c_t and from c_t to h_t, unit by unit.
 */

import { multiply, transposed } from "../linear/multiply.ts";
import type { Pieces } from "../linear/pieces.ts";
import { type CellSequence, inputPart, type Products, type Trajectory } from "./trajectory.ts";

/** What all timesteps leave for the Jacobians: B × T rows. */
interface LstmRecord {
  readonly h: Float64Array;
  /** ∂c_t/∂z for i, f and g, ∂h_t/∂z for o: rows of 4H. */
  readonly slopes: Float64Array;
  /** ∂c_t/∂c_{t−1}: rows of H. */
  readonly keep: Float64Array;
  /** ∂h_t/∂c_t: rows of H. */
  readonly output: Float64Array;
}

/** @param peepholes [3, H]: for the input, forget and output gate; null: none */
export function* lstmTrajectory(sequence: CellSequence, peepholes: Float64Array | null = null): Pieces<Trajectory> {
  const { samples, timesteps, units } = sequence;
  const record = yield* recordTimesteps(sequence, peepholes);
  const sizes = { samples, timesteps, units, width: 2 * units };
  return { states: ["h", "c"], ...sizes, h: record.h, ...jacobians(sequence, record) };
}

function* recordTimesteps(sequence: CellSequence, peepholes: Float64Array | null): Pieces<LstmRecord> {
  const { samples, timesteps, units, recurrentKernel, activation, recurrentActivation } = sequence;
  const gates = 4 * units;
  const z = yield* inputPart(sequence, 4);
  const h = new Float64Array(samples * timesteps * units);
  const c = new Float64Array(h.length);
  const slopes = new Float64Array(z.length);
  const keep = new Float64Array(h.length);
  const output = new Float64Array(h.length);
  const pre = new Float64Array(gates);
  for (let b = 0; b < samples; b++) {
    for (let t = 0; t < timesteps; t++) {
      yield;
      const row = b * timesteps + t;
      const at = row * units;
      pre.set(z.subarray(row * gates, (row + 1) * gates));
      if (t > 0) multiply(h.subarray(at - units, at), recurrentKernel, 1, units, gates, pre, true);
      for (let u = 0; u < units; u++) {
        const before = t > 0 ? c[at - units + u]! : 0;
        const [pi, pf, po] = peepholes ? [peepholes[u]!, peepholes[units + u]!, peepholes[2 * units + u]!] : [0, 0, 0];
        const [zi, zf, zg] = [pre[u]! + pi * before, pre[units + u]! + pf * before, pre[2 * units + u]!];
        const i = recurrentActivation.value(zi);
        const f = recurrentActivation.value(zf);
        const g = activation.value(zg);
        const cell = f * before + i * g;
        const zo = pre[3 * units + u]! + po * cell;
        const o = recurrentActivation.value(zo);
        const squashed = activation.value(cell);
        c[at + u] = cell;
        h[at + u] = o * squashed;
        const s = row * gates + u;
        slopes[s] = g * recurrentActivation.slope(zi, i);
        slopes[s + units] = before * recurrentActivation.slope(zf, f);
        slopes[s + 2 * units] = i * activation.slope(zg, g);
        slopes[s + 3 * units] = squashed * recurrentActivation.slope(zo, o);
        keep[at + u] = f + pi * slopes[s]! + pf * slopes[s + units]!;
        output[at + u] = o * activation.slope(cell, squashed) + po * slopes[s + 3 * units]!;
      }
    }
  }
  return { h, slopes, keep, output };
}

function jacobians(
  { timesteps, units, recurrentKernel }: CellSequence,
  { slopes, keep, output }: LstmRecord,
): Products {
  const gates = 4 * units;
  const back = transposed(recurrentKernel, units, gates);
  const place = (t: number, sample: number): number => sample * timesteps + t - 1;
  const width = 2 * units;
  let states = new Float64Array(0);
  let wide = new Float64Array(0);
  const room = (rows: number): void => {
    if (wide.length >= rows * gates) return;
    states = new Float64Array(rows * units);
    wide = new Float64Array(rows * gates);
  };
  return {
    forward(t, rows, of, result) {
      room(of.length);
      for (let i = 0; i < of.length; i++) states.set(rows.subarray(i * width, i * width + units), i * units);
      multiply(states, recurrentKernel, of.length, units, gates, wide);
      for (let i = 0; i < of.length; i++) {
        const row = place(t, of[i]!);
        for (let u = 0; u < units; u++) {
          const s = row * gates + u;
          const z0 = i * gates + u;
          const dc =
            keep[row * units + u]! * rows[i * width + units + u]! +
            slopes[s]! * wide[z0]! +
            slopes[s + units]! * wide[z0 + units]! +
            slopes[s + 2 * units]! * wide[z0 + 2 * units]!;
          result[i * width + units + u] = dc;
          result[i * width + u] = output[row * units + u]! * dc + slopes[s + 3 * units]! * wide[z0 + 3 * units]!;
        }
      }
    },
    backward(t, rows, of, result) {
      room(of.length);
      for (let i = 0; i < of.length; i++) {
        const row = place(t, of[i]!);
        for (let u = 0; u < units; u++) {
          const s = row * gates + u;
          const z0 = i * gates + u;
          const gh = rows[i * width + u]!;
          const gc = rows[i * width + units + u]! + gh * output[row * units + u]!;
          wide[z0] = gc * slopes[s]!;
          wide[z0 + units] = gc * slopes[s + units]!;
          wide[z0 + 2 * units] = gc * slopes[s + 2 * units]!;
          wide[z0 + 3 * units] = gh * slopes[s + 3 * units]!;
          result[i * width + units + u] = gc * keep[row * units + u]!;
        }
      }
      multiply(wide, back, of.length, gates, units, states);
      for (let i = 0; i < of.length; i++) result.set(states.subarray(i * units, (i + 1) * units), i * width);
    },
    cellGradient(t, rows, of, result) {
      for (let i = 0; i < of.length; i++) {
        const at = place(t, of[i]!) * units;
        for (let u = 0; u < units; u++)
          result[i * units + u] = rows[i * width + units + u]! + rows[i * width + u]! * output[at + u]!;
      }
    },
  };
}
