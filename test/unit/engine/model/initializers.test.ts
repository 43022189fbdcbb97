/**
 * The initializers against their authors' definitions: moments and bounds of many weights, structure of single ones.
 */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import type { JsonValue } from "../../../../src/config/resolved.ts";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { weightsOf } from "../../../../src/engine/model/builtModel.ts";
import { entries, type LayerLine } from "../entries.ts";

beforeAll(async () => {
  await initBackend("cpu");
});

/** All weights of the layer's own parts by name. */
function weights(line: LayerLine, input: readonly number[] = [5, 2], seed = 1): ReadonlyMap<string, number[]> {
  const built = buildModel(entries(line), input, seed);
  if (Array.isArray(built)) throw new Error(built.map((p) => p.message).join("\n"));
  const values = new Map<string, number[]>();
  for (const layer of built.layers)
    for (const { name, variable } of weightsOf(layer)) values.set(`${layer.name}/${name}`, [...variable.dataSync()]);
  built.dispose();
  return values;
}

function named(all: ReadonlyMap<string, number[]>, name: string): number[] {
  const found = [...all].find(([key]) => key.endsWith(name));
  if (!found) throw new Error(`no ${name} among ${[...all.keys()].join(", ")}`);
  return found[1];
}

const fanIn = 250;
const fanOut = 150;

interface Moments {
  readonly mean: number;
  readonly variance: number;
  /** 1.8 uniform, 3 Gaussian, 2.366 for a Gaussian cut off at two standard deviations. */
  readonly kurtosis: number;
  readonly largest: number;
}

function moments(initializer: JsonValue): Moments {
  const values = named(weights({ type: "dense", units: fanOut, kernelInitializer: initializer }, [fanIn]), "kernel");
  const of = (f: (v: number) => number): number => values.reduce((sum, v) => sum + f(v), 0) / values.length;
  const mean = of((v) => v);
  const variance = of((v) => (v - mean) ** 2);
  return {
    mean,
    variance,
    kurtosis: of((v) => (v - mean) ** 4) / variance ** 2,
    largest: values.reduce((max, v) => Math.max(max, Math.abs(v - mean)), 0),
  };
}

const shapes = { uniform: 1.8, truncated: 2.366, gaussian: 3 } as const;
const average = (fanIn + fanOut) / 2;

describe("37 500 weights have the published variance and distribution", () => {
  test.each<[JsonValue, number, keyof typeof shapes, number?]>([
    ["glorotUniform", 1 / average, "uniform"],
    ["glorotNormal", 1 / average, "truncated"],
    ["heUniform", 2 / fanIn, "uniform"],
    ["heNormal", 2 / fanIn, "truncated"],
    ["leCunUniform", 1 / fanIn, "uniform"],
    ["leCunNormal", 1 / fanIn, "truncated"],
    ["randomUniform", 0.1 ** 2 / 12, "uniform"],
    [{ type: "randomUniform", minval: -1, maxval: 3 }, 4 ** 2 / 12, "uniform", 1],
    ["randomNormal", 0.05 ** 2, "gaussian"],
    [{ type: "randomNormal", mean: 2, stddev: 0.3 }, 0.09, "gaussian", 2],
    // The variance that remains of 1 when the tails beyond two standard deviations are redrawn.
    [{ type: "truncatedNormal", stddev: 1 }, 0.77374, "truncated"],
    [{ type: "varianceScaling", scale: 3 }, 3 / fanIn, "truncated"],
    [{ type: "varianceScaling", scale: 0.5, mode: "fanOut", distribution: "uniform" }, 0.5 / fanOut, "uniform"],
    [{ type: "varianceScaling", scale: 2, mode: "fanAvg", distribution: "truncatedNormal" }, 2 / average, "truncated"],
  ])("%o", (initializer, variance, shape, mean = 0) => {
    const measured = moments(initializer);
    const deviation = Math.sqrt(variance);
    expect(Math.abs(measured.mean - mean) / deviation).toBeLessThan(0.03);
    expect(Math.abs(measured.variance / variance - 1)).toBeLessThan(0.04);
    expect(Math.abs(measured.kurtosis / shapes[shape] - 1)).toBeLessThan(0.06);
    if (shape === "uniform") expect(measured.largest / deviation).toBeLessThan(Math.sqrt(3) * 1.02);
    if (shape === "truncated") expect(measured.largest / deviation).toBeLessThan((2 / 0.8796) * 1.02);
  });
});

