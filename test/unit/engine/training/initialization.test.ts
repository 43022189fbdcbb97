/**
 * Known figures of nets at their initial weights: decades that the state gradient gains or loses between the last and
 * the first timestep, for the adding problem with a loss at the last timestep (medians over seeds, computed in float64
 * elsewhere).
 */

import { beforeAll, describe, expect, it } from "vitest";
import type { JsonValue } from "../../../../src/config/resolved.ts";
import { budget, sampled } from "../../../budget.ts";
import { useBackend } from "../instrument/backends.ts";
import { entries, profile, resolved, run, series } from "./support.ts";

interface Fact {
  readonly name: string;
  readonly type: string;
  readonly units: number;
  readonly args: { readonly [key: string]: JsonValue };
  readonly state: "h" | "c";
  /** Decades at each length. */
  readonly decades: { readonly [timesteps: number]: number };
  /** Allowed difference in decades; default: 30 %. */
  readonly tolerance?: number;
  /** Geometric mean gain per timestep; null: it differs by length. */
  readonly gain: number | null;
  /** Arguments that depend on the length. */
  readonly suited?: (timesteps: number) => { readonly [key: string]: JsonValue };
}

const glorot = { kernelInitializer: "glorotUniform" };
const uniform = { type: "randomUniform", minval: -1 / 8, maxval: 1 / 8 };
const gated = { ...glorot, recurrentActivation: "sigmoid" };
const facts: readonly Fact[] = [
  {
    name: "tanh, orthogonal",
    type: "simpleRNN",
    units: 64,
    args: glorot,
    state: "h",
    decades: { 50: -1.4, 100: -2.9, 200: -5.5 },
    gain: 0.94,
  },
  {
    name: "sigmoid, orthogonal: beyond float32 from T = 100, beyond its square from T = 200",
    type: "simpleRNN",
    units: 64,
    args: { ...glorot, activation: "sigmoid" },
    state: "h",
    decades: { 50: -31, 100: -62, 200: -125 },
    gain: 0.24,
  },
  {
    name: "ReLU, identity",
    type: "simpleRNN",
    units: 100,
    args: {
      activation: "relu",
      recurrentInitializer: "identity",
      kernelInitializer: { type: "randomNormal", stddev: 0.001 },
    },
    state: "h",
    decades: { 50: -0.1, 100: -0.2, 200: -0.2 },
    tolerance: 0.2,
    gain: 0.996,
  },
  {
    name: "LSTM, forget bias 1, on c",
    type: "lstm",
    units: 64,
    args: { ...gated, unitForgetBias: true },
    state: "c",
    decades: { 50: -3.8, 100: -7.4, 200: -14 },
    gain: 0.84,
  },
  {
    name: "LSTM, forget bias 0, on c",
    type: "lstm",
    units: 64,
    args: { ...gated, unitForgetBias: false },
    state: "c",
    decades: { 50: -10, 100: -21, 200: -42 },
    gain: 0.61,
  },
  {
    name: "LSTM, chrono bias for the task's length, on c: the same at every length",
    type: "lstm",
    units: 64,
    args: gated,
    suited: (timesteps) => ({ biasInitializer: { type: "chrono", maxLag: timesteps } }),
    state: "c",
    decades: { 50: -0.7, 100: -0.7, 200: -0.7 },
    gain: null,
  },
  {
    name: "GRU",
    type: "gru",
    units: 64,
    args: gated,
    state: "h",
    decades: { 50: -10, 100: -20, 200: -39 },
    gain: 0.63,
  },
  {
    name: "tanh, uniform within 1/√H",
    type: "simpleRNN",
    units: 64,
    args: { kernelInitializer: uniform, recurrentInitializer: uniform, biasInitializer: uniform },
    state: "h",
    decades: { 50: -11, 100: -22, 200: -44 },
    gain: 0.59,
  },
  {
    name: "tanh, Gaussian with gain 3",
    type: "simpleRNN",
    units: 128,
    args: { ...glorot, recurrentInitializer: { type: "randomNormal", stddev: 3 / Math.sqrt(128) } },
    state: "h",
    decades: { 50: 7, 100: 14, 200: 26 },
    gain: 1.375,
  },
  {
    name: "tanh, orthogonal × 1.5",
    type: "simpleRNN",
    units: 64,
    args: { ...glorot, recurrentInitializer: { type: "orthogonal", gain: 1.5 } },
    state: "h",
    decades: { 50: 1.7, 100: 2.9, 200: 5.6 },
    gain: 1.07,
  },
];

/** By default each net has one length, and each length a third of the nets. */
const cases = facts.flatMap((fact, i) =>
  sampled(Object.entries(fact.decades), 3, i).map(
    ([timesteps, decades]) => [fact.name, Number(timesteps), decades, fact] as const,
  ),
);

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

describe("at the initial weights", () => {
  beforeAll(() => useBackend("wasm"));

  it.each(cases)(
    "%s, T = %i: %f decades",
    async (_, length, decades, { type, units, args, suited, state, tolerance, gain }) => {
      const layers = entries([
        [type, { units, ...args, ...suited?.(length) }],
        ["dense", { units: 1 }],
      ]);
      const attenuations: number[] = [];
      const gains: number[] = [];
      for (const seed of [1, 2, 3, 4, 5].slice(0, budget(2, 5))) {
        const base = resolved(layers);
        const model = resolved(layers, {
          data: { kind: "task", task: "addingProblem", length, samples: 32, seed, test: null },
          training: { ...base.training, batchSize: 32, seed },
        });
        const result = await run(model, { steps: 1 });
        expect(result.outcome).toEqual({ kind: "completed" });
        attenuations.push(series(result, "attenuation", 0, state)[0]!);
        gains.push(series(result, "meanGain", 0, state)[0]!);
        // If only the last timestep has a loss, the gains determine everything.
        expect(series(result, "survival", 0, state)[0]).toBeCloseTo(series(result, "attenuation", 0, state)[0]!, 3);
      }
      expect(Math.abs(median(attenuations) - decades)).toBeLessThan(tolerance ?? Math.abs(decades) * 0.3);
      if (gain !== null) expect(Math.abs(median(gains) / gain - 1)).toBeLessThan(0.04);
    },
  );

  it.each([
    [0.2, -209],
    [1.9, 83.35],
  ])("a linear net with U = %f·Q gains exactly that per timestep, T = 300: %f decades", async (gain, decades) => {
    const recurrentInitializer = { type: "orthogonal", gain };
    const layers = entries([
      // Without inputs, so that its states do not overflow.
      ["simpleRNN", { units: 32, activation: "linear", kernelInitializer: "zeros", recurrentInitializer }],
      ["dense", { units: 1 }],
    ]);
    const data = { kind: "task", task: "addingProblem", length: 300, samples: 8, seed: 1, test: null } as const;
    const result = await run(resolved(layers, { data }), { steps: 1 });
    for (const value of profile(result.frames[0], 0, "h.gain")) expect(Math.abs(value / gain - 1)).toBeLessThan(1e-3);
    expect(series(result, "attenuation", 0, "h")[0]).toBeCloseTo(299 * Math.log10(gain), 1);
    expect(Math.abs(series(result, "attenuation", 0, "h")[0]! - decades)).toBeLessThan(0.1);
  });
});
