/** Masked batches against each of their samples alone, without the masked timesteps. */

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../src/kernels/kernels.ts";
import type { RecurrentSpec } from "../../../src/kernels/spec.ts";
import type { RecurrentStatistics } from "../../../src/kernels/statistics.ts";
import { budget } from "../../budget.ts";
import { random, randomArrays, randomSpec, relativeDifference, someKernels } from "./helpers.ts";
import type { Arrays } from "./reference.ts";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await someKernels();
});
afterAll(() => kernels.close());

/** Row `b` of arrays with one row per sample. */
function rowOf(values: Float32Array | undefined, b: number, batch: number): Float32Array | undefined {
  const width = (values?.length ?? 0) / batch;
  return values?.slice(b * width, (b + 1) * width);
}

/** One sample without its masked timesteps; their output gradients are added to those of the preceding real ones. */
function alone(
  spec: RecurrentSpec,
  arrays: Arrays,
  mask: Uint8Array,
  b: number,
): { spec: RecurrentSpec; arrays: Arrays } {
  const { timesteps: T, batch: B, inputs: D, units: H } = spec;
  const places = Array.from({ length: T }, (_, t) => t).filter((t) => mask[b * T + t]);
  const x = places.flatMap((t) => [...arrays.x.subarray((b * T + t) * D, (b * T + t + 1) * D)]);
  const order = (place: number): number => (spec.goBackwards ? T - 1 - place : place);
  const reading = places.map(order).sort((p, q) => p - q);
  const dSequence = arrays.dSequence && new Float32Array(reading.length * H);
  for (let place = 0; dSequence && place < T; place++) {
    const k = reading.filter((p) => p <= place).length - 1;
    for (let u = 0; k >= 0 && u < H; u++) dSequence[k * H + u]! += arrays.dSequence![(b * T + place) * H + u]!;
  }
  return {
    spec: { ...spec, timesteps: places.length, batch: 1 },
    arrays: {
      ...arrays,
      x: Float32Array.from(x),
      h0: rowOf(arrays.h0, b, B),
      c0: rowOf(arrays.c0, b, B),
      dSequence,
      dh: rowOf(arrays.dh, b, B),
      dc: rowOf(arrays.dc, b, B),
    },
  };
}

/**
 * The gradient that sample `b` sends to its initial state h from the output places before its first real one; all of
 * them if it has none.
 */
function toInitial(
  { timesteps: T, batch: B, units: H, goBackwards }: RecurrentSpec,
  arrays: Arrays,
  mask: Uint8Array,
  b: number,
): Float32Array {
  const real = (place: number): boolean => mask[b * T + (goBackwards ? T - 1 - place : place)] !== 0;
  const result = new Float32Array(H);
  let place = 0;
  for (; place < T && !real(place); place++)
    for (let u = 0; arrays.dSequence && u < H; u++) result[u]! += arrays.dSequence[(b * T + place) * H + u]!;
  const last = place === T ? rowOf(arrays.dh, b, B) : undefined;
  return result.map((v, u) => v + (last?.[u] ?? 0));
}

function passOf(spec: RecurrentSpec, arrays: Arrays, mask?: Uint8Array) {
  const plan = kernels.plan({ ...spec, masked: mask !== undefined });
  const { h, c, sequence } = plan.forward({ ...arrays, mask });
  const outputs = { h: h.slice(), c: c?.slice(), sequence: sequence?.slice() };
  const gradients = plan.backward({ sequence: arrays.dSequence, h: arrays.dh, c: arrays.dc });
  const kept = Object.entries(gradients).flatMap(([name, values]) => (values ? [[name, values.slice()] as const] : []));
  const statistics = plan.statistics();
  plan.release();
  return { outputs, gradients: new Map(kept), statistics };
}

/** The figures of a masked batch equal those of its samples alone, aligned at their last timesteps. */
function compareFigures(
  whole: RecurrentStatistics,
  alone: ReadonlyMap<number, RecurrentStatistics>,
  batch: number,
): void {
  const longest = Math.max(0, ...[...alone.values()].map(({ timesteps }) => timesteps));
  expect(whole.longest).toBe(longest);
  for (const [s, state] of whole.states.entries()) {
    for (let k = 0; k < whole.timesteps; k++) {
      const norms: number[] = [];
      let [sent, sending] = [0, 0];
      for (const [b, { timesteps, states }] of alone) {
        const own = k - longest + timesteps;
        if (k >= longest || own < 0) continue;
        const norm = 10 ** states[s]!.logSampleNorm[own]!;
        norms.push(norm);
        expect(10 ** state.logSampleNorm[k * batch + b]!).toBeCloseTo(norm, 4);
        if (own === 0 && k > 0) continue;
        sending += norm ** 2;
        if (norm > 0) sent += (norm * states[s]!.gain[own]!) ** 2;
      }
      const total = Math.hypot(...norms);
      expect(10 ** state.logNorm[k]!).toBeCloseTo(total, 4);
      if (sending > 1e-12) expect(state.gain[k]).toBeCloseTo(Math.sqrt(sent / sending), 3);
      norms.sort((p, q) => p - q);
      const middle = norms[Math.ceil(norms.length / 2) - 1] ?? 0;
      expect(10 ** state.p50[k]!).toBeCloseTo(middle, 4);
    }
  }
  for (const [g, { low }] of whole.gates.entries()) {
    for (let k = 0; k < longest; k++) {
      const begun = [...alone.values()].filter(({ timesteps }) => k >= longest - timesteps);
      const shares = begun.map(({ timesteps, gates }) => gates[g]!.low[k - longest + timesteps]!);
      expect(low[k]).toBeCloseTo(shares.reduce((a, v) => a + v, 0) / shares.length, 4);
    }
  }
}

