import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients of all operations.
import "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, test } from "vitest";
import type { LossName } from "../../../../src/config/resolved.ts";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { lossFunction } from "../../../../src/engine/model/lossFunction.ts";

const shape = [4, 3, 5];
const size = 60;
const random = createRandom(1);
const numbers = () => Array.from({ length: size }, () => random.normal());
const distributions = () => {
  const raw = Array.from({ length: size }, () => 0.05 + random.uniform());
  return raw.map((v, i) => v / raw.slice(5 * Math.floor(i / 5), 5 * Math.floor(i / 5) + 5).reduce((a, b) => a + b));
};
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

interface Example {
  readonly truth: readonly number[];
  readonly truthShape: number[];
  readonly prediction: readonly number[];
  /** The textbook formula in float64. */
  readonly expected: (p: readonly number[]) => number;
}

const targets = numbers();
const bits = Array.from({ length: size }, () => random.integer(2));
const classes = Array.from({ length: 12 }, () => random.integer(5));
const oneHot = classes.flatMap((k) => [0, 1, 2, 3, 4].map((j) => (j === k ? 1 : 0)));
const logLoss = (p: readonly number[]) =>
  mean(
    classes.map((k, row) => {
      const part = p.slice(5 * row, 5 * row + 5);
      return -Math.log(part[k]! / part.reduce((a, b) => a + b));
    }),
  );

const examples: { readonly [name in LossName]: Example } = {
  meanSquaredError: {
    truth: targets,
    truthShape: shape,
    prediction: numbers(),
    expected: (p) => mean(p.map((v, i) => (v - targets[i]!) ** 2)),
  },
  meanAbsoluteError: {
    truth: targets,
    truthShape: shape,
    prediction: numbers(),
    expected: (p) => mean(p.map((v, i) => Math.abs(v - targets[i]!))),
  },
  binaryCrossentropy: {
    truth: bits,
    truthShape: shape,
    prediction: Array.from({ length: size }, () => 0.02 + 0.96 * random.uniform()),
    expected: (p) => mean(p.map((v, i) => -(bits[i] ? Math.log(v) : Math.log(1 - v)))),
  },
  categoricalCrossentropy: { truth: oneHot, truthShape: shape, prediction: distributions(), expected: logLoss },
  sparseCategoricalCrossentropy: {
    truth: classes,
    truthShape: [4, 3, 1],
    prediction: distributions(),
    expected: logLoss,
  },
};

function evaluate(
  name: LossName,
  truth: readonly number[],
  truthShape: number[],
  prediction: readonly number[],
  predictionShape = shape,
) {
  return tf.tidy(() => {
    const yTrue = tf.tensor([...truth], truthShape);
    const { value, grad } = tf.valueAndGrad((p: tf.Tensor) => lossFunction(name)(yTrue, p))(
      tf.tensor([...prediction], predictionShape),
    );
    return { loss: value.dataSync()[0]!, gradient: [...grad.dataSync()] };
  });
}

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(async () => {
    expect((await initBackend(backend)).name).toBe(backend);
  });

  test.each(Object.entries(examples) as [LossName, Example][])(
    "%s equals its formula, and so does its gradient",
    (name, { truth, truthShape, prediction, expected }) => {
      const { loss, gradient } = evaluate(name, truth, truthShape, prediction);
      expect(loss).toBeCloseTo(expected(prediction), 5);
      const h = 1e-5;
      gradient.forEach((g, i) => {
        const moved = (by: number) => expected(prediction.map((v, k) => (k === i ? v + by : v)));
        expect(g).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 4);
      });
    },
  );

  test.each(Object.entries(examples) as [LossName, Example][])(
    "%s of a NaN is NaN",
    (name, { truth, truthShape, prediction }) => {
      expect(evaluate(name, truth, truthShape, prediction.with(7, Number.NaN)).loss).toBeNaN();
    },
  );

  test.each(Object.entries(examples) as [LossName, Example][])(
    "%s of its own targets is (nearly) zero, with a finite gradient",
    (name, { truth, truthShape }) => {
      const perfect = name === "sparseCategoricalCrossentropy" ? oneHot : truth;
      const { loss, gradient } = evaluate(name, truth, truthShape, perfect);
      expect(loss).toBeLessThan(1e-6);
      expect(gradient.every(Number.isFinite)).toBe(true);
    },
  );

  test("a certain, wrong answer costs −ln ε, not infinity", () => {
    expect(evaluate("binaryCrossentropy", [1], [1, 1], [0], [1, 1]).loss).toBeCloseTo(-Math.log(1e-7), 3);
    expect(evaluate("categoricalCrossentropy", [1, 0], [1, 2], [0, 1], [1, 2]).loss).toBeCloseTo(-Math.log(1e-7), 3);
  });
});
