/** The loss combined with the last activation: the value and the gradient that float32 probabilities have lost. */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { JsonValue, LossName } from "../../../../src/config/resolved.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { lossFunction, lossOfLogits } from "../../../../src/engine/model/lossFunction.ts";
import { outputLoss } from "../../../../src/engine/model/outputLoss.ts";
import { useBackend } from "../instrument/backends.ts";
import { entries } from "../training/support.ts";

type Layers = readonly (readonly [string, { readonly [key: string]: JsonValue }])[];

function build(layers: Layers, shape: readonly number[]) {
  const built = buildModel(entries(layers), shape, 1);
  if (!("model" in built)) throw new Error(built.map((p) => p.message).join(" "));
  return built;
}

/**
 * The loss of `logits`, and its gradient with respect to them, through the model's last layers (which have no weights).
 */
function through(layers: Layers, name: LossName, logits: readonly number[][], targets: readonly number[][]) {
  const built = build(layers, [logits[0]!.length]);
  const { of } = outputLoss(built, name);
  const [x, y] = [tf.tensor2d(logits as number[][]), tf.tensor2d(targets as number[][])];
  const { value, grad } = tf.valueAndGrad((z: tf.Tensor) => {
    const output = built.model.apply(z, { training: true });
    if (!(output instanceof tf.Tensor)) throw new Error("one output expected");
    return of(y, output);
  })(x);
  const result = { loss: value.dataSync()[0]!, gradient: Array.from(grad.dataSync()) };
  tf.dispose([x, y, value, grad]);
  built.dispose();
  return result;
}

describe.each(["wasm", "cpu"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  // Far beyond float32's e⁻ˣ: ln(1 + e⁸⁰) = 80 to the last digit.
  it.each([
    [[["activation", { activation: "sigmoid" }]]],
    [[["dense", { units: 1, activation: "sigmoid", kernelInitializer: "ones", useBias: false }]]],
  ] as readonly [Layers][])("a certain, wrong answer keeps its loss and its gradient: sigmoid, %#", (layers) => {
    const { loss, gradient } = through(layers, "binaryCrossentropy", [[80], [-80]], [[0], [1]]);
    expect(loss).toBeCloseTo(80, 4);
    expect(gradient[0]).toBeCloseTo(1 / 2, 6);
    expect(gradient[1]).toBeCloseTo(-1 / 2, 6);
  });

  it.each([
    [[["activation", { activation: "softmax" }]]],
    [[["softmax", { axis: -1 }]]],
    [[["softmax", { axis: 1 }]]],
    [[["dense", { units: 3, activation: "softmax", kernelInitializer: "identity", useBias: false }]]],
  ] as readonly [Layers][])("a certain, wrong answer keeps its loss and its gradient: softmax, %#", (layers) => {
    for (const [name, target] of [
      ["categoricalCrossentropy", [0, 1, 0]],
      ["sparseCategoricalCrossentropy", [1]],
    ] as const) {
      const { loss, gradient } = through(layers, name, [[200, -100, 0]], [[...target]]);
      expect(loss).toBeCloseTo(300, 3);
      for (const [i, g] of [1, -1, 0].entries()) expect(gradient[i]).toBeCloseTo(g, 6);
    }
  });

  it.each(["binaryCrossentropy", "categoricalCrossentropy", "sparseCategoricalCrossentropy"] as const)(
    "%s of logits equals that of their probabilities, and so does its gradient; NaN stays NaN",
    (name) => {
      const [x, y] = [
        tf.tensor2d([
          [0.3, -1.2, 2],
          [0, 0, 0],
        ]),
        tf.tensor2d([
          [0, 1, 0],
          [1, 0, 0],
        ]),
      ];
      const truth = name.startsWith("sparse") ? tf.tensor2d([[1], [0]]) : y;
      const squash = (z: tf.Tensor) => (name.startsWith("binary") ? tf.sigmoid(z) : tf.softmax(z));
      const ofLogits = tf.valueAndGrad((z: tf.Tensor) => lossOfLogits(name)(truth, z))(x);
      const usual = tf.valueAndGrad((z: tf.Tensor) => lossFunction(name)(truth, squash(z)))(x);
      expect(ofLogits.value.dataSync()[0]).toBeCloseTo(usual.value.dataSync()[0]!, 5);
      const [a, b] = [ofLogits.grad.dataSync(), usual.grad.dataSync()];
      for (const [i, g] of b.entries()) expect(a[i]).toBeCloseTo(g, 5);
      expect(
        lossOfLogits(name)(
          truth,
          tf.tensor2d([
            [0, Number.NaN, 1],
            [0, 0, 0],
          ]),
        ).dataSync()[0],
      ).toBeNaN();
    },
  );

  it("also for separate timesteps", () => {
    const dense = { type: "dense", units: 2, activation: "softmax" };
    const built = build([["timeDistributed", { layer: dense }]], [3, 2]);
    const { of } = outputLoss(built, "sparseCategoricalCrossentropy");
    const output = built.model.predict(tf.fill([1, 3, 2], 1e4));
    if (!(output instanceof tf.Tensor)) throw new Error("one output expected");
    const [a = 0, b = 0] = output.dataSync();
    const classes = tf.fill([1, 3, 1], a > b ? 1 : 0);
    expect(of(classes, output).dataSync()[0]! / Math.abs(a - b)).toBeCloseTo(1, 4);
    built.dispose();
  });

  it("does not change other activations and losses, nor the model's description", () => {
    const probabilities = build([["dense", { units: 1, activation: "sigmoid" }]], [2]);
    expect(outputLoss(probabilities, "meanSquaredError").threshold).toBe(0.5);
    const before = JSON.stringify(probabilities.model.toJSON(null, false));
    expect(before).toContain('"activation":"sigmoid"');
    expect(outputLoss(probabilities, "binaryCrossentropy").threshold).toBe(0);
    expect(JSON.stringify(probabilities.model.toJSON(null, false))).toBe(before);
    probabilities.dispose();
  });
});
