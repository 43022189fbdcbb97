/** One optimizer update: clipping, penalties, constraints, and what is reported about them. */

import * as tf from "@tensorflow/tfjs-core";
import { constraints, layers, regularizers, sequential } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import type { WeightObserver } from "../../../../src/engine/recording/observers.ts";
import { clipGradients } from "../../../../src/engine/training/gradientClip.ts";
import { createOptimizer } from "../../../../src/engine/training/optimizers.ts";
import { createTrainer } from "../../../../src/engine/training/step.ts";
import { useBackend } from "../instrument/backends.ts";
import { KeepingRecorder } from "../instrument/support.ts";

const none = { value: null, norm: null, globalNorm: null };
const squares = (targets: tf.Tensor, outputs: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(outputs, targets)));

describe("clipping", () => {
  const gradients = [Float32Array.of(3, -4), Float32Array.of(0, 12)];

  it("limits entries, norms, the norm of all", () => {
    expect(clipGradients(gradients, { ...none, value: 3.5 })).toEqual([
      Float32Array.of(3, -3.5),
      Float32Array.of(0, 3.5),
    ]);
    expect(clipGradients(gradients, { ...none, norm: 10 })).toEqual([gradients[0], Float32Array.of(0, 10)]);
    const together = clipGradients(gradients, { ...none, globalNorm: 6.5 });
    expect(together.map((g) => [...g])).toEqual([
      [1.5, -2],
      [0, 6],
    ]);
  });

  it("limits entries first, then each norm, then the norm of all", () => {
    // (3, −4), (0, 12) → entries to 4 → (3, −4), (0, 4) → norms to 3 → (1.8, −2.4), (0, 3), together √18 → to 2.
    const clipped = clipGradients(gradients, { value: 4, norm: 3, globalNorm: 2 }).map((g) => [...g]);
    const factor = 2 / Math.sqrt(18);
    for (const [i, wanted] of [1.8, -2.4, 0, 3].entries()) expect(clipped.flat()[i]).toBeCloseTo(wanted * factor, 6);
  });

  it("returns unaffected gradients unchanged", () => {
    const same = clipGradients(gradients, { value: 12, norm: 12, globalNorm: 13 });
    expect(same[0]).toBe(gradients[0]);
    expect(same[1]).toBe(gradients[1]);
  });

  it("never turns NaN into a number", () => {
    const bad = [Float32Array.of(Number.NaN, 5), Float32Array.of(Number.POSITIVE_INFINITY, 1)];
    expect(clipGradients(bad, { ...none, value: 1 })).toEqual([Float32Array.of(Number.NaN, 1), Float32Array.of(1, 1)]);
    for (const gradient of clipGradients(bad, { ...none, globalNorm: 1 })) expect(gradient[0]).toBeNaN();
  });
});

describe("a step", () => {
  beforeAll(() => useBackend("cpu"));

  const rate = 0.1;
  const data = () => ({ x: tf.ones([1, 2, 1]), y: tf.zeros([1, 1]) });

  /** A linear net with known initial weights: h_2 = w x_2 + u w x_1, y = h_2. */
  function net(args: Partial<Parameters<typeof layers.simpleRNN>[0]> = {}) {
    const model = sequential();
    model.add(
      layers.simpleRNN({
        units: 1,
        activation: "linear",
        useBias: false,
        kernelInitializer: "ones",
        recurrentInitializer: "ones",
        inputShape: [2, 1],
        ...args,
      }),
    );
    return model;
  }

  it("adds the penalties of recurrent weights to the gradient, but not to the loss", () => {
    const model = net({ recurrentRegularizer: regularizers.l2({ l2: 0.5 }) });
    const trainer = createTrainer({
      model,
      loss: squares,
      optimizer: createOptimizer({ type: "sgd", learningRate: rate }),
      clip: none,
    });
    const { x, y } = data();
    // y = w(1 + u) = 2, L = 4, dL/dw = 2y(1 + u) = 8, dL/du = 2yw + 2 · 0.5 · u = 5.
    expect(trainer.step(x, y)).toBe(4);
    const [w, u] = model.getWeights().map((weight) => weight.dataSync()[0]);
    expect(w).toBeCloseTo(1 - rate * 8, 6);
    expect(u).toBeCloseTo(1 - rate * 5, 6);
  });

  it("clips what it applies, and reports both norms", () => {
    const model = net();
    const instrumentation = instrument(model, new KeepingRecorder());
    const seen: Record<string, number[]> = {};
    const observer: WeightObserver = {
      gradients: (before, clipped) => {
        seen["before"] = before.map((g) => g[0]!);
        seen["clipped"] = clipped.map((g) => g[0]!);
      },
      updated: (former, present) => {
        seen["former"] = former.map((w) => w[0]!);
        seen["present"] = present.map((w) => w[0]!);
      },
    };
    const trainer = createTrainer({
      model,
      loss: squares,
      optimizer: createOptimizer({ type: "sgd", learningRate: rate }),
      clip: { ...none, value: 5 },
      instrumentation,
      observer,
    });
    const { x, y } = data();
    trainer.step(x, y);
    expect(seen).toEqual({ before: [8, 4], clipped: [5, 4], former: [1, 1], present: [0.5, 0.6].map(Math.fround) });
    instrumentation.remove();
  });

  it("applies constraints after the update", () => {
    const model = net({ recurrentConstraint: constraints.maxNorm({ maxValue: 0.25, axis: 0 }) });
    const trainer = createTrainer({
      model,
      loss: squares,
      optimizer: createOptimizer({ type: "sgd", learningRate: rate }),
      clip: none,
    });
    const { x, y } = data();
    trainer.step(x, y);
    expect(model.getWeights()[1]!.dataSync()[0]).toBeCloseTo(0.25, 5);
  });

  it("leaves no tensor behind", () => {
    const model = sequential();
    model.add(layers.lstm({ units: 2, batchInputShape: [1, 2, 1], recurrentInitializer: "glorotUniform" }));
    const instrumentation = instrument(model, new KeepingRecorder());
    const observer: WeightObserver = { gradients: () => {}, updated: () => {} };
    const trainer = createTrainer({
      model,
      loss: (targets, outputs) => squares(targets, outputs),
      optimizer: createOptimizer({ type: "adam", learningRate: rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }),
      instrumentation,
      observer,
      clip: { ...none, globalNorm: 0.01 },
    });
    const { x, y } = data();
    const counts = [1, 2, 3, 4].map(() => {
      trainer.step(x, y);
      return tf.memory().numTensors;
    });
    expect(new Set(counts.slice(1)).size).toBe(1);
  });
});
