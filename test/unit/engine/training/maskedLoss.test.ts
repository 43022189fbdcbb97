/** Masks, sample weights and class weights in whole runs. */

import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { ResolvedModel } from "../../../../src/config/resolved.ts";
import { useBackend } from "../instrument/backends.ts";
import { entries, resolved, run, series } from "./support.ts";

const base = resolved([]);
const still = { type: "sgd", learningRate: 1e-30 } as const;

/** JSON array files, and the `data` section that reads them. */
async function files(inputs: unknown, targets: unknown, test: number | null = null) {
  const folder = await mkdtemp(path.join(tmpdir(), "gradlens-"));
  await writeFile(path.join(folder, "x.json"), JSON.stringify(inputs));
  await writeFile(path.join(folder, "y.json"), JSON.stringify(targets));
  const data: ResolvedModel["data"] = {
    kind: "arrays",
    inputs: { file: "x.json", array: null },
    targets: { file: "y.json", array: null },
    standardize: false,
    minMax: false,
    classes: null,
    test,
    shuffle: false,
  };
  return { data, configPath: path.join(folder, "gradlens.json") };
}

/** Sequences of 3, 1, 2 and 3 timesteps, padded to 6 with zeros; class 0 of the targets is the padding's. */
const lengths = [3, 1, 2, 3];
const inputs = lengths.map((n, i) => Array.from({ length: 6 }, (_, t) => (t < n ? [1 + i, -1 - t] : [0, 0])));
const targets = lengths.map((n, i) => Array.from({ length: 6 }, (_, t) => (t < n ? 1 + ((i + t) % 2) : 0)));
const constantAnswer = entries([
  ["masking", { maskValue: 0 }],
  ["lstm", { units: 2, returnSequences: true }],
  ["timeDistributed", { layer: { type: "dense", units: 3, kernelInitializer: "zeros", activation: "softmax" } }],
]);

describe("a mask that reaches the loss", () => {
  beforeAll(() => useBackend("wasm"));

  const training = { ...base.training, loss: "sparseCategoricalCrossentropy", optimizer: still, batchSize: 4 } as const;

  it("excludes padding from loss, baseline and test loss", async () => {
    const { data, configPath } = await files([...inputs, ...inputs], [...targets, ...targets], 0.5);
    const before = tf.memory().numTensors;
    const result = await run(resolved(constantAnswer, { data, training }), { steps: 1, configPath });
    expect(result.outcome).toEqual({ kind: "completed" });
    expect(tf.memory().numTensors).toBe(before);
    // Equal probabilities for three classes, at each of the 9 timesteps that count.
    expect(series(result, "loss")[0]).toBeCloseTo(Math.log(3), 5);
    expect(series(result, "testLoss")[0]).toBeCloseTo(Math.log(3), 5);
    // Timestep 1: classes 1, 2, 1, 2; timestep 2: 2, 1, 2 without the second sample; timestep 3: 1 and 2.
    const entropy = (p: number) => -(p * Math.log(p) + (1 - p) * Math.log(1 - p));
    expect(result.info!.baselineLoss).toBeCloseTo((4 * entropy(0.5) + 3 * entropy(1 / 3) + 2 * entropy(0.5)) / 9, 6);
  });

  it("excludes padding from the accuracy", async () => {
    // It always says yes, which is right at 5 of the 9 timesteps that count.
    const yes = entries([
      ["masking", { maskValue: 0 }],
      ["lstm", { units: 2, returnSequences: true }],
      ["dense", { units: 1, kernelInitializer: "zeros", biasInitializer: "ones", activation: "sigmoid" }],
    ]);
    const bits = targets.map((sequence) => sequence.map((y) => [y === 2 ? 1 : 0]));
    const { data, configPath } = await files([...inputs, ...inputs], [...bits, ...bits], 0.5);
    const binary = { ...training, loss: "binaryCrossentropy" } as const;
    const result = await run(resolved(yes, { data, training: binary }), { steps: 1, configPath });
    expect(series(result, "testAccuracy")[0]).toBeCloseTo(5 / 9, 6);
  });

  it("counts only real timesteps for the required lag", async () => {
    const { data, configPath } = await files(inputs, targets);
    const { info } = await run(resolved(constantAnswer, { data, training }), { steps: 1, configPath });
    expect([info!.requiredLag, info!.requiredLagSource]).toEqual([2, "sequence-length"]);
  });

  it("gives the gradients of the sequences without their padding, summed by hand", async () => {
    // Sequences of one length, with and without padding: the results must be equal.
    const x = [3, 7, 5, 2].map((v, i) => Array.from({ length: 3 }, (_, t) => [v / 5, (i - t) / 4]));
    const y = [3, 7, 5, 2].map((v) => Array.from({ length: 3 }, (_, t) => (v + t) % 3));
    const padded = await files(
      x.map((s) => [...s, [0, 0], [0, 0]]),
      y.map((s) => [...s, 0, 0]),
    );
    const plain = await files(x, y);
    const net = entries([
      ["masking", { maskValue: 0 }],
      ["gru", { units: 3, returnSequences: true }],
      ["dense", { units: 3, activation: "softmax" }],
    ]);
    const fast = { ...training, optimizer: { type: "sgd", learningRate: 0.5 } } as const;
    const of = (given: typeof plain) =>
      run(resolved(net, { data: given.data, training: fast }), { steps: 3, configPath: given.configPath });
    const [a, b] = [await of(padded), await of(plain)];
    for (const [i, loss] of series(b, "loss").entries()) expect(series(a, "loss")[i]).toBeCloseTo(loss, 5);
    for (const [i, norm] of series(b, "gradientNorm").entries())
      expect(series(a, "gradientNorm")[i]).toBeCloseTo(norm, 5);
    expect(a.info!.baselineLoss).toBeCloseTo(b.info!.baselineLoss!, 9);
    expect(a.info!.requiredLag).toBe(b.info!.requiredLag);
  });

  it("also comes from an embedding, and adds up over accumulated batches with different padding", async () => {
    const { data, configPath } = await files(
      [
        [1, 2, 3, 0],
        [2, 0, 0, 0],
        [3, 1, 0, 0],
        [1, 0, 0, 0],
      ],
      [
        [[0.5], [1], [0], [9]],
        [[1], [9], [9], [9]],
        [[0.1], [0.3], [9], [9]],
        [[0.7], [9], [9], [9]],
      ],
    );
    const net = entries([
      ["embedding", { inputDim: 4, outputDim: 2, maskZero: true }],
      ["simpleRNN", { units: 3, returnSequences: true }],
      ["dense", { units: 1 }],
    ]);
    const of = (batchSize: number, accumulate: number) =>
      run(
        resolved(net, {
          data,
          training: { ...base.training, optimizer: { type: "sgd", learningRate: 0.1 }, batchSize, accumulate },
        }),
        { steps: 3, configPath },
      );
    const [whole, parts] = [await of(4, 1), await of(2, 2)];
    expect(series(whole, "loss")[0]).toBeLessThan(2);
    for (const quantity of ["loss", "gradientNorm"] as const)
      for (const [i, value] of series(whole, quantity).entries())
        expect(series(parts, quantity)[i]).toBeCloseTo(value, 5);
  });

  it("is not NaN if a batch is all padding", async () => {
    const { data, configPath } = await files(
      [inputs[0], inputs[0]!.map(() => [0, 0])],
      [targets[0], targets[0]!.map(() => 0)],
    );
    const result = await run(resolved(constantAnswer, { data, training: { ...training, batchSize: 1 } }), {
      steps: 4,
      configPath,
    });
    expect(result.outcome).toEqual({ kind: "completed" });
    const losses = series(result, "loss");
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses).toContain(0);
  });
});