describe("structure", () => {
  test("both directions of a bidirectional layer, and every gate of it, keep the variance", () => {
    const layer = { type: "lstm", units: 60, kernelInitializer: "glorotNormal" };
    const all = weights({ type: "bidirectional", layer }, [5, 100]);
    const kernels = [...all].filter(([name]) => name.endsWith("/kernel")).map(([, values]) => values);
    expect(kernels).toHaveLength(2);
    for (const values of kernels) {
      const variance = values.reduce((sum, v) => sum + v * v, 0) / values.length;
      expect(Math.abs(variance * ((100 + 240) / 2) - 1)).toBeLessThan(0.04);
    }
    expect(kernels[0]).not.toEqual(kernels[1]);
  });

  test("an orthogonal matrix of an LSTM, H × 4H, has orthonormal rows times its gain", () => {
    const line: LayerLine = { type: "lstm", units: 12, recurrentInitializer: { type: "orthogonal", gain: 1.3 } };
    const u = tf.tensor2d(named(weights(line), "recurrent_kernel"), [12, 48]);
    const distance = tf.max(tf.abs(tf.sub(tf.matMul(u, u, false, true), tf.mul(tf.eye(12), 1.69)))).dataSync()[0]!;
    expect(distance).toBeLessThan(1e-5);
  });

  test("constant, zeros, ones", () => {
    const kernel = (kernelInitializer: JsonValue) =>
      new Set(named(weights({ type: "dense", units: 3, kernelInitializer }, [4]), "kernel"));
    expect(kernel({ type: "constant", value: 0.25 })).toEqual(new Set([0.25]));
    expect(kernel("zeros")).toEqual(new Set([0]));
    expect(kernel("ones")).toEqual(new Set([1]));
  });
});

describe("chrono", () => {
  const maxLag = 200;
  const biasInitializer = { type: "chrono", maxLag };
  /** Orthogonal matrices of this size would take most of the time. */
  const recurrentInitializer = "zeros";
  const parts = (bias: readonly number[], gates: number): number[][] => {
    const units = bias.length / gates;
    return Array.from({ length: gates }, (_, g) => bias.slice(g * units, (g + 1) * units));
  };
  const uniformTimes = (bias: readonly number[]): void => {
    const times = bias.map(Math.exp);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0.999);
    expect(Math.max(...times)).toBeLessThanOrEqual((maxLag - 1) * 1.0001);
    const mean = times.reduce((a, b) => a + b, 0) / times.length;
    const variance = times.reduce((sum, v) => sum + (v - mean) ** 2, 0) / times.length;
    expect(Math.abs(mean / (maxLag / 2) - 1)).toBeLessThan(0.08);
    expect(Math.abs(variance / ((maxLag - 2) ** 2 / 12) - 1)).toBeLessThan(0.1);
  };

  test.each([
    { type: "lstm", units: 500, biasInitializer, recurrentInitializer },
    { type: "rnn", cell: { type: "lstmCell", units: 500, biasInitializer, recurrentInitializer } },
  ])("of $type: exp(b_f) is uniform in [1, maxLag − 1], b_i = −b_f, the rest 0", (line) => {
    const [input, forget, candidate, output] = parts(named(weights(line), "bias"), 4);
    uniformTimes(forget!);
    expect(input).toEqual(forget!.map((b) => -b));
    expect(candidate!.every((b) => b === 0)).toBe(true);
    expect(output!.every((b) => b === 0)).toBe(true);
  });

  test("of a gru: the update gate, which keeps the state, starts open for its unit's time", () => {
    const [update, reset, candidate] = parts(
      named(weights({ type: "gru", units: 500, biasInitializer, recurrentInitializer }), "bias"),
      3,
    );
    uniformTimes(update!);
    expect([...reset!, ...candidate!].every((b) => b === 0)).toBe(true);
  });

  test("repeats with the model's seed, or keeps its own; each direction draws its own", () => {
    const line = (seed?: number): LayerLine => ({
      type: "bidirectional",
      layer: {
        type: "lstm",
        units: 4,
        biasInitializer: seed === undefined ? biasInitializer : { ...biasInitializer, seed },
      },
    });
    const biases = (model: number, own?: number): number[][] =>
      [...weights(line(own), [5, 2], model)].filter(([name]) => name.endsWith("/bias")).map(([, values]) => values);
    expect(biases(1)).toEqual(biases(1));
    expect(biases(1)).not.toEqual(biases(2));
    expect(biases(1)[0]).not.toEqual(biases(1)[1]);
    expect(biases(1, 7)).toEqual(biases(2, 7));
  });
});

test("an initializer that tfjs has under two names is seeded as one", () => {
  const line = { type: "separableConv2d", filters: 2, kernelSize: 2 };
  for (const depthwiseInitializer of ["orthogonal", "heNormal", "glorotUniform"]) {
    const depthwise = named(weights({ ...line, depthwiseInitializer }, [4, 4, 3]), "depthwise_kernel");
    expect(depthwise).toHaveLength(2 * 2 * 3);
    expect(new Set(depthwise).size).toBe(12);
  }
});
