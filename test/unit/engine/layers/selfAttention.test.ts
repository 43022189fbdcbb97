/** Self-attention against the results of Keras's MultiHeadAttention for the same weights. */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import recorded from "../../../fixtures/engine/keras-multi-head-attention.json";
import { entries, type LayerLine } from "../entries.ts";
import { backendNames, useBackend } from "../instrument/backends.ts";
import { pass } from "../instrument/support.ts";

const {
  shape: [batch, timesteps, features],
  heads,
  keyDim,
  input,
  cases,
} = z
  .object({
    shape: z.tuple([z.number(), z.number(), z.number()]),
    heads: z.number(),
    keyDim: z.number(),
    input: z.array(z.number()),
    cases: z.array(
      z.object({
        causal: z.boolean(),
        mask: z.array(z.array(z.number())).nullable(),
        weights: z.array(z.object({ values: z.array(z.number()) })),
        output: z.array(z.number()),
        loss: z.number(),
        gradients: z.array(z.array(z.number())),
      }),
    ),
  })
  .parse(recorded);

function built(line: LayerLine, seed = 1) {
  const model = buildModel(entries(line), [timesteps, features], seed);
  if (Array.isArray(model)) throw new Error(model.map((p) => p.message).join("\n"));
  return model;
}

describe.each(backendNames)("on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(cases.map((c) => [c.causal, c.mask !== null, c] as const))("causal %s, masked %s", (causal, _, expected) => {
    const { model, dispose } = built({ type: "selfAttention", heads, keyDim, causal });
    // Ours are matrices: Keras's [D, heads, keyDim] and [heads, keyDim, D] with two axes merged.
    const layer = model.layers.at(-1)!;
    layer.setWeights(expected.weights.map(({ values }, i) => tf.tensor(values, layer.weights[i]!.shape.map(Number))));
    const x = tf.tensor3d(input, [batch, timesteps, features]);
    const mask = expected.mask ? tf.tensor2d(expected.mask, [batch, timesteps], "bool") : null;
    const call = layer.call.bind(layer);
    layer.call = (inputs, kwargs) => call(inputs, mask ? { ...kwargs, mask } : kwargs);
    let output: Float32Array | null = null;
    const loss = (y: tf.Tensor): tf.Scalar => {
      output = Float32Array.from(y.dataSync());
      return tf.mean(tf.square(tf.sub(y, 0.3)));
    };
    const measured = pass(model, loss, x);
    close(output!, expected.output);
    expect(measured.loss).toBeCloseTo(expected.loss, 5);
    for (const [i, gradient] of measured.gradients.entries()) close(gradient, expected.gradients[i]!);
    const ofInput = tf.grad((values: tf.Tensor) => {
      const y = layer.call(values, {});
      return loss(Array.isArray(y) ? y[0]! : y);
    })(x);
    close(ofInput.dataSync(), expected.gradients.at(-1)!);
    dispose();
  });

  it("adds its input with `residual`, whose gradient then passes unchanged", () => {
    const plain = built({ type: "selfAttention", heads: 2 });
    const residual = built({ type: "selfAttention", heads: 2, residual: true });
    const x = tf.randomNormal([batch, timesteps, features], 0, 1, "float32", 1);
    const of = ({ model }: typeof plain) => {
      const y = model.predict(x);
      if (Array.isArray(y)) throw new Error("one output");
      return y;
    };
    close(tf.sub(of(residual), of(plain)).dataSync(), [...x.dataSync()], 1e-6);
    plain.dispose();
    residual.dispose();
  });

  it("sees no later timestep with `causal`: changing one changes nothing before it", () => {
    const { model, dispose } = built({ type: "selfAttention", heads: 3, causal: true });
    const x = Float32Array.from({ length: timesteps * features }, (_, i) => Math.sin(i));
    const rows = (values: Float32Array) => {
      const y = model.predict(tf.tensor(values, [1, timesteps, features]));
      if (Array.isArray(y)) throw new Error("one output");
      return y.dataSync();
    };
    const before = rows(x);
    const after = rows(x.map((v, i) => (i >= 3 * features ? v + 1 : v)));
    for (let i = 0; i < before.length; i++)
      expect(Math.abs(before[i]! - after[i]!) > 1e-6, `entry ${i}`).toBe(i >= 3 * features);
    dispose();
  });
});

it("draws each of its matrices separately", async () => {
  await useBackend("cpu");
  const { model, dispose } = built({ type: "selfAttention", heads: 2, kernelInitializer: "heNormal" });
  const kernels = model.weights.filter((w) => w.shape.length === 2).map((w) => [...w.read().dataSync()].join());
  expect(kernels).toHaveLength(4);
  expect(new Set(kernels).size).toBe(4);
  const again = built({ type: "selfAttention", heads: 2, kernelInitializer: "heNormal" });
  expect(again.model.weights.filter((w) => w.shape.length === 2).map((w) => [...w.read().dataSync()].join())).toEqual(
    kernels,
  );
  dispose();
  again.dispose();
});

function close(actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-5): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, v] of expected.entries())
    expect(Math.abs(actual[i]! - v) / Math.max(1, Math.abs(v)), `entry ${i}`).toBeLessThan(tolerance);
}
