/** The optimizers against tfjs's own, step by step, where tfjs is correct. */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { OptimizerConfig } from "../../../../src/config/resolved.ts";
import { createOptimizer } from "../../../../src/engine/training/optimizers.ts";
import { useBackend } from "../instrument/backends.ts";

const cases: readonly (readonly [string, OptimizerConfig, () => tf.Optimizer])[] = [
  ["sgd", { type: "sgd", learningRate: 0.03 }, () => tf.train.sgd(0.03)],
  [
    "momentum",
    { type: "momentum", learningRate: 0.03, momentum: 0.9, nesterov: false },
    () => tf.train.momentum(0.03, 0.9, false),
  ],
  [
    "nesterov",
    { type: "momentum", learningRate: 0.03, momentum: 0.7, nesterov: true },
    () => tf.train.momentum(0.03, 0.7, true),
  ],
  [
    "rmsprop",
    { type: "rmsprop", learningRate: 0.003, decay: 0.9, momentum: 0.3, epsilon: 1e-7, centered: false },
    () => tf.train.rmsprop(0.003, 0.9, 0.3, 1e-7, false),
  ],
  ["adagrad", { type: "adagrad", learningRate: 0.03, initialAccumulator: 0.1 }, () => tf.train.adagrad(0.03, 0.1)],
  [
    "adam",
    { type: "adam", learningRate: 0.003, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    () => tf.train.adam(0.003, 0.9, 0.999, 1e-7),
  ],
  [
    "adamax",
    { type: "adamax", learningRate: 0.003, beta1: 0.9, beta2: 0.99, epsilon: 1e-7 },
    () => tf.train.adamax(0.003, 0.9, 0.99, 1e-7),
  ],
];

/** Gradients over many decades, with zeros, and with an infinite and a NaN entry in the last step. */
function gradient(length: number, step: number, last: boolean): Float32Array {
  const values = Float32Array.from({ length }, (_, k) =>
    k % 7 === 0 ? 0 : Math.sin(1 + 13 * k + 5 * step) * 10 ** ((k % 11) - 6),
  );
  if (last) values.set([Number.NaN, Number.POSITIVE_INFINITY], 1);
  return values;
}

describe("optimizers", () => {
  beforeAll(() => useBackend("cpu"));

  it.each(cases)("%s takes tfjs's steps, bit for bit", (_, config, theirs) => {
    const lengths = [40, 3];
    const initial = lengths.map((length, i) => Float32Array.from({ length }, (_, k) => Math.cos(k + i)));
    const variables = initial.map((values, i) =>
      tf.variable(tf.tensor1d(values.slice()), true, `w${i}-${Math.random()}`),
    );
    const reference = theirs();
    const own = createOptimizer(config);
    let weights: Float32Array[] = initial;
    for (let step = 0; step < 30; step++) {
      const gradients = lengths.map((length) => gradient(length, step, step === 29));
      reference.applyGradients(
        Object.fromEntries(variables.map((v, i) => [v.name, tf.tensor1d(gradients[i]!.slice())])),
      );
      weights = own.update(weights, gradients);
      for (const [i, variable] of variables.entries()) expect(weights[i], `step ${step}`).toEqual(variable.dataSync());
    }
    for (const values of weights) expect([...values].every(Number.isFinite)).toBe(false);
  });
});
