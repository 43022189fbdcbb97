import { beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../src/kernels/kernels.ts";
import type { RecurrentSpec } from "../../../src/kernels/spec.ts";
import { random, randomArrays, relativeDifference, someKernels, uniform } from "./helpers.ts";
import { reference } from "./reference.ts";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await someKernels();
});

/** ρ × a random orthogonal matrix (Gram–Schmidt). */
function scaledOrthogonal(n: number, rho: number, next: () => number): Float32Array {
  const rows: number[][] = [];
  while (rows.length < n) {
    const v = Array.from({ length: n }, () => next() * 2 - 1);
    for (const _ of [1, 2])
      for (const r of rows) {
        const dot = v.reduce((s, a, i) => s + a * r[i]!, 0);
        for (let i = 0; i < n; i++) v[i]! -= dot * r[i]!;
      }
    const size = Math.hypot(...v);
    rows.push(v.map((a) => a / size));
  }
  return Float32Array.from(rows.flat(), (a) => a * rho);
}

const [T, B, D, H] = [300, 5, 2, 13];
const linear: RecurrentSpec = { kind: "simpleRNN", timesteps: T, batch: B, inputs: D, units: H, activation: "linear" };

describe("a linear RNN with U = ρ·Q", () => {
  it.each([0.2, 1.9, 1e-25, 1e25])("has gain %d at every timestep, however large or small the norm becomes", (rho) => {
    const next = random(1);
    const arrays = {
      x: new Float32Array(B * T * D),
      kernel: uniform(next, D * H, 1),
      recurrentKernel: scaledOrthogonal(H, rho, next),
      bias: new Float32Array(H),
    };
    const dh = uniform(next, B * H, 1);
    const plan = kernels.plan(linear);
    plan.forward(arrays);
    plan.backward({ h: dh });
    const { states } = plan.statistics();
    const [h] = states;
    for (const gain of h!.gain) expect(Math.abs(gain / rho - 1)).toBeLessThan(1e-3);
    const last = Math.log10(Math.hypot(...dh));
    for (let t = 0; t < T; t++)
      expect(Math.abs(h!.logNorm[t]! - last - (T - 1 - t) * Math.log10(rho))).toBeLessThan(1e-3);
    expect(h!.nonFinite.every((n) => n === 0)).toBe(true);
    plan.release();
  });

  it("reports the weight gradient that overflows, and still every gain", () => {
    const next = random(2);
    const arrays = {
      x: uniform(next, B * T * D, 1),
      kernel: uniform(next, D * H, 1),
      recurrentKernel: scaledOrthogonal(H, 1.9, next),
      bias: new Float32Array(H),
    };
    const plan = kernels.plan(linear);
    plan.forward(arrays);
    const { kernel, h0, x } = plan.backward({ h: uniform(next, B * H, 1) });
    expect(kernel.some((v) => !Number.isFinite(v))).toBe(true);
    expect(h0.some((v) => !Number.isFinite(v))).toBe(true);
    expect(x?.some((v) => !Number.isFinite(v))).toBe(true);
    for (const gain of plan.statistics().states[0]!.gain) expect(Math.abs(gain / 1.9 - 1)).toBeLessThan(1e-3);
    plan.release();
  });

  it("gives the weights float32's share of a vanishing gradient, and no subnormal input gradient", () => {
    const next = random(3);
    const arrays = {
      x: uniform(next, B * T * D, 1),
      kernel: uniform(next, D * H, 1),
      recurrentKernel: scaledOrthogonal(H, 0.2, next),
      bias: uniform(next, H, 1),
      dh: uniform(next, B * H, 1),
    };
    const plan = kernels.plan(linear);
    plan.forward(arrays);
    const found = plan.backward({ h: arrays.dh });
    const truth = reference(linear, arrays);
    expect(relativeDifference(found.kernel, truth.gradients.kernel)).toBeLessThan(1e-4);
    expect(relativeDifference(found.recurrentKernel, truth.gradients.recurrentKernel)).toBeLessThan(1e-4);
    expect(found.x!.some((v) => v !== 0 && Math.abs(v) < 2 ** -126)).toBe(false);
    expect(found.h0.every((v) => v === 0)).toBe(true);
    const contributions = plan.statistics().logContribution;
    // At the first timestep the state is still 0.
    expect(contributions[0]).toBe(-Infinity);
    for (let t = 1; t < T; t++)
      expect(Math.abs(contributions[t]! - Math.log10(truth.measured.contribution[t]!))).toBeLessThan(1e-3);
    plan.release();
  });
});

