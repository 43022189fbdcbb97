/** Stateful layers: the next batch begins with the state in which the previous one ended. */

import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { DataConfig, ResolvedModel, TrainingConfig } from "../../../../src/config/resolved.ts";
import { contiguousBatches } from "../../../../src/engine/data/batches.ts";
import { deepCell } from "../../../../src/engine/deep/layerCell.ts";
import { measuredLayers } from "../../../../src/engine/instrument/measuredLayers.ts";
import type { Prepared } from "../../../../src/engine/training/prepare.ts";
import { sampled } from "../../../budget.ts";
import { useBackend } from "../instrument/backends.ts";
import { entries, resolved, run, series } from "./support.ts";

const base = resolved([]);
const still = { type: "sgd", learningRate: 1e-30 } as const;

async function folderOf(files: { readonly [name: string]: string }): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "gradlens-"));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  return path.join(folder, "gradlens.json");
}

const arrays = (changes: Partial<Extract<DataConfig, { kind: "arrays" }>> = {}): DataConfig => ({
  kind: "arrays",
  inputs: { file: "x.json", array: null },
  targets: { file: "y.json", array: null },
  standardize: false,
  minMax: false,
  classes: null,
  test: null,
  shuffle: false,
  ...changes,
});

/** A linear unit that adds up its inputs: h_t = x_t + h_{t−1}. */
const counter = entries([
  [
    "simpleRNN",
    {
      units: 1,
      stateful: true,
      activation: "linear",
      kernelInitializer: "ones",
      recurrentInitializer: "ones",
      useBias: false,
      trainable: true,
    },
  ],
]);

function train(
  configPath: string,
  layers = counter,
  data: DataConfig = arrays(),
  changes: Partial<TrainingConfig> = {},
  options: Parameters<typeof run>[2] = {},
  rest: Partial<ResolvedModel> = {},
) {
  const training = { ...base.training, optimizer: still, batchSize: 2, length: { epochs: 2 }, ...changes };
  return run(resolved(layers, { data, training, ...rest }), { configPath }, options);
}

describe("the order of contiguous batches", () => {
  const of = (...args: Parameters<typeof contiguousBatches>) => contiguousBatches(...args).map((b) => [...b]);

  it("is the file's order if nothing is known: Keras without shuffling", () => {
    expect(of(7, 2, null)).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
  });

  it("reads as many parallel stretches as a batch has samples", () => {
    expect(of(7, 2, 1)).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    // Windows of 3 rows, one beginning at each row: the window after the one at row 0 begins at row 3.
    expect(of(14, 2, 3)).toEqual([
      [0, 7],
      [3, 10],
    ]);
    expect(of(3, 8, null)).toEqual([[0, 1, 2]]);
  });
});