describe("class weights in a run", () => {
  beforeAll(() => useBackend("wasm"));

  it("multiply each sample's loss; the mean is still over the samples", async () => {
    const { data, configPath } = await files(
      [
        [[1], [2]],
        [[3], [1]],
        [[2], [2]],
        [[1], [1]],
      ],
      [[1], [0], [0], [0]],
    );
    const net = entries([
      ["lstm", { units: 2 }],
      ["dense", { units: 1, kernelInitializer: "zeros", activation: "sigmoid" }],
    ]);
    const weights = { "0": 2, "1": 20 };
    const training = {
      ...base.training,
      loss: "binaryCrossentropy",
      optimizer: still,
      batchSize: 4,
      classWeight: { weights, path: ["training", "classWeight"] },
    } as const;
    const result = await run(resolved(net, { data, training }), { steps: 1, configPath });
    expect(series(result, "loss")[0]).toBeCloseTo(((20 + 3 * 2) * Math.log(2)) / 4, 5);
    const p = 20 / 26;
    expect(result.info!.baselineLoss).toBeCloseTo((-26 * (p * Math.log(p) + (1 - p) * Math.log(1 - p))) / 4, 6);
  });

  it("are refused for classes that do not exist", async () => {
    const { data, configPath } = await files(
      [
        [[1], [2]],
        [[3], [1]],
      ],
      [[1], [0]],
    );
    const classWeight = { weights: { "4": 2 }, path: ["training", "classWeight"] };
    const training = { ...base.training, loss: "binaryCrossentropy", batchSize: 2, classWeight } as const;
    const net = entries([
      ["lstm", { units: 2 }],
      ["dense", { units: 1, activation: "sigmoid" }],
    ]);
    const { outcome } = await run(resolved(net, { data, training }), { steps: 1, configPath });
    expect(outcome).toMatchObject({ kind: "refused", problems: [{ path: ["training", "classWeight", "4"] }] });
  });
});

describe("logits", () => {
  beforeAll(() => useBackend("wasm"));

  it("are the loss's inputs with fromLogits; the answer's threshold is 0", async () => {
    const { data, configPath } = await files(
      [
        [[1], [2]],
        [[3], [1]],
        [[2], [2]],
        [[1], [3]],
      ],
      [[1], [0], [0], [0]],
      0.5,
    );
    const net = entries([
      ["simpleRNN", { units: 2 }],
      [
        "dense",
        { units: 1, kernelInitializer: "zeros", useBias: true, biasInitializer: { type: "constant", value: 0.3 } },
      ],
    ]);
    const training = {
      ...base.training,
      loss: "binaryCrossentropy",
      fromLogits: true,
      optimizer: still,
      batchSize: 2,
    } as const;
    const result = await run(resolved(net, { data, training }), { steps: 1, configPath });
    const cost = (y: number) => Math.log(1 + Math.exp(0.3)) - y * 0.3;
    expect(series(result, "loss")[0]).toBeCloseTo((cost(1) + cost(0)) / 2, 5);
    expect(series(result, "testLoss")[0]).toBeCloseTo(cost(0), 5);
    // 0.3 means yes, because a sigmoid would turn it into 0.57; as a probability it would be below 0.5.
    expect(series(result, "testAccuracy")[0]).toBe(0);
  });
});
