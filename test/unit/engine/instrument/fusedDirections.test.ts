/** The directions of a bidirectional layer, which the kernels compute in one call. */

import * as tf from "@tensorflow/tfjs-core";
import { type LayersModel, layers, sequential } from "@tensorflow/tfjs-layers";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { kernelsFor, useBackend } from "./backends.ts";

beforeAll(() => useBackend("wasm"));
afterEach(() => vi.restoreAllMocks());

function bidirectional(more: object): LayersModel {
  const inner = layers.lstm({ units: 4, recurrentInitializer: "glorotUniform", recurrentActivation: "sigmoid" });
  const model = sequential();
  model.add(layers.bidirectional({ layer: inner, mergeMode: "concat", inputShape: [6, 3], ...more }));
  model.add(layers.dense({ units: 1 }));
  return model;
}

async function calls(model: LayersModel, pass: (x: tf.Tensor) => tf.Tensor): Promise<readonly number[]> {
  const kernels = await kernelsFor("kernels");
  if (!kernels) throw new Error("The test needs kernels.");
  const forward = vi.spyOn(kernels.kernels.pairs, "forward");
  const backward = vi.spyOn(kernels.kernels.pairs, "backward");
  const instrumentation = instrument(model, null, { kernels });
  const x = tf.randomNormal([5, 6, 3], 0, 1, "float32", 3);
  const joint = instrumentation.measure(() => pass(x)).dataSync();
  const plain = pass(x).dataSync();
  joint.forEach((value, i) => {
    expect(Math.abs(value - plain[i]!)).toBeLessThan(1e-5);
  });
  const found = [forward.mock.calls.length, backward.mock.calls.length];
  instrumentation.remove();
  return found;
}

it("are computed together, forward and backward", async () => {
  const model = bidirectional({});
  const gradient = (x: tf.Tensor): tf.Tensor => {
    const { grads } = tf.variableGrads(() => {
      const output = model.apply(x, { training: true });
      if (!(output instanceof tf.Tensor)) throw new Error("The model has one output.");
      return tf.sum(output);
    });
    return tf.concat(Object.values(grads).map((each) => tf.reshape(each, [-1])));
  };
  expect(await calls(model, gradient)).toEqual([1, 1]);
});

it("are computed together in a forward pass", async () => {
  const model = bidirectional({});
  const kernels = await kernelsFor("kernels");
  const forward = vi.spyOn(kernels!.kernels.pairs, "forward");
  const instrumentation = instrument(model, null, { kernels });
  const x = tf.randomNormal([5, 6, 3], 0, 1, "float32", 3);
  instrumentation.infer(() => model.apply(x));
  model.apply(x);
  expect(forward).toHaveBeenCalledTimes(1);
  instrumentation.remove();
});
