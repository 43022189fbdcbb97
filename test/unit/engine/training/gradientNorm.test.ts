/** Ω of Pascanu, Mikolov & Bengio (2013) against central differences of Ω(U) with d and h held constant, in float64. */

import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { type LayersModel, layers, sequential } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/config/parse.ts";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import type { KernelSource } from "../../../../src/engine/instrument/kernelSource.ts";
import { measuredLayers } from "../../../../src/engine/instrument/measuredLayers.ts";
import { gradientNormRegularizer, omega } from "../../../../src/engine/training/gradientNorm.ts";
import { budget, sampled } from "../../../budget.ts";
import { kernelsFor, useBackend, ways } from "../instrument/backends.ts";
import { pass } from "../instrument/support.ts";
import { fixtures } from "../saved/support.ts";
import { entries, resolved, run, series } from "./support.ts";

const samples = 3;
const timesteps = 6;
const features = 2;
const units = 4;
const alpha = 1.7;

const activations = {
  tanh: [Math.tanh, (h: number) => 1 - h * h],
  sigmoid: [(x: number) => 1 / (1 + Math.exp(-x)), (h: number) => h * (1 - h)],
  relu: [(x: number) => Math.max(0, x), (h: number) => (h > 0 ? 1 : 0)],
  linear: [(x: number) => x, () => 1],
  // The kernels do not cover it, so it runs with taps. Its derivative is 1 / (1 + |x|)² = (1 − |h|)².
  softsign: [(x: number) => x / (1 + Math.abs(x)), (h: number) => (1 - Math.abs(h)) ** 2],
} as const;
type Activation = keyof typeof activations;

/** The states h_t and total state gradients d_t of a net h_t = σ(x_t W + h_{t−1} U + b), y = h V + c, L = mean (y − 1)². */
function statesAndGradients(name: Activation, weights: readonly number[][], x: number[][][], sequences: boolean) {
  const [w, u, b, v, c] = weights as [number[], number[], number[], number[], number[]];
  const [sigma, slope] = activations[name];
  const count = samples * (sequences ? timesteps : 1);
  return x.map((sample) => {
    const h: number[][] = [];
    for (const input of sample) {
      const before = h.at(-1) ?? new Array<number>(units).fill(0);
      h.push(
        before.map((_, j) => {
          const wx = input.reduce((s, value, i) => s + value * w[i * units + j]!, b[j]!);
          return sigma(before.reduce((s, value, i) => s + value * u[i * units + j]!, wx));
        }),
      );
    }
    let d = new Array<number>(units).fill(0);
    const gradients: number[][] = [];
    for (let t = timesteps - 1; t >= 0; t--) {
      if (sequences || t === timesteps - 1) {
        const y = h[t]!.reduce((s, value, i) => s + value * v[i]!, c[0]!);
        d = d.map((value, i) => value + (2 * (y - 1) * v[i]!) / count);
      }
      gradients[t] = d;
      const a = d.map((value, j) => value * slope(h[t]![j]!));
      d = d.map((_, i) => a.reduce((s, value, j) => s + value * u[i * units + j]!, 0));
    }
    return { h, d: gradients, slope };
  });
}

function omegaOf(u: readonly number[], nets: ReturnType<typeof statesAndGradients>): number {
  let sum = 0;
  for (const { h, d, slope } of nets) {
    for (let t = 1; t < timesteps; t++) {
      const squares = d[t]!.reduce((s, value) => s + value * value, 0);
      if (squares === 0) continue;
      const a = d[t]!.map((value, j) => value * slope(h[t]![j]!));
      const g = a.map((_, i) => a.reduce((s, value, j) => s + value * u[i * units + j]!, 0));
      sum += (g.reduce((s, value) => s + value * value, 0) / squares - 1) ** 2;
    }
  }
  return sum / samples;
}

