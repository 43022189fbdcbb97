/** Attention pooling, positions and the transformer block against their formulas. */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import type { BuiltModel } from "../../../../src/engine/model/builtModel.ts";
import { entries, type LayerLine } from "../entries.ts";
import { backendNames, useBackend } from "../instrument/backends.ts";
import { KeepingRecorder, pass } from "../instrument/support.ts";

const timesteps = 4;
const features = 6;
const shape = [3, timesteps, features];

function built(lines: readonly LayerLine[], input: readonly number[] = [timesteps, features]): BuiltModel {
  const model = buildModel(entries(...lines), input, 5);
  if (Array.isArray(model)) throw new Error(model.map((p) => p.message).join("\n"));
  return model;
}

function predict({ model }: BuiltModel, x: tf.Tensor): tf.Tensor {
  const y = model.predict(x);
  if (Array.isArray(y)) throw new Error("one output");
  return y;
}

const normal = (of: readonly number[], seed: number) => tf.randomNormal([...of], 0, 1, "float32", seed);
const squares = (y: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(y, 0.3)));

function close(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(tolerance);
}

describe.each(backendNames)("on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("attention is Σ α_t h_t, where α is the softmax of vᵀ tanh(W h_t + b)", () => {
    const model = built([{ type: "attention", units: 2, biasInitializer: "randomNormal" }]);
    const x = normal(shape, 1);
    const [w, b, v] = model.model.weights.map((weight) => weight.read().arraySync()) as [
      number[][],
      number[],
      number[][],
    ];
    const expected = (x.arraySync() as number[][][]).flatMap((sample) => {
      const scores = sample.map((h) =>
        v.reduce((sum, [vk], k) => sum + vk! * Math.tanh(h.reduce((s, hi, i) => s + hi * w[i]![k]!, b[k]!)), 0),
      );
      const total = scores.reduce((sum, s) => sum + Math.exp(s), 0);
      return sample[0]!.map((_, i) => sample.reduce((sum, h, t) => sum + (Math.exp(scores[t]!) / total) * h[i]!, 0));
    });
    close(predict(model, x).dataSync(), expected);
    model.dispose();
  });

  it("attention excludes masked timesteps, and its output has no mask", () => {
    const model = built([
      { type: "masking", maskValue: 0 },
      { type: "attention" },
      { type: "repeatVector", n: 2 },
      { type: "simpleRNN", units: 2 },
    ]);
    const rows = normal([2, features], 2);
    const padded = tf.stack([tf.concat([rows, tf.zeros([2, features])])]);
    const short = built(
      [{ type: "attention" }, { type: "repeatVector", n: 2 }, { type: "simpleRNN", units: 2 }],
      [2, features],
    );
    short.model.setWeights(model.model.getWeights());
    close(predict(model, padded).dataSync(), predict(short, tf.stack([rows])).dataSync());
    model.dispose();
    short.dispose();
  });

  it("sinusoidal positions are the paper's; learnt ones are added and trained", () => {
    const sines = built([{ type: "positionalEncoding" }]);
    const added = predict(sines, tf.zeros([1, timesteps, features])).dataSync();
    for (let t = 0; t < timesteps; t++) {
      for (let i = 0; i < features / 2; i++) {
        expect(added[t * features + 2 * i]).toBeCloseTo(Math.sin(t / 10_000 ** ((2 * i) / features)), 5);
        expect(added[t * features + 2 * i + 1]).toBeCloseTo(Math.cos(t / 10_000 ** ((2 * i) / features)), 5);
      }
    }
    expect(sines.parameters).toBe(0);
    const learnt = built([{ type: "positionalEncoding", encoding: "learned" }]);
    const x = normal(shape, 3);
    const positions = learnt.model.weights[0]!.read();
    expect(positions.shape).toEqual([timesteps, features]);
    close(predict(learnt, x).dataSync(), tf.add(x, positions).dataSync());
    sines.dispose();
    learnt.dispose();
  });

  it.each(["pre", "post"] as const)(
    "a transformerEncoder (%s) equals its parts with residual connections",
    (normalization) => {
      const block = built([{ type: "transformerEncoder", heads: 2, units: 5, causal: true, normalization }]);
      const attention = { type: "selfAttention", heads: 2, causal: true };
      const norm = { type: "layerNormalization", epsilon: 1e-6 };
      const parts: LayerLine[] =
        normalization === "pre"
          ? [
              { ...norm, name: "n1" },
              { ...attention, name: "a" },
              { type: "add", name: "s1", inputs: ["input", "a"] },
              { ...norm, name: "n2" },
              { type: "dense", name: "d1", units: 5, activation: "relu" },
              { type: "dense", name: "d2", units: features },
              { type: "add", name: "s2", inputs: ["s1", "d2"] },
            ]
          : [
              { ...attention, name: "a" },
              { type: "add", name: "s1", inputs: ["input", "a"] },
              { ...norm, name: "n1" },
              { type: "dense", name: "d1", units: 5, activation: "relu" },
              { type: "dense", name: "d2", units: features },
              { type: "add", name: "s2", inputs: ["n1", "d2"] },
              { ...norm, name: "n2" },
            ];
      const explicit = built(parts);
      const values = block.model.weights.map((w, i) => tf.add(normal(w.shape.map(Number), 20 + i), 0.5));
      expect(block.model.weights.map((w) => w.shape)).toEqual(explicit.model.weights.map((w) => w.shape));
      block.model.setWeights(values);
      explicit.model.setWeights(values);
      const x = normal(shape, 4);
      close(predict(block, x).dataSync(), predict(explicit, x).dataSync());
      const one = pass(block.model, squares, x);
      const other = pass(explicit.model, squares, x);
      expect(one.gradients).toHaveLength(16);
      for (const [i, gradient] of one.gradients.entries()) close(gradient, other.gradients[i]!, 1e-4);
      block.dispose();
      explicit.dispose();
    },
  );

  it("every part of a block is measured: its output, and the gradient that returns to it", () => {
    const model = built([
      { type: "dense", units: features },
      { type: "transformerEncoder", heads: 2, normalization: "pre" },
      { type: "selfAttention", heads: 1 },
      { type: "attention" },
    ]);
    const recorder = new KeepingRecorder();
    const instrumentation = instrument(model.model, recorder);
    const names = instrumentation.layers.map((layer) => [layer.name, layer.type]);
    expect(names).toEqual([
      ["dense_0", "dense"],
      ["transformerEncoder_1", "transformerEncoder"],
      ["transformerEncoder_1/attention_normalization", "layerNormalization"],
      ["transformerEncoder_1/attention", "selfAttention"],
      ["transformerEncoder_1/feed_forward_normalization", "layerNormalization"],
      ["transformerEncoder_1/hidden", "dense"],
      ["transformerEncoder_1/feed_forward", "dense"],
      ["selfAttention_2", "selfAttention"],
      ["attention_3", "attention"],
    ]);
    const x = normal(shape, 6);
    const plain = pass(model.model, squares, x);
    const measured = pass(model.model, squares, x, instrumentation);
    expect(measured.loss).toBe(plain.loss);
    for (const [i, gradient] of measured.gradients.entries()) close(gradient, plain.gradients[i]!, 1e-6);
    expect(recorder.outputs.size).toBe(names.length);
    for (const layer of instrumentation.layers) expect(recorder.outputGradients.get(layer.index)).toBeGreaterThan(0);
    expect(model.layers.map((layer) => layer.name)).toEqual(names.map(([name]) => name));
    instrumentation.remove();
    model.dispose();
  });
});