describe("a stateful layer", () => {
  beforeAll(() => useBackend("wasm"));

  const x = JSON.stringify([
    [[1], [2]],
    [[10], [20]],
    [[3], [4]],
    [[30], [40]],
    [[5], [6]],
    [[50], [60]],
  ]);
  const y = JSON.stringify([[0], [0], [0], [0], [0], [0]]);
  // Running sums of 1, 2 | 3, 4 | 5, 6 and of ten times that.
  const sums = [
    [3, 30],
    [10, 100],
    [21, 210],
  ];
  const expected = sums.map(([a, b]) => (a! ** 2 + b! ** 2) / 2);

  it.each(["kernels", "taps"] as const)(
    "continues where it ended, sample by sample, and begins each epoch at zero: %s",
    async (recurrent) => {
      const configPath = await folderOf({ "x.json": x, "y.json": y });
      const before = tf.memory().numTensors;
      const result = await train(configPath, counter, arrays(), {}, { recurrent });
      expect(result.outcome).toEqual({ kind: "completed" });
      expect(tf.memory().numTensors).toBe(before);
      for (const [i, loss] of series(result, "loss").entries()) expect(loss).toBeCloseTo(expected[i % 3]!, 1);
      expect(result.info!.layers[0]!.recurrent!.method).toBe(recurrent === "taps" ? "taps" : "kernel");
    },
  );

  it.each(sampled(["kernels", "taps"] as const, 2))(
    "carries the value but no gradient, ∂L/∂U by hand: %s",
    async (recurrent) => {
      const configPath = await folderOf({ "x.json": x, "y.json": y });
      const result = await train(configPath, counter, arrays(), {}, { recurrent });
      const norms = series(result, "weightGradientNorm", 0, "recurrent_kernel");
      // In the second batch h_0 = 3 is given: h_2 = x_2 + U (x_1 + U h_0), so ∂h_2/∂U = x_1 + 2 U h_0, mean of 2 h_2
      // ∂h_2/∂U.
      const first = 3 * 1 + 30 * 10;
      const second = 10 * (3 + 2 * 3) + 100 * (30 + 2 * 30);
      expect(norms[0]).toBeCloseTo(first, 1);
      expect(norms[1]! / second).toBeCloseTo(1, 5);
    },
  );

  it("works in both directions, with cells, and measured or not", async () => {
    const configPath = await folderOf({ "x.json": x, "y.json": y });
    const nets = [
      entries([
        ["bidirectional", { layer: { type: "lstm", units: 2, stateful: true } }],
        ["dense", { units: 1 }],
      ]),
      entries([
        [
          "rnn",
          {
            cell: [
              { type: "gruCell", units: 2 },
              { type: "lstmCell", units: 1 },
            ],
            stateful: true,
          },
        ],
      ]),
    ];
    for (const net of nets) {
      const results = [];
      for (const measured of [true, false]) results.push(await train(configPath, net, arrays(), {}, { measured }));
      const [a, b] = results.map((r) => series(r, "loss"));
      expect(a).toHaveLength(6);
      expect(a).toEqual(b);
      // Another epoch repeats the first; another batch does not.
      expect(a!.slice(3)).toEqual(a!.slice(0, 3));
      expect(new Set(a).size).toBe(3);
    }
  });

  it("learns the same whether it is measured or not: no evaluation ahead changes its states", async () => {
    const configPath = await folderOf({ "x.json": x, "y.json": y });
    const net = entries([
      ["lstm", { units: 2, stateful: true }],
      ["dense", { units: 1 }],
    ]);
    const fast = { optimizer: { type: "sgd", learningRate: 0.1 }, length: { epochs: 6 } } as const;
    const a = await train(configPath, net, arrays(), fast, { measured: true });
    const b = await train(configPath, net, arrays(), fast, { measured: false });
    expect(series(a, "loss")).toEqual(series(b, "loss"));
    expect(series(a, "stableRate").every(Number.isNaN)).toBe(true);
  });

  it.each(sampled(["simpleRNN", "gru", "lstm"], 3, 2))("is the same with kernels and taps: %s", async (type) => {
    const small = JSON.stringify(Array.from({ length: 12 }, (_, i) => [[Math.sin(i)], [Math.cos(2 * i)]]));
    const configPath = await folderOf({
      "x.json": small,
      "y.json": JSON.stringify(Array.from({ length: 12 }, (_, i) => [i % 3])),
    });
    const net = entries([
      [type, { units: 3, stateful: true, returnSequences: true }],
      [type, { units: 2, stateful: true, goBackwards: true }],
      ["dense", { units: 1 }],
    ]);
    const fast = { optimizer: { type: "sgd", learningRate: 0.1 } } as const;
    const of = (recurrent: "kernels" | "taps") => train(configPath, net, arrays({ test: 0.4 }), fast, { recurrent });
    const [a, b] = [await of("kernels"), await of("taps")];
    expect(a.info!.layers.map((l) => l.recurrent?.method)).toEqual(["kernel", "kernel", undefined]);
    for (const quantity of ["loss", "gradientNorm", "testLoss"] as const)
      for (const [i, value] of series(b, quantity).entries())
        if (Number.isNaN(value)) expect(series(a, quantity)[i]).toBeNaN();
        else expect(series(a, quantity)[i], `${quantity} ${i}`).toBeCloseTo(value, 5);
    for (const layer of [0, 1])
      for (const [i, gain] of series(b, "meanGain", layer, "h").entries())
        expect(series(a, "meanGain", layer, "h")[i]).toBeCloseTo(gain, 4);
  });

  it("is tested from zero, without losing its present state", async () => {
    const more = (text: string, extra: unknown[]) => JSON.stringify([...JSON.parse(text), ...extra]);
    const configPath = await folderOf({
      "x.json": more(x, [
        [[1], [1]],
        [[2], [2]],
        [[1], [1]],
        [[2], [2]],
      ]),
      "y.json": more(y, [[0], [0], [0], [0]]),
    });
    const result = await train(configPath, counter, arrays({ test: 0.4 }), { length: { epochs: 2 } });
    for (const [i, loss] of series(result, "loss").entries()) expect(loss).toBeCloseTo(expected[i % 3]!, 1);
    // 2 and 4, then 4 and 8.
    expect(series(result, "testLoss")[2]).toBeCloseTo((4 + 16 + 16 + 64) / 4, 4);
    expect(series(result, "testLoss")[5]).toBeCloseTo(25, 4);
  });

  it("shows a state that explodes from batch to batch", async () => {
    const configPath = await folderOf({
      "x.json": JSON.stringify(Array.from({ length: 40 }, () => [[1], [1]])),
      "y.json": JSON.stringify(Array.from({ length: 40 }, () => [0])),
    });
    const growing = entries([
      [
        "simpleRNN",
        { units: 1, stateful: true, activation: "linear", recurrentInitializer: { type: "constant", value: 100 } },
      ],
      ["dense", { units: 1, kernelInitializer: { type: "constant", value: 1e-30 } }],
    ]);
    const result = await train(configPath, growing);
    const means = series(result, "activationMean", 0).map(Math.abs);
    expect(means[3]! / means[2]!).toBeCloseTo(1e4, -3);
    expect(series(result, "activationNonFinite", 0).some((n) => n > 0)).toBe(true);
  });

  it("reads a text in stretches", { tags: "thorough" }, async () => {
    const configPath = await folderOf({ "t.txt": "abcabcabcabcabcabcabcabcabcabcabc".repeat(4) });
    const net = entries([
      ["embedding", { inputDim: 3, outputDim: 3, embeddingsInitializer: "identity" }],
      ["gru", { units: 8, returnSequences: true, stateful: true }],
      ["dense", { units: 3, activation: "softmax" }],
    ]);
    const data = { kind: "text", task: "characterLanguageModel", file: "t.txt", length: 4, test: 0.2 } as const;
    const result = await train(configPath, net, data, {
      loss: "sparseCategoricalCrossentropy",
      batchSize: 4,
      optimizer: { type: "adam", learningRate: 0.05, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      length: { steps: 40 },
    });
    expect(result.outcome).toEqual({ kind: "completed" });
    expect(series(result, "loss").at(-1)!).toBeLessThan(0.2);
  });

  it("resumes from a checkpoint as if it had never stopped", { tags: "thorough" }, async () => {
    const configPath = await folderOf({ "x.json": x, "y.json": y });
    const checkpoint = { folder: "kept", keep: "last", every: 1, path: ["training", "checkpoint"] } as const;
    const net = entries([
      ["lstm", { units: 3, stateful: true }],
      ["dense", { units: 1 }],
    ]);
    const of = (steps: number, checkpoints: "write" | "resume", folder: string) =>
      run(
        resolved(net, {
          data: arrays(),
          training: {
            ...base.training,
            optimizer: { type: "sgd", learningRate: 1e-4 },
            batchSize: 2,
            length: { steps },
            checkpoint: { ...checkpoint, folder },
          },
        }),
        { configPath, checkpoints },
      );
    const whole = series(await of(5, "write", "a"), "loss");
    await of(2, "write", "b");
    const resumed = await of(5, "resume", "b");
    expect(resumed.outcome).toEqual({ kind: "completed" });
    expect(series(resumed, "loss")).toEqual(whole.slice(2));
  });

  it("reports where it cannot work, and why", async () => {
    const configPath = await folderOf({ "x.json": x, "y.json": y });
    const refusal = async (...args: Parameters<typeof train>) => {
      const { outcome } = await train(...args);
      if (outcome.kind !== "refused") throw new Error(`it was ${outcome.kind}`);
      return outcome.problems.map(({ path: at, message }) => [at, message]);
    };
    expect(await refusal(configPath, counter, arrays(), { accumulate: 2, batchSize: 1 })).toEqual([
      [["training", "accumulate"], expect.stringContaining("side by side in one step")],
    ]);
    expect(await refusal(configPath, counter, arrays({ test: 0.5, shuffle: true }))).toEqual([
      [["data", "shuffle"], expect.stringContaining('Set "shuffle": false')],
    ]);
    const inside = entries([
      ["reshape", { targetShape: [1, 2, 1] }],
      ["timeDistributed", { layer: { type: "lstm", units: 2, stateful: true } }],
      ["flatten", {}],
      ["dense", { units: 1 }],
    ]);
    expect(await refusal(configPath, inside)).toEqual([
      [["models", "m", "layers", 1, "layer", "stateful"], expect.stringContaining("once for each timestep")],
    ]);
  });

  it("warns that generated samples do not continue one another", async () => {
    const { info } = await run(resolved(counter, { training: { ...base.training, optimizer: still } }), { steps: 1 });
    expect(info!.dataWarnings).toMatchObject([{ severity: "warning", path: ["models", "m", "layers", 0, "stateful"] }]);
  });

  it("keeps one state per sample", async () => {
    const configPath = await folderOf({ "x.json": x, "y.json": y });
    let looked: Prepared | null = null;
    await train(
      configPath,
      counter,
      arrays(),
      {},
      {
        examine: async (prepared) => {
          looked = prepared;
          // The deep probe's own forward pass begins at zero.
          expect(deepCell(measuredLayers(prepared.built.model)[0]!)).toEqual({ reason: "it is stateful" });
          expect(
            prepared
              .states!.values()
              .flat()
              .map(({ shape }) => shape),
          ).toEqual([[2, 1]]);
        },
      },
    );
    expect(looked).not.toBeNull();
  });
});
