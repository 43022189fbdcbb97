/**
 * Remedies that are arguments of layers or layers themselves, each against its formula: penalties, dropout,
 * normalization.
 */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { JsonValue } from "../../../../src/config/resolved.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { createOptimizer } from "../../../../src/engine/training/optimizers.ts";
import { createTrainer } from "../../../../src/engine/training/step.ts";
import { useBackend } from "../instrument/backends.ts";
import { entries } from "./support.ts";

function build(
  layers: readonly (readonly [string, { readonly [key: string]: JsonValue }])[],
  shape: readonly number[],
) {
  const built = buildModel(entries(layers), shape, 1);
  if (!("model" in built)) throw new Error(built.map((p) => p.message).join(" "));
  return built;
}

/** The model's output for `x`, flat. */
function output(model: ReturnType<typeof build>["model"], x: tf.Tensor, training: boolean): number[] {
  return tf.tidy(() => {
    const y = model.apply(x, { training });
    if (!(y instanceof tf.Tensor)) throw new Error("one output expected");
    return Array.from(y.dataSync());
  });
}

beforeAll(() => useBackend("wasm"));

describe("penalties", () => {
  const rate = 0.1;
  it.each([
    ["l1", { type: "l1", l1: 0.3 }, (w: number) => 0.3 * Math.sign(w)],
    ["l2", { type: "l2", l2: 0.2 }, (w: number) => 2 * 0.2 * w],
    ["l1l2", { type: "l1l2", l1: 0.3, l2: 0.2 }, (w: number) => 0.3 * Math.sign(w) + 2 * 0.2 * w],
  ] as const)("%s pulls every weight of a recurrent kernel by its derivative", (_, regularizer, slope) => {
    const built = build([["simpleRNN", { units: 4, recurrentRegularizer: regularizer }]], [3, 1]);
    const before = built.model.getWeights().map((w) => Array.from(w.dataSync()));
    const trainer = createTrainer({
      model: built.model,
      // A constant loss: only the penalty moves the weights.
      loss: (_targets, outputs) => tf.sum(tf.mul(outputs, 0)),
      optimizer: createOptimizer({ type: "sgd", learningRate: rate }),
      clip: { value: null, norm: null, globalNorm: null },
    });
    const [x, y] = [tf.ones([2, 3, 1]), tf.zeros([2, 4])];
    expect(trainer.step(x, y)).toBe(0);
    const after = built.model.getWeights().map((w) => Array.from(w.dataSync()));
    expect(after[0]).toEqual(before[0]);
    for (const [i, w] of before[1]!.entries()) expect(after[1]![i]).toBeCloseTo(w - rate * slope(w), 6);
    tf.dispose([x, y]);
    built.dispose();
  });

  it("l1 does not move a weight that is zero", () => {
    const built = build([["dense", { units: 3, kernelInitializer: "zeros", kernelRegularizer: "l1" }]], [2]);
    const trainer = createTrainer({
      model: built.model,
      loss: (_targets, outputs) => tf.sum(tf.mul(outputs, 0)),
      optimizer: createOptimizer({ type: "sgd", learningRate: rate }),
      clip: { value: null, norm: null, globalNorm: null },
    });
    const [x, y] = [tf.ones([2, 2]), tf.zeros([2, 3])];
    trainer.step(x, y);
    expect(Array.from(built.model.getWeights()[0]!.dataSync(), Math.abs)).toEqual(new Array(6).fill(0));
    tf.dispose([x, y]);
    built.dispose();
  });
});

describe("dropout", () => {
  it("sets a share of the entries to zero, scales the others up, and does nothing outside training", () => {
    const rate = 0.3;
    const built = build([["dropout", { rate }]], [100]);
    const x = tf.ones([200, 100]);
    expect(new Set(output(built.model, x, false))).toEqual(new Set([1]));
    const values = output(built.model, x, true);
    const kept = values.filter((v) => v !== 0);
    for (const v of kept) expect(v).toBeCloseTo(1 / (1 - rate), 5);
    // 20 000 draws: the share's standard deviation is 0.3 %.
    expect(kept.length / values.length).toBeCloseTo(1 - rate, 1);
    expect(output(built.model, x, true)).not.toEqual(values);
    x.dispose();
    built.dispose();
  });

  it("of a recurrent layer's inputs drops the same features at every timestep", () => {
    const share = 0.5;
    const adding = { units: 1, activation: "linear", kernelInitializer: "ones", recurrentInitializer: "ones" };
    const built = build([["simpleRNN", { ...adding, dropout: share, returnSequences: true }]], [4, 64]);
    const x = tf.ones([1, 4, 64]);
    expect(output(built.model, x, false)).toEqual([64, 128, 192, 256]);
    // h_t adds up the kept features, each doubled: the same number at every timestep.
    const [first = 0, ...rest] = output(built.model, x, true);
    expect(first).toBeGreaterThan(0);
    expect(first).not.toBe(64);
    for (const [i, h] of rest.entries()) expect(h).toBeCloseTo((i + 2) * first, 3);
    x.dispose();
    built.dispose();
  });
});