describe("what does not fit is reported at its place", () => {
  const path = ["models", "m", "layers", 0];
  it.each<[LayerLine, readonly number[], readonly (string | number)[], string]>([
    [{ type: "selfAttention", heads: 4 }, [timesteps, features], ["heads"], "6 features"],
    [{ type: "transformerEncoder", heads: 5 }, [timesteps, features], ["heads"], "divide"],
    [{ type: "attention" }, [features], ["type"], "sequence"],
    [
      { type: "selfAttention", heads: 2, kernelInitializer: "identity", keyDim: 4 },
      [4, 6],
      ["kernelInitializer"],
      "6 × 8",
    ],
  ])("%o", (line, input, place, words) => {
    const problems = buildModel(entries(line), input, 1);
    if (!Array.isArray(problems)) throw new Error("it was built");
    expect(problems).toMatchObject([{ path: [...path, ...place], message: expect.stringContaining(words) }]);
  });
});

it("frees every tensor, and a frozen block trains nothing", async () => {
  await useBackend("cpu");
  const before = tf.memory().numTensors;
  const model = built([
    { type: "transformerEncoder", heads: 2, trainable: false, dropout: 0.5 },
    { type: "attention" },
  ]);
  expect(model.model.trainableWeights).toHaveLength(3);
  tf.tidy(() => void model.model.apply(tf.ones(shape), { training: true }));
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
