import * as tf from "@tensorflow/tfjs-core";
import { layers, type SymbolicTensor } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";

/** Names of the operations that `call` runs. */
function operationsIn(call: () => void): readonly string[] {
  const names: string[] = [];
  const restores = tf.getKernelsForBackend(tf.getBackend()).map((kernel) => {
    const { kernelFunc } = kernel;
    kernel.kernelFunc = (params) => {
      names.push(kernel.kernelName);
      return kernelFunc(params);
    };
    return () => {
      kernel.kernelFunc = kernelFunc;
    };
  });
  try {
    call();
  } finally {
    for (const restore of restores) restore();
  }
  return names;
}

const applied = { linear: (x: tf.Tensor) => x, relu: (x: tf.Tensor) => tf.relu(x), tanh: (x: tf.Tensor) => tf.tanh(x) };

function dense(inputs: number, activation: "linear" | "relu" | "tanh", useBias: boolean) {
  const layer = layers.dense({ units: 3, activation, useBias, biasInitializer: "ones" });
  layer.build([null, inputs]);
  layer.built = true;
  return layer;
}

describe.each(["wasm", "cpu"] as const)("a dense layer on %s", (backend) => {
  beforeAll(async () => {
    await initBackend(backend);
  });

  it.each([
    [[4, 5], "linear", true],
    [[4, 5], "relu", true],
    [[2, 3, 5], "tanh", false],
    [[2, 3, 2, 5], "relu", true],
  ] as const)("of %j with %s equals its definition, with gradients", (shape, activation, useBias) => {
    tf.tidy(() => {
      const layer = dense(5, activation, useBias);
      const x = tf.randomUniform([...shape], -1, 1, "float32", 1);
      const [kernel, bias] = layer.weights.map((weight) => weight.read());
      const defined = (input: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor => {
        const terms = tf.mul(tf.expandDims(input, -1), w);
        const linear = tf.add(tf.sum(terms, -2), tf.mul(b, useBias ? 1 : 0));
        return applied[activation](linear);
      };
      const b = bias ?? tf.zeros([3]);
      const found = layer.apply(x) as tf.Tensor;
      const expected = defined(x, kernel!, b);
      expect(found.shape).toEqual(expected.shape);
      const compare = (one: tf.Tensor, other: tf.Tensor): void =>
        expect(tf.max(tf.abs(tf.sub(one, other))).dataSync()[0]).toBeLessThan(1e-5);
      compare(found, expected);
      const loss = (call: (input: tf.Tensor) => tf.Tensor) => (input: tf.Tensor) => tf.sum(tf.square(call(input)));
      compare(
        tf.grad(loss((input) => layer.apply(input) as tf.Tensor))(x),
        tf.grad(loss((input) => defined(input, kernel!, b)))(x),
      );
      const { grads } = tf.variableGrads(() => loss((input) => layer.apply(input) as tf.Tensor)(x) as tf.Scalar);
      const [dKernel, dBias] = tf.grads((w: tf.Tensor, c: tf.Tensor) => tf.sum(tf.square(defined(x, w, c))))([
        kernel!,
        b,
      ]);
      const byShape = (rank: number) => Object.values(grads).find((gradient) => gradient.rank === rank)!;
      compare(byShape(2), dKernel!);
      if (useBias) compare(byShape(1), dBias!);
      tf.dispose(layer.weights.map((weight) => weight.read()));
    });
  });

  it("adds its bias in the product, and computes no gradient of the data", () => {
    tf.tidy(() => {
      const layer = dense(5, "relu", true);
      const x = tf.ones([4, 5]);
      const names = operationsIn(() => tf.variableGrads(() => tf.sum(layer.apply(x) as tf.Tensor) as tf.Scalar));
      expect(names.filter((name) => ["_FusedMatMul", "BiasedProduct"].includes(name))).toHaveLength(1);
      // The kernel's gradient.
      expect(names.filter((name) => name === "BatchMatMul")).toHaveLength(1);
      expect(names).not.toContain("Add");
      tf.dispose(layer.weights.map((weight) => weight.read()));
    });
  });

  it("refuses what does not fit, as before", () => {
    const layer = dense(5, "linear", true);
    expect(() => layer.apply(tf.ones([4, 6]))).toThrow(/axis -1|expected/);
    const symbolic = layers.dense({ units: 2, inputShape: [5] });
    expect((symbolic.apply(tf.ones([2, 5])) as tf.Tensor | SymbolicTensor).shape).toEqual([2, 2]);
    for (const made of [layer, symbolic]) tf.dispose(made.weights.map((weight) => weight.read()));
  });
});