describe("direct gradients of very different sizes", () => {
  it.each(["simpleRNN", "lstm", "gru"] as const)("reach every timestep of a %s at their own scale", (kind) => {
    const spec: RecurrentSpec = {
      kind,
      timesteps: 40,
      batch: 11,
      inputs: 3,
      units: 7,
      activation: "tanh",
      recurrentActivation: "sigmoid",
      sequences: true,
    };
    const next = random(4);
    const arrays = randomArrays(spec, next);
    // At some samples and timesteps only, from 10^−35 to 10^30.
    arrays.dSequence = Float32Array.from({ length: 11 * 40 * 7 }, () => 0);
    for (let b = 0; b < 11; b++)
      for (let t = 0; t < 40; t++) {
        if (next() > 0.2) continue;
        const size = 10 ** (next() * 65 - 35);
        for (let j = 0; j < 7; j++) arrays.dSequence[(b * 40 + t) * 7 + j] = size * (2 * next() - 1);
      }
    arrays.dh = undefined;
    arrays.dc = undefined;
    const truth = reference(spec, arrays);
    const plan = kernels.plan(spec);
    plan.forward(arrays);
    const found = plan.backward({ sequence: arrays.dSequence });
    const { states, logContribution } = plan.statistics();
    for (const what of ["kernel", "recurrentKernel", "bias", "x"] as const)
      expect(relativeDifference(found[what]!, truth.gradients[what])).toBeLessThan(1e-4);
    const compare = (logs: Float64Array, norms: Float64Array): void => {
      for (const [i, log] of logs.entries()) {
        if (log === -Infinity) expect(norms[i]).toBe(0);
        else expect(Math.abs(log - Math.log10(norms[i]!))).toBeLessThan(1e-3);
      }
    };
    compare(states[0]!.logNorm, truth.measured.normH);
    compare(states[0]!.logSampleNorm, truth.measured.sampleNormH);
    if (states[1]) compare(states[1].logNorm, truth.measured.normC);
    compare(logContribution, truth.measured.contribution);
    for (const [t, gain] of states[0]!.gain.entries())
      if (truth.measured.normH[t]) expect(Math.abs(gain / truth.measured.gainH[t]! - 1)).toBeLessThan(1e-3);
    plan.release();
  });
});

describe("non-finite values", () => {
  it.each([NaN, Infinity])("are counted per timestep and do not affect other samples (%d)", (bad) => {
    const next = random(5);
    const spec: RecurrentSpec = { ...linear, timesteps: 4 };
    const arrays = randomArrays(spec, next);
    const dh = uniform(next, B * H, 1);
    dh[1 * H + 3] = bad;
    const plan = kernels.plan(spec);
    plan.forward(arrays);
    const found = plan.backward({ h: dh });
    const [h] = plan.statistics().states;
    expect([...h!.nonFinite]).toEqual([H, H, H, 1]);
    expect(h!.logNorm.every((v) => !Number.isFinite(v))).toBe(true);
    expect(h!.p50.every((v) => Number.isFinite(v))).toBe(true);
    expect(found.kernel.some((v) => !Number.isFinite(v))).toBe(true);
    for (let b = 0; b < B; b++)
      expect(found.h0.subarray(b * H, (b + 1) * H).every((v) => Number.isFinite(v))).toBe(b !== 1);
    plan.release();
  });

  it("pass from an input through the states to the output", () => {
    for (const kind of ["simpleRNN", "lstm", "gru"] as const) {
      const spec: RecurrentSpec = { ...linear, kind, timesteps: 3, activation: "tanh", recurrentActivation: "sigmoid" };
      const arrays = randomArrays(spec, random(6));
      arrays.x[(2 * 3 + 1) * D] = NaN;
      const plan = kernels.plan(spec);
      const { h } = plan.forward(arrays);
      for (let b = 0; b < B; b++) expect(h.subarray(b * H, (b + 1) * H).every(Number.isFinite)).toBe(b !== 2);
      plan.release();
    }
  });
});

it("takes percentiles by nearest rank over the batch", () => {
  const spec: RecurrentSpec = { ...linear, timesteps: 1, batch: 20, units: 1 };
  const arrays = randomArrays(spec, random(7));
  const plan = kernels.plan(spec);
  plan.forward(arrays);
  plan.backward({ h: Float32Array.from({ length: 20 }, (_, b) => ((b * 7) % 20) + 1) });
  const [h] = plan.statistics().states;
  expect(10 ** h!.p10[0]!).toBeCloseTo(2, 5);
  expect(10 ** h!.p50[0]!).toBeCloseTo(10, 5);
  expect(10 ** h!.p90[0]!).toBeCloseTo(18, 5);
  plan.release();
});

describe("a state that overflows", () => {
  it.each([false, true])("is found at its first timestep, in any sample (backwards: %s)", (goBackwards) => {
    // h_t = 10 h_{t−1} + x_t = 1.1…1e(t − 1) for the only sample that is not zero: beyond 3.4e38 from t = 40 on.
    const spec: RecurrentSpec = {
      kind: "simpleRNN",
      timesteps: 60,
      batch: 11,
      inputs: 1,
      units: 2,
      activation: "linear",
      goBackwards,
    };
    const plan = kernels.plan(spec);
    const pass = (gain: number) => {
      const x = new Float32Array(11 * 60).map((_, i) => (Math.floor(i / 60) === 9 ? 1 : 0));
      plan.forward({
        x,
        kernel: Float32Array.of(0, 1),
        recurrentKernel: Float32Array.of(0, 0, 0, gain),
        bias: new Float32Array(2),
      });
      return plan.nonFiniteFrom();
    };
    expect(pass(10)).toBe(40);
    expect(pass(1)).toBeNull();
    // g^t / (g − 1) with g = 4.5 is 1e38 at t = 59 and 4.5e38 at the last timestep.
    expect(pass(4.5)).toBe(60);
    plan.release();
  });
});
