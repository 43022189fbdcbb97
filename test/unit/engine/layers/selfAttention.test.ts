/** Attention of several heads against the results of Keras's MultiHeadAttention (record_attention.py) for the same weights. */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import type { NamedShape } from "../../../../src/engine/model/builtModel.ts";
import { forward, packed } from "../../../../src/engine/model/forward.ts";
import recorded from "../../../fixtures/engine/keras-multi-head-attention.json";
import { entries, type LayerLine } from "../entries.ts";
import { backendNames, useBackend } from "../instrument/backends.ts";

const caseSchema = z.object({
  inputs: z.array(z.object({ shape: z.array(z.number()), values: z.array(z.number()) })),
  masks: z.array(z.array(z.array(z.number())).nullable()),
  causal: z.boolean(),
  valueDim: z.number().nullable(),
  units: z.number().nullable(),
  weights: z.array(z.array(z.number())),
  output: z.array(z.number()),
  loss: z.number(),
  gradients: z.array(z.array(z.number())),
});
type Case = z.infer<typeof caseSchema>;
const { heads, keyDim, ...cases } = z
  .object({ heads: z.number(), keyDim: z.number(), self: z.array(caseSchema), cross: z.array(caseSchema) })
  .parse(recorded);
const [batch, timesteps, features] = [2, 5, 6];

function built(line: LayerLine, seed = 1, shapes: readonly NamedShape[] = [{ name: "input", shape: [5, 6] }]) {
  const model = buildModel(entries(line), shapes, seed);
  if (Array.isArray(model)) throw new Error(model.map((p) => p.message).join("\n"));
  return model;
}

/** Output, loss and gradients with respect to the weights, then the inputs, as Keras recorded them. */
function expectRecorded(line: LayerLine, { inputs, masks, output, loss, weights, gradients }: Case): void {
  const names = ["a", "b", "c"].slice(0, inputs.length);
  const shapes = names.map((name, i) => ({ name, shape: inputs[i]!.shape.slice(1) }));
  const { model, layers, dispose } = built({ ...line, inputs: names }, 1, shapes);
  const { layer } = layers[0]!;
  // Ours are matrices: Keras's [D, heads, keyDim] and [heads, keyDim, D] with two axes merged.
  layer.setWeights(weights.map((values, i) => tf.tensor(values, layer.weights[i]!.shape.map(Number))));
  const given = masks.map((mask) => (mask ? tf.tensor2d(mask, undefined, "bool") : null));
  const call = layer.call.bind(layer);
  layer.call = (x, kwargs) => call(x, { ...kwargs, mask: given.length === 1 ? given[0] : given });
  const xs = inputs.map(({ shape, values }) => tf.tensor(values, shape));
  const variables = layer.weights.map((weight) => weight.read());
  const lossOf = (...parts: tf.Tensor[]): tf.Scalar =>
    tf.mean(tf.square(tf.sub(forward(model, packed(parts), false), 0.3)));
  const own = tf.grads((...all: tf.Tensor[]) => lossOf(...all.slice(0, xs.length)));
  const ofWeights = tf.variableGrads(() => lossOf(...xs)).grads;
  close(forward(model, packed(xs), false).dataSync(), output);
  expect(lossOf(...xs).dataSync()[0]).toBeCloseTo(loss, 5);
  const found = [
    ...variables.map((variable) => ofWeights["name" in variable ? String(variable.name) : ""]!),
    ...own(xs),
  ];
  expect(found).toHaveLength(gradients.length);
  for (const [i, gradient] of found.entries()) close(gradient.dataSync(), gradients[i]!);
  dispose();
}

describe.each(backendNames)("on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(cases.self.map((c, i) => [i, c] as const))("case %s computes the same as Keras's", (_, one) =>
    expectRecorded({ type: "selfAttention", heads, keyDim, causal: one.causal }, one),
  );

  it.each(cases.cross.map((c, i) => [i, c] as const))("case %s to another sequence computes the same", (_, one) => {
    const { causal, valueDim, units } = one;
    const own = { ...(valueDim !== null && { valueDim }), ...(units !== null && { units }) };
    expectRecorded({ type: "crossAttention", heads, keyDim, causal, ...own }, one);
  });

  it("drops shares of the attention in training only, anew in each call", () => {
    const { model, dispose } = built({ type: "selfAttention", heads: 2, dropout: 0.5 });
    const x = tf.randomNormal([batch, timesteps, features], 0, 1, "float32", 1);
    const of = (training: boolean) => [...forward(model, x, training).dataSync()];
    expect(of(false)).toEqual(of(false));
    expect(of(true)).not.toEqual(of(true));
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
