/** The figures of a layer's output, and several passes of one layer merged. */

import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import type { MeasuredLayer } from "../../../../src/engine/instrument/measuredLayers.ts";
import { activationRange } from "../../../../src/engine/measure/activationRange.ts";
import { ActivationStatistics } from "../../../../src/engine/measure/activations.ts";
import { mergePasses, profiles } from "../../../../src/engine/measure/sequences.ts";
import { l2, magnitude } from "../../../../src/engine/recording/norms.ts";
import type { SequenceMeasurement } from "../../../../src/engine/recording/recorder.ts";
import { useBackend } from "../instrument/backends.ts";

beforeAll(() => useBackend("cpu"));

describe("norms", () => {
  it("neither overflow nor underflow", () => {
    expect(l2(Float32Array.of(3e38, 3e38)) / (Math.fround(3e38) * Math.SQRT2)).toBeCloseTo(1, 12);
    expect(l2(Float32Array.of(1e-45, 0))).toBe(Math.fround(1e-45));
  });

  it("count zeros and non-finite entries, and report the latter in the norm", () => {
    const nan = magnitude(Float32Array.of(1, Number.NaN, 0, Number.NEGATIVE_INFINITY, -2));
    expect(nan).toEqual({ norm: Number.NaN, nonFinite: 2, zeros: 1 });
    expect(magnitude(Float32Array.of(1, Number.NEGATIVE_INFINITY)).norm).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("activations", () => {
  const of = (layer: layers.Layer): ActivationStatistics =>
    new ActivationStatistics({
      index: 0,
      name: "l",
      type: "l",
      top: layer,
      layer,
      weights: [],
      cell: null,
      hasGradient: true,
      inputGradient: true,
    } satisfies MeasuredLayer);

  it("know the range of the activation", () => {
    const saturates = (activation: "tanh" | "sigmoid" | "hardSigmoid") =>
      activationRange(layers.dense({ units: 1, activation }));
    expect([saturates("tanh"), saturates("sigmoid"), saturates("hardSigmoid")]).toEqual([
      { low: -1, high: 1 },
      { low: 0, high: 1 },
      { low: 0, high: 1 },
    ]);
    expect(activationRange(layers.gru({ units: 1 }))).toEqual({ low: -1, high: 1 });
    for (const layer of [
      layers.dense({ units: 1, activation: "relu" }),
      layers.dense({ units: 1 }),
      layers.flatten(),
    ]) {
      expect(activationRange(layer)).toBeNull();
    }
  });

  it("have moments over all uses, dead units and saturated entries", () => {
    const statistics = of(layers.dense({ units: 2, activation: "tanh" }));
    statistics.add(Float32Array.of(0, 0.985, 0, -0.5), 2);
    statistics.add(Float32Array.of(0, -1), 2);
    const all = [0, 0.985, 0, -0.5, 0, -1];
    const mean = all.reduce((a, b) => a + b) / 6;
    expect(statistics.mean).toBeCloseTo(mean, 6);
    expect(statistics.std).toBeCloseTo(Math.sqrt(all.reduce((a, b) => a + (b - mean) ** 2, 0) / 6), 6);
    expect([statistics.dead, statistics.saturated, statistics.nonFinite]).toEqual([0.5, 2 / 6, 0]);
    statistics.reset();
    statistics.add(Float32Array.of(Number.NaN, 1), 2);
    expect([statistics.mean, statistics.dead, statistics.saturated, statistics.nonFinite]).toEqual([
      Number.NaN,
      0,
      0.5,
      1,
    ]);
  });

  it("do not report saturation if the activation has no range", () => {
    const statistics = of(layers.dense({ units: 1, activation: "relu" }));
    statistics.add(Float32Array.of(1), 1);
    expect(statistics.saturated).toBeNaN();
  });
});

describe("several passes of one layer", () => {
  const measurement = (logNorm: number[], gain: number[], logSampleNorm: number[]): SequenceMeasurement => ({
    timesteps: logNorm.length,
    states: [
      {
        name: "h",
        logNorm: Float64Array.from(logNorm),
        gain: Float64Array.from(gain),
        nonFinite: Float64Array.from(logNorm, () => 1),
        logSampleNorm: Float64Array.from(logSampleNorm),
        percentiles: null,
      },
    ],
    logContribution: Float64Array.from(logNorm),
    gates: [{ name: "update", low: Float64Array.from(gain), high: Float64Array.from(gain) }],
    timescale: Float64Array.from(gain),
  });

  it("count as one larger batch, aligned at their ends", () => {
    const three = Math.log10(3) - 200;
    const four = Math.log10(4) - 200;
    const one = measurement([three, three], [0.5, 2], [three, three]);
    const other = measurement([four], [1], [four]);
    const merged = mergePasses([one, other], 2)!;
    const h = merged.states[0]!;
    expect(h.logNorm[0]).toBeCloseTo(three, 12);
    expect(h.logNorm[1]).toBeCloseTo(Math.log10(5) - 200, 12);
    // √((2·3)² + (1·4)²) / 5.
    expect(h.gain[1]).toBeCloseTo(Math.sqrt(52) / 5, 12);
    expect(h.gain[0]).toBeCloseTo(0.5, 12);
    expect([...h.nonFinite]).toEqual([1, 2]);
    expect([...h.logSampleNorm]).toEqual([three, -Infinity, three, four]);
    expect(merged.gates[0]!.low[1]).toBe(1.5);
    expect(mergePasses([one], 2)).toBe(one);
    expect(mergePasses([], 2)).toBeNull();
  });

  it("give the percentiles of their samples", () => {
    const before = tf.memory().numTensors;
    const samples = Array.from({ length: 10 }, (_, i) => 9 - i);
    const found = profiles(3, measurement([0], [1], samples));
    const value = (channel: string) => found.find((p) => p.channel === channel)?.values[0];
    expect([value("h.p10"), value("h.p50"), value("h.p90")]).toEqual([0, 4, 8]);
    expect(found.every((p) => p.layer === 3 && p.values === p.max)).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
  });
});