function build(activation: Activation, returnSequences: boolean): LayersModel {
  const model = sequential();
  const inputShape = [timesteps, features];
  model.add(
    layers.simpleRNN({ units, activation, returnSequences, inputShape, recurrentInitializer: "glorotUniform" }),
  );
  model.add(layers.dense({ units: 1 }));
  model.setWeights(model.getWeights().map((weight, i) => tf.randomNormal(weight.shape, 0, 0.6, "float32", 5 + i)));
  return model;
}

describe.each(ways.map((way, i) => [...way, i] as const))("%s on %s", (way, backend, at) => {
  let kernels: KernelSource | null = null;
  beforeAll(async () => {
    await useBackend(backend);
    kernels = await kernelsFor(way);
  });

  const cases = Object.keys(activations).flatMap((name) => [
    [name as Activation, false] as const,
    [name as Activation, true] as const,
  ]);
  it.each(sampled(cases, 6, at, 3))("%s, returnSequences %s", (name, sequences) => {
    const model = build(name, sequences);
    const x = tf.randomNormal([samples, timesteps, features], 0, 1, "float32", 3);
    const regularizer = gradientNormRegularizer(alpha, measuredLayers(model), model.trainableWeights);
    const instrumentation = instrument(model, null, { kernels, directions: regularizer.listen });
    const { gradients } = pass(model, (y) => tf.mean(tf.square(tf.sub(y, 1))), x, instrumentation);
    const before = tf.memory().numTensors;
    const whole = regularizer.add(gradients, 1);
    expect(tf.memory().numTensors).toBe(before);

    const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()));
    const nets = statesAndGradients(name, weights, x.arraySync() as number[][][], sequences);
    const u = weights[1]!;
    for (const [i, gradient] of gradients.entries()) if (i !== 1) expect(whole[i]).toBe(gradient);
    for (let k = 0; k < u.length; k++) {
      const at = (amount: number): number =>
        omegaOf(
          u.map((value, i) => (i === k ? value + amount : value)),
          nets,
        );
      const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
      expect(Math.abs(whole[1]![k]! - gradients[1]![k]! - alpha * slope), `entry ${k}`).toBeLessThan(
        1e-4 * (1 + Math.abs(slope)),
      );
    }
    // Recorded passes are used only once.
    expect(regularizer.add(gradients, 1)[1]).toBe(gradients[1]);
    instrumentation.remove();
    x.dispose();
    model.dispose();
  });

  it("handles directions of gradients that float32 cannot represent", { tags: "thorough" }, () => {
    const model = sequential();
    model.add(
      layers.simpleRNN({ units, activation: "sigmoid", inputShape: [120, 1], recurrentInitializer: "glorotUniform" }),
    );
    const rows: Float32Array[] = [];
    const instrumentation = instrument(model, null, { kernels, directions: (_, values) => rows.push(values) });
    const x = tf.ones([samples, 120, 1]);
    pass(model, (y) => tf.sum(y), x, instrumentation);
    expect(rows.reduce((sum, values) => sum + values.length, 0)).toBe(119 * samples * units);
    for (const values of rows) {
      for (let from = 0; from < values.length; from += units) {
        const norm = Math.hypot(...values.subarray(from, from + units));
        // σ′ ≤ ¼.
        expect(norm).toBeGreaterThan(0.01);
        expect(norm).toBeLessThanOrEqual(0.2501);
      }
    }
    instrumentation.remove();
    x.dispose();
    model.dispose();
  });
});