describe("recurrent dropout", () => {
  it("drops the same units at every timestep, scales the others up, and does nothing outside training", () => {
    // h_1 = 1, then h_t = h_{t−1} through the same mask at every timestep (Gal & Ghahramani 2016).
    const share = 0.5;
    const T = 4;
    const built = build(
      [
        [
          "simpleRNN",
          {
            units: 64,
            activation: "linear",
            kernelInitializer: "ones",
            recurrentInitializer: "identity",
            recurrentDropout: share,
          },
        ],
      ],
      [T, 1],
    );
    const x = tf.tensor3d([[[1], [0], [0], [0]]]);
    expect(output(built.model, x, false)).toEqual(new Array(64).fill(1));
    const kept = (1 / (1 - share)) ** (T - 1);
    const values = output(built.model, x, true);
    expect(new Set(values)).toEqual(new Set([0, kept]));
    x.dispose();
    built.dispose();
  });
});

describe("normalization", () => {
  const rows = [
    [1, 2, 6],
    [-3, 0, 3],
    [5, 5, 8],
    [1, 9, 2],
  ];
  const moments = (values: readonly number[]) => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return [mean, values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length] as const;
  };

  it("of a layer: each sample by its own mean and variance", () => {
    const built = build([["layerNormalization", { epsilon: 0.001 }]], [3]);
    const x = tf.tensor2d(rows);
    const expected = rows.flatMap((row) => {
      const [mean, variance] = moments(row);
      return row.map((v) => (v - mean) / Math.sqrt(variance + 0.001));
    });
    for (const [i, v] of output(built.model, x, true).entries()) expect(v).toBeCloseTo(expected[i]!, 4);
    x.dispose();
    built.dispose();
  });

  it("of a batch: each feature by the batch's mean and variance in training, by the moving ones otherwise", () => {
    const built = build([["batchNormalization", { epsilon: 0.001, momentum: 0.9 }]], [3]);
    const x = tf.tensor2d(rows);
    const columns = [0, 1, 2].map((j) => moments(rows.map((row) => row[j]!)));
    const normalized = output(built.model, x, true);
    for (const [i, v] of rows.flat().entries()) {
      const [mean, variance] = columns[i % 3]!;
      expect(normalized[i]).toBeCloseTo((v - mean) / Math.sqrt(variance + 0.001), 4);
    }
    // From mean 0 and variance 1, a tenth of the way to the batch's.
    const [, , means, variances] = built.model.getWeights().map((w) => Array.from(w.dataSync()));
    for (const [j, [mean, variance]] of columns.entries()) {
      expect(means![j]).toBeCloseTo(0.1 * mean, 5);
      expect(variances![j]).toBeCloseTo(0.9 + 0.1 * variance, 5);
    }
    const outside = output(built.model, x, false);
    for (const [i, v] of rows.flat().entries())
      expect(outside[i]).toBeCloseTo((v - means![i % 3]!) / Math.sqrt(variances![i % 3]! + 0.001), 4);
    x.dispose();
    built.dispose();
  });

  it.each([{ center: false }, { scale: false }, { center: false, scale: false }])(
    "trains and infers with %o, and has no weights for what is switched off",
    (args) => {
      for (const type of ["batchNormalization", "layerNormalization"]) {
        const built = build([[type, { epsilon: 0.001, ...args }]], [3]);
        const names = built.model.trainableWeights.map((w) => w.originalName.split("/").at(-1));
        expect(names).toEqual([...("scale" in args ? [] : ["gamma"]), ...("center" in args ? [] : ["beta"])]);
        expect(built.model.layers.at(-1)?.getConfig()).toMatchObject(args);
        const x = tf.tensor2d(rows);
        const whole = build([[type, { epsilon: 0.001 }]], [3]);
        const gradient = (model: typeof whole.model) =>
          tf.tidy(() => {
            const loss = (v: tf.Tensor) => {
              const y = model.apply(v, { training: true });
              if (!(y instanceof tf.Tensor)) throw new Error("one output expected");
              return tf.sum(tf.square(tf.add(y, v)));
            };
            return Array.from(tf.grad(loss)(x).dataSync());
          });
        const own = gradient(built.model);
        for (const [i, v] of gradient(whole.model).entries()) expect(own[i]).toBeCloseTo(v, 4);
        for (const training of [true, false]) {
          const expected = output(whole.model, x, training);
          for (const [i, v] of output(built.model, x, training).entries()) expect(v).toBeCloseTo(expected[i]!, 5);
        }
        x.dispose();
        built.dispose();
        whole.dispose();
      }
    },
  );
});
