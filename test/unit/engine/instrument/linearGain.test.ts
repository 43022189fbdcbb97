/** A linear net with U = ρQ, Q orthogonal, transports every gradient with gain exactly ρ. */

import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import type { KernelSource } from "../../../../src/engine/instrument/kernelSource.ts";
import { sampled } from "../../../budget.ts";
import { kernelsFor, useBackend, ways } from "./backends.ts";
import { KeepingRecorder, pass, state } from "./support.ts";

const units = 12;
const samples = 3;

/** Product of a few Householder reflections: orthogonal to float64 precision. */
function orthogonal(n: number): number[][] {
  let q: number[][] = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
  for (let k = 1; k <= 4; k++) {
    const v = Array.from({ length: n }, (_, i) => Math.sin(1 + i * k * 1.7 + k));
    const vv = v.reduce((sum, a) => sum + a * a, 0);
    q = q.map((row) => {
      const dot = row.reduce((sum, a, j) => sum + a * v[j]!, 0);
      return row.map((a, j) => a - (2 * dot * v[j]!) / vv);
    });
  }
  return q;
}

/** Factor ρ, timesteps. */
const gains: readonly (readonly [number, number])[] = [
  [0.5, 50],
  [0.5, 200],
  [0.05, 200],
  [0.9, 200],
  [1, 200],
  [1.1, 200],
  [1.5, 50],
  [1.5, 200],
  [20, 200],
  [0.2, 300],
  [1.9, 300],
];

describe.each(ways.map((way, i) => [...way, i] as const))("linear recurrence, %s on %s", (way, backend, at) => {
  let kernels: KernelSource | null = null;
  beforeAll(async () => {
    await useBackend(backend);
    kernels = await kernelsFor(way);
  });

  it.each(sampled(gains, 16, at, 8))("has gain %f at every timestep, T = %i", (rho, timesteps) => {
    const model = sequential();
    model.add(
      layers.simpleRNN({ units, activation: "linear", recurrentInitializer: "zeros", inputShape: [timesteps, 2] }),
    );
    model.add(layers.dense({ units: 1 }));
    const u = tf.tensor2d(orthogonal(units).map((row) => row.map((a) => a * rho)));
    const weights = model.getWeights();
    model.setWeights([weights[0]!, u, ...weights.slice(2)]);
    const recorder = new KeepingRecorder();
    const instrumentation = instrument(model, recorder, { kernels });
    const x = tf.randomNormal([samples, timesteps, 2], 0, 1e-6, "float32", 1);
    pass(model, (y) => tf.mean(tf.sub(y, 1)), x, instrumentation);

    const measurement = recorder.only();
    const { gain, logNorm, nonFinite } = state(measurement, "h");
    expect(gain).toHaveLength(timesteps);
    for (const value of gain) expect(Math.abs(value / rho - 1)).toBeLessThan(1e-4);
    for (let t = 1; t <= timesteps; t++) {
      const expected = logNorm[timesteps - 1]! + (timesteps - t) * Math.log10(rho);
      expect(Math.abs(logNorm[t - 1]! - expected)).toBeLessThan(1e-4);
    }
    expect([...nonFinite]).toEqual(new Array(timesteps).fill(0));
    instrumentation.remove();
    tf.dispose([x, u]);
    model.dispose();
  });
});