describe("Ω", () => {
  beforeAll(() => useBackend("wasm"));

  it("is zero, and flat, for an orthogonal kernel with a linear activation", () => {
    const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
    const kernel = tf.tensor2d([c, s, -s, c], [2, 2]);
    const { value, gradient } = omega(Float32Array.of(0.6, 0.8, 0, 1, 0, 0), kernel, 3);
    expect(value).toBeCloseTo(0, 10);
    for (const entry of gradient) expect(entry).toBeCloseTo(0, 6);
    kernel.dispose();
  });

  it("moves the gain of a net with small weights towards 1", { tags: "thorough" }, async () => {
    const base = resolved([]);
    const net = entries([
      ["simpleRNN", { units: 16, recurrentInitializer: { type: "randomNormal", stddev: 0.1 } }],
      ["dense", { units: 1 }],
    ]);
    const data = { kind: "task", task: "addingProblem", length: 30, samples: 256, seed: 1, test: null } as const;
    const gains = async (regularizer: { readonly alpha: number } | null, way: "kernels" | "taps", steps = 40) => {
      const training = { ...base.training, batchSize: 16, gradientNormRegularizer: regularizer };
      return series(await run(resolved(net, { data, training }), { steps }, { recurrent: way }), "meanGain", 0, "h");
    };
    const [without, with_, tapped] = [
      await gains(null, "kernels"),
      await gains({ alpha: 2 }, "kernels"),
      await gains({ alpha: 2 }, "taps", budget(5, 40)),
    ];
    expect(with_[0]).toBe(without[0]);
    expect(without.at(-1)).toBeLessThan(0.75);
    expect(with_.at(-1)).toBeGreaterThan(0.85);
    expect(tapped.at(-1)! / with_[tapped.length - 1]!).toBeCloseTo(1, 2);
  });
});

describe("the config", () => {
  it("reports the layers that it does not affect", () => {
    const text = `{ "data": { "task": "addingProblem" }, "training": { "gradientNormRegularizer": {} }, "models": {
      "a": { "layers": [{ "type": "lstm", "units": 2, "returnSequences": true }, { "type": "simpleRNN", "units": 2 }, { "type": "dense", "units": 1 }] },
      "b": { "layers": [{ "type": "bidirectional", "layer": { "type": "gru", "units": 2 } }, { "type": "dense", "units": 1 }] },
      "c": { "layers": [{ "type": "rnn", "cell": [{ "type": "simpleRNNCell", "units": 2 }, { "type": "lstmCell", "units": 2 }] }, { "type": "dense", "units": 1 }] },
      "d": { "layers": [{ "type": "simpleRNN", "units": 2, "recurrentDropout": 0.1 }, { "type": "dense", "units": 1 }] } } }`;
    const { config, problems } = parseConfig(text);
    expect(config?.models.map(({ training }) => training.gradientNormRegularizer)).toEqual(
      new Array(4).fill({ alpha: 2 }),
    );
    expect(problems.map(({ severity, path }) => [severity, ...path.slice(1)])).toEqual([
      ["warning", "a", "layers", 0, "type"],
      ["warning", "b", "layers", 0, "layer", "type"],
      ["warning", "c", "layers", 0, "cell", 1, "type"],
      ["warning", "d", "layers", 0, "recurrentDropout"],
    ]);
    expect(problems[0]?.message).toMatch(/lstm.*simpleRNN/);
  });

  it("reports them for the layers of a file, too, at the file's place", { tags: "thorough" }, async () => {
    const file = { name: "lstm.keras", path: ["models", "m", "file"] };
    const warnings = async (gradientNorm: { readonly alpha: number } | null) => {
      const data = { kind: "task", task: "addingProblem", length: 6, samples: 16, seed: 1, test: null } as const;
      const training = { ...resolved([]).training, gradientNormRegularizer: gradientNorm };
      const { info } = await run(resolved([], { file, data, training }), {
        configPath: path.join(fixtures, "gradlens.json"),
        steps: 1,
      });
      return info?.dataWarnings.map(({ message, path: at }) => ({ message, at }));
    };
    const before = (await warnings(null)) ?? [];
    expect(await warnings({ alpha: 2 })).toEqual([
      ...before,
      { message: expect.stringMatching(/^"lstm\.keras": .*no effect on lstm/), at: file.path },
    ]);
  });
});