const cases = fc.record({
  kind: fc.constantFrom("simpleRNN" as const, "lstm" as const, "gru" as const),
  seed: fc.nat(),
  shape: fc.constantFrom("anywhere" as const, "behind" as const, "in front" as const),
});

describe("a masked batch", () => {
  it("equals its samples without the masked timesteps, forward and backward", () => {
    fc.assert(
      fc.property(cases, ({ kind, seed, shape }) => {
        const next = random(seed);
        const spec = {
          ...randomSpec(kind, next),
          activation: "tanh" as const,
          recurrentActivation: "sigmoid" as const,
        };
        const { timesteps: T, batch: B, inputs: D, units: H } = spec;
        const arrays = randomArrays(spec, next);
        const lengths = Array.from({ length: B }, () => Math.floor(next() * (T + 1)));
        const mask = Uint8Array.from({ length: B * T }, (_, i) => {
          const [b, t] = [Math.floor(i / T), i % T];
          if (shape === "anywhere") return Number(next() < 0.6);
          return Number(shape === "behind" ? t < lengths[b]! : t >= T - lengths[b]!);
        });
        const whole = passOf(spec, arrays, mask);
        const sums = new Map<string, Float64Array>();
        const measured = new Map<number, RecurrentStatistics>();
        for (let b = 0; b < B; b++) {
          const single = alone(spec, arrays, mask, b);
          const states = [
            [whole.outputs.h, "h"],
            [whole.outputs.c, "c"],
          ] as const;
          if (single.spec.timesteps === 0) {
            for (const [values, name] of states) {
              if (!values) continue;
              const initial = rowOf(name === "h" ? arrays.h0 : arrays.c0, b, B) ?? new Float32Array(H);
              expect(rowOf(values, b, B)).toEqual(initial);
            }
            const gradient = (name: string): Float32Array => rowOf(whole.gradients.get(name), b, B)!;
            expect(relativeDifference(gradient("h0"), toInitial(spec, arrays, mask, b))).toBeLessThan(1e-5);
            const last = rowOf(arrays.dc, b, B) ?? new Float32Array(H);
            if (kind === "lstm") expect(relativeDifference(gradient("c0"), last)).toBeLessThan(1e-5);
            continue;
          }
          const own = passOf(single.spec, single.arrays);
          for (const [values, name] of states)
            if (values) expect(relativeDifference(rowOf(values, b, B)!, own.outputs[name]!)).toBeLessThan(1e-5);
          const places = Array.from({ length: T }, (_, t) => t).filter((t) => mask[b * T + t]);
          const reading = places.map((t) => (spec.goBackwards ? T - 1 - t : t)).sort((p, q) => p - q);
          for (const [k, place] of reading.entries()) {
            const at = (b * T + place) * H;
            const found = whole.outputs.sequence?.subarray(at, at + H);
            if (found)
              expect(relativeDifference(found, own.outputs.sequence!.subarray(k * H, (k + 1) * H))).toBeLessThan(1e-5);
          }
          const dx = own.gradients.get("x");
          for (const [k, t] of places.entries()) {
            const at = (b * T + t) * D;
            const found = whole.gradients.get("x")?.subarray(at, at + D);
            const expected = dx?.subarray(k * D, (k + 1) * D);
            for (let d = 0; found && d < D; d++) expect(Math.abs(found[d]! - expected![d]!)).toBeLessThan(1e-5);
          }
          for (const [name, values] of own.gradients) {
            if (name === "x") continue;
            if (name === "h0" || name === "c0") {
              const before = name === "h0" ? toInitial(spec, arrays, mask, b) : new Float32Array(H);
              const expected = before.map((v, u) => v + values[u]!);
              expect(relativeDifference(rowOf(whole.gradients.get(name)!, b, B)!, expected)).toBeLessThan(1e-4);
              continue;
            }
            const sum = sums.get(name) ?? new Float64Array(values.length);
            values.forEach((v: number, i: number) => {
              sum[i]! += v;
            });
            sums.set(name, sum);
          }
          measured.set(b, own.statistics);
        }
        compareFigures(whole.statistics, measured, B);
        for (const [name, sum] of sums)
          expect(relativeDifference(whole.gradients.get(name)!, sum), name).toBeLessThan(1e-4);
      }),
      { numRuns: budget(8, 60, 25) },
    );
  });
});
