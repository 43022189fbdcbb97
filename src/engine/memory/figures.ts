/** Figures of the states h, c and M on the walk back, in the form that every recurrent layer reports. */

import type { StateName } from "../../protocol/run.ts";
import type { GateMeasurement, SequenceMeasurement, StateMeasurement } from "../recording/recorder.ts";
import { unreached } from "../recording/stateArrays.ts";
import type { Tape } from "./tape.ts";

/** ∂L/∂ every state of a timestep, samples × values each. */
export type StateGradients = { readonly [state in StateName]?: Float64Array };

interface Measured {
  readonly logNorm: number;
  readonly nonFinite: number;
}

export class Figures {
  readonly #tape: Tape;
  readonly #floor: number | null;
  readonly #states: readonly StateMeasurement[];
  readonly #logContribution: Float64Array;

  /** @param floor log₁₀ below which a norm counts as zero; null: none. */
  constructor(tape: Tape, states: readonly StateName[], floor: number | null) {
    const { timesteps, samples } = tape;
    this.#tape = tape;
    this.#floor = floor;
    this.#states = states.map((name) => unreached(name, timesteps, samples));
    this.#logContribution = new Float64Array(timesteps).fill(-Infinity);
  }

  /** Receives ∂L/∂s_t, complete (`t` 0-based). Call this for the last timestep first. */
  complete(t: number, gradients: StateGradients): void {
    const { samples } = this.#tape;
    for (const state of this.#states) {
      const { logNorm, nonFinite } = this.#norm(gradients[state.name], state.logSampleNorm, t * samples);
      state.logNorm[t] = logNorm;
      state.nonFinite[t] = nonFinite;
    }
  }

  /**
   * Receives the part of ∂L/∂s_{t−1} that came through timestep `t`. Its norm over that of ∂L/∂s_t, already known, is
   * the gain.
   */
  transported(t: number, gradients: StateGradients): void {
    for (const state of this.#states) {
      const own = state.logNorm[t]!;
      if (own === -Infinity) continue;
      state.gain[t] = 10 ** (this.#norm(gradients[state.name], null, 0).logNorm - own);
    }
  }

  /** Receives ∂L/∂U|_t. */
  contribution(t: number, dKernel: Float64Array): void {
    const { max, sum } = squares(dKernel, 0, dKernel.length);
    this.#logContribution[t] = logOf(max, sum);
  }

  measurement(): SequenceMeasurement {
    const { timesteps, layout } = this.#tape;
    const lstm = layout.controller === "lstm";
    return {
      timesteps,
      states: this.#states,
      logContribution: this.#logContribution,
      gates: lstm ? gatesOf(this.#tape) : [],
      timescale: lstm ? timescaleOf(this.#tape) : null,
    };
  }

  #norm(values: Float64Array | undefined, sampleNorms: Float64Array | null, at: number): Measured {
    const { samples } = this.#tape;
    if (!values) return { logNorm: -Infinity, nonFinite: 0 };
    const size = values.length / samples;
    let largest = -Infinity;
    const logs = Array.from({ length: samples }, (_, b) => {
      const { max, sum } = squares(values, b * size, (b + 1) * size);
      const log = this.#aboveFloor(logOf(max, sum));
      if (sampleNorms) sampleNorms[at + b] = log;
      if (!(log <= largest)) largest = log;
      return log;
    });
    let nonFinite = 0;
    for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) nonFinite++;
    if (!Number.isFinite(largest)) return { logNorm: logs.some(Number.isNaN) ? Number.NaN : largest, nonFinite };
    const sum = logs.reduce((total, log) => total + 10 ** (2 * (log - largest)), 0);
    return { logNorm: this.#aboveFloor(largest + Math.log10(sum) / 2), nonFinite };
  }

  #aboveFloor(log: number): number {
    return this.#floor !== null && log < this.#floor ? -Infinity : log;
  }
}

/** Largest |entry|, and the sum of squares in units of its square, which neither overflows nor underflows. */
function squares(values: Float64Array, from: number, to: number): { readonly max: number; readonly sum: number } {
  let max = 0;
  for (let i = from; i < to; i++) {
    const size = Math.abs(values[i]!);
    if (!(size <= max)) max = size;
    if (Number.isNaN(size)) return { max: size, sum: size };
  }
  if (max === 0 || max === Infinity) return { max, sum: 1 };
  let sum = 0;
  for (let i = from; i < to; i++) sum += (values[i]! / max) ** 2;
  return { max, sum };
}

function logOf(max: number, sum: number): number {
  return Math.log10(max) + Math.log10(sum) / 2;
}

/** In the order of tfjs's LSTM, without the candidate. */
const gateNames = [
  ["input", 0],
  ["forget", 1],
  ["output", 3],
] as const;

function gatesOf({ layout, timesteps, samples, gates }: Tape): GateMeasurement[] {
  const { units } = layout;
  return gateNames.map(([name, index]) => {
    const low = new Float64Array(timesteps);
    const high = new Float64Array(timesteps);
    for (let row = 0; row < timesteps * samples; row++) {
      const t = Math.floor(row / samples);
      const at = (row * 4 + index) * units;
      for (let i = at; i < at + units; i++) {
        if (gates[i]! < 0.1) low[t] = low[t]! + 1 / (samples * units);
        else if (gates[i]! > 0.9) high[t] = high[t]! + 1 / (samples * units);
      }
    }
    return { name, low, high };
  });
}

function timescaleOf({ layout, timesteps, samples, gates }: Tape): Float64Array {
  const { units } = layout;
  const result = new Float64Array(timesteps);
  for (let row = 0; row < timesteps * samples; row++) {
    const t = Math.floor(row / samples);
    const at = (row * 4 + 1) * units;
    for (let i = at; i < at + units; i++) result[t] = result[t]! + 1 / (1 - gates[i]!) / (samples * units);
  }
  return result;
}
