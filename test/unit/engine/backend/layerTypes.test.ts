/** Every layer type trains on the WASM backend, with the gradients of the CPU backend. */

import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { layerTypes } from "../../../../src/config/schema/layers/index.ts";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import type { BuiltModel } from "../../../../src/engine/model/builtModel.ts";
import { sampled } from "../../../budget.ts";
import { entries } from "../entries.ts";
import { type Case, cases, head } from "../layerCases.ts";

const batch = 3;

/**
 * The output of randomWidth has another width at every call, so no model with it has a fixed shape; shared is another
 * layer once more (model/sharedWeights.test.ts).
 */
const elsewhere = ["randomWidth", "shared"];

test("every type of the config is covered; cells are, within rnn and convLstm2d", () => {
  const missing = layerTypes.filter((type) => !(type in cases) && !elsewhere.includes(type));
  expect(missing).toEqual([]);
});

interface Step {
  /** Relative difference between the gradient and the loss's central finite difference, along random directions. */
  readonly mismatches: readonly number[];
  readonly weights: readonly Float32Array[];
  readonly gradients: readonly Float32Array[];
}

/** The weights and the gradients of a sum of squares, at the initial weights; `directions` are compared. */
function step({ input, layers }: Case, directions: number): Step {
  const build = () => {
    const flat = buildModel(entries(...layers.slice(0, -1), { type: "flatten" }, ...head), input, 11);
    const built = Array.isArray(flat) ? buildModel(entries(...layers), input, 11) : flat;
    if (Array.isArray(built)) throw new Error(built.map((p) => p.message).join("\n"));
    return built;
  };
  const random = createRandom(5);
  const integers = layers[0]?.type === "embedding" || layers[0]?.type === "categoryEncoding";
  const size = batch * tf.util.sizeFromShape([...input]);
  const x = tf.tensor(
    Float32Array.from({ length: size }, () => (integers ? random.integer(7) : random.normal())),
    [batch, ...input],
  );
  const loss = (model: BuiltModel) => {
    const y = model.model.apply(x, { training: true });
    if (!(y instanceof tf.Tensor)) throw new Error("the model has more than one output");
    return tf.sum<tf.Scalar>(tf.square(tf.sub(y, 0.3)));
  };
  const built = build();
  const variables = built.model.trainableWeights.map((w) => w.read());
  const { grads, value } = tf.variableGrads(() => loss(built));
  const weights = variables.map((v) => Float32Array.from(v.dataSync()));
  const gradients = Object.values(grads).map((g) => Float32Array.from(g.dataSync()));
  // Each in a fresh model, so that dropout and noise repeat the first step's.
  const shifted = (directions: readonly Float32Array[], by: number) => {
    const model = build();
    model.model.trainableWeights.forEach((w, i) => {
      const value = tf.tensor(
        weights[i]!.map((v, k) => v + by * directions[i]![k]!),
        w.shape.map(Number),
      );
      w.write(value);
      value.dispose();
    });
    const result = tf.tidy(() => loss(model).dataSync()[0]!);
    model.dispose();
    return result;
  };
  const h = 3e-4;
  const mismatches = Array.from({ length: directions }, () => {
    const along = weights.map((w) => w.map(() => random.normal()));
    const slope = dot(gradients, along);
    const difference = (shifted(along, h) - shifted(along, -h)) / (2 * h);
    return Math.abs(slope - difference) / Math.max(1, Math.abs(slope));
  });
  tf.dispose([x, value, grads]);
  built.dispose();
  return { weights, gradients, mismatches };
}

function dot(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  return a.reduce((sum, values, i) => sum + values.reduce((s, v, k) => s + v * b[i]![k]!, 0), 0);
}

describe("gradients on WASM equal those on the CPU", () => {
  const all = Object.entries(cases);
  // In CI, every second of them (test/unit/engine/saved/everyLayer.test.ts has the others), and every sixth, which the
  // quick tier takes alone, is also compared with finite differences.
  const different = sampled(all, 6, 1).map(([name]) => name);
  test.each(sampled(all, 6, 1, 2))("%s", async (name, layers) => {
    await initBackend("cpu");
    const cpu = step(layers, different.includes(name) ? 3 : 0);
    expect((await initBackend("wasm")).name).toBe("wasm");
    const before = tf.memory().numTensors;
    const wasm = step(layers, 0);
    expect(tf.memory().numTensors).toBe(before);
    expect(cpu.gradients.length).toBeGreaterThan(0);
    expect(wasm.gradients.length).toBe(cpu.gradients.length);
    expect(wasm.weights).toEqual(cpu.weights);
    cpu.gradients.forEach((expected, i) => {
      const scale = Math.max(1, ...expected.map(Math.abs));
      const worst = expected.reduce((m, g, k) => Math.max(m, Math.abs(g - wasm.gradients[i]![k]!)), 0);
      expect(worst / scale).toBeLessThan(1e-4);
    });
    // The median, because a kink (of relu, of a maximum) inside the difference affects one direction, but a wrong
    // kernel all of them.
    if (different.includes(name)) expect(cpu.mismatches.toSorted((a, b) => a - b)[1]).toBeLessThan(0.03);
    expect(cpu.gradients.some((g) => g.some((v) => v !== 0))).toBe(true);
  });
});
