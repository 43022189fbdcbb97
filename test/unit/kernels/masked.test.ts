/** Masked batches against each of their samples alone, without what is masked. */

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alignmentOf } from "../../../src/kernels/alignment.ts";
import type { Kernels } from "../../../src/kernels/kernels.ts";
import type { RecurrentSpec } from "../../../src/kernels/spec.ts";
import { compileTime, random, randomArrays, randomSpec, relativeDifference, someKernels } from "./helpers.ts";
import type { Arrays } from "./reference.ts";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await someKernels();
}, compileTime);
afterAll(() => kernels.close());

/** Row `b` of arrays with one row per sample. */
function rowOf(values: Float32Array | undefined, b: number, batch: number): Float32Array | undefined {
  const width = (values?.length ?? 0) / batch;
  return values?.slice(b * width, (b + 1) * width);
}

/** One sample without its masked timesteps; of its output gradients, what masked timesteps receive is added to the real ones before. */
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

function passOf(spec: RecurrentSpec, arrays: Arrays, mask?: Uint8Array) {
  const plan = kernels.plan({ ...spec, masked: mask !== undefined });
  const alignment = mask && alignmentOf(mask, spec.batch, spec.goBackwards ?? false);
  const { h, c, sequence } = plan.forward({ ...arrays, alignment });
  const outputs = { h: h.slice(), c: c?.slice(), sequence: sequence?.slice() };
  const gradients = plan.backward({ sequence: arrays.dSequence, h: arrays.dh, c: arrays.dc });
  const kept = Object.entries(gradients).flatMap(([name, values]) => (values ? [[name, values.slice()] as const] : []));
  const aligned = plan.alignedStatistics();
  const statistics = plan.statistics();
  plan.release();
  return { outputs, gradients: new Map(kept), aligned, statistics };
}

const cases = fc.record({
  kind: fc.constantFrom("simpleRNN" as const, "lstm" as const, "gru" as const),
  seed: fc.nat(),
  shape: fc.constantFrom("anywhere" as const, "behind" as const, "in front" as const),
});

describe("a masked batch", () => {
  it("is its samples without what is masked, forward and backward", () => {
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
              expect(relativeDifference(rowOf(whole.gradients.get(name)!, b, B)!, values)).toBeLessThan(1e-4);
              continue;
            }
            const sum = sums.get(name) ?? new Float64Array(values.length);
            values.forEach((v: number, i: number) => {
              sum[i]! += v;
            });
            sums.set(name, sum);
          }
          const { longest, begins } = whole.aligned!;
          expect(longest - begins[b]!).toBe(places.length);
          for (const [s, { norm, sent }] of whole.aligned!.states.entries()) {
            const { logSampleNorm, gain } = own.statistics.states[s]!;
            for (const [k, log] of logSampleNorm.entries()) {
              const at = (begins[b]! + k) * B + b;
              expect(10 ** norm[at]!).toBeCloseTo(10 ** log, 4);
              if (k > 0 && Number.isFinite(gain[k])) expect(10 ** sent[at]!).toBeCloseTo(gain[k]! * 10 ** log, 4);
            }
          }
        }
        for (const [name, sum] of sums)
          expect(relativeDifference(whole.gradients.get(name)!, sum), name).toBeLessThan(1e-4);
      }),
      { numRuns: 60 },
    );
  });
});
