/** Models with several inputs and outputs, trained on an array for each. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/config/parse.ts";
import type { ResolvedModel } from "../../../../src/config/resolved.ts";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { type Run, run, series } from "./support.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-ends-"));
const samples = 24;

/** A number between −1 and 1, the same for the same place. */
const at = (k: number): number => Math.sin(12.9898 * (k + 1));
const array = (...shape: readonly number[]): unknown => {
  let k = shape.length;
  const make = ([n, ...rest]: readonly number[]): unknown =>
    n === undefined ? at(k++) : Array.from({ length: n }, () => make(rest));
  return make(shape);
};

beforeAll(async () => {
  await initBackend("cpu");
  const first = array(samples, 5, 2);
  const sums = (first as number[][][]).map((sample) => [sample.flat().reduce((a, b) => a + b, 0)]);
  const data = {
    sequence: first,
    // Zeros at the end, to be masked.
    words: Array.from({ length: samples }, (_, i) =>
      Array.from({ length: 4 }, (_, t) => (t > i % 3 ? 0 : 1 + (i % 4))),
    ),
    vector: array(samples, 3),
    sum: sums,
    kind: Array.from({ length: samples }, (_, i) => [i % 3]),
    tags: Array.from({ length: samples }, (_, i) => Array.from({ length: 4 }, (_, t) => [(i + t) % 2])),
  };
  fs.writeFileSync(path.join(folder, "data.json"), JSON.stringify(data));
});

afterAll(() => fs.rmSync(folder, { recursive: true }));

const file = (array: string) => ({ file: "data.json", array });
const dense = (name: string, inputs: readonly string[], units = 1, activation = "linear") => ({
  type: "dense",
  name,
  inputs,
  units,
  activation,
});

const twoBranches = [
  { type: "gru", name: "left", units: 3, inputs: ["sequence"] },
  dense("right", ["vector"], 4, "tanh"),
  { type: "concatenate", name: "both", inputs: ["left", "right"] },
];
const inputs = { vector: file("vector"), sequence: file("sequence") };

function model(parts: object, more: object = {}): ResolvedModel {
  const config = {
    training: { batchSize: 8, epochs: 2, metrics: [], ...more },
    models: { m: parts },
  };
  const parsed = parseConfig(JSON.stringify(config));
  expect(parsed.problems).toEqual([]);
  return parsed.config!.models[0]!;
}

const train = (of: ResolvedModel): Promise<Run> => run(of, { configPath: path.join(folder, "gradlens.json") });

describe("a saved model with several inputs", () => {
  const saved = path.relative(folder, path.join(__dirname, "../../../fixtures/engine/saved/graphs/seq2seq.keras"));
  const trained = (names: readonly [string, string], target: object) => {
    const [first, second] = names;
    const given = { [first]: file("source"), [second]: file("replies") };
    const loss = "sparseCategoricalCrossentropy";
    return train(model({ file: saved, data: { inputs: given, targets: target } }, { loss }));
  };
  beforeAll(() => {
    const tags = Array.from({ length: samples }, (_, i) => Array.from({ length: 4 }, (_, t) => [(i + t) % 2]));
    const data = { source: array(samples, 5, 3), replies: array(samples, 4, 2), tags };
    fs.writeFileSync(path.join(folder, "seq2seq.json"), JSON.stringify(data));
  });
  const file = (array: string) => ({ file: "seq2seq.json", array });

  it("trains on arrays that are named like its inputs, in any order", { tags: "thorough" }, async () => {
    const { outcome, info } = await trained(["decoder_inputs", "encoder_inputs"], file("tags"));
    // The arrays are exchanged: the decoder's has the shape of the encoder's.
    expect(outcome).toMatchObject({ kind: "refused" });
    expect(info).toBeNull();
    const right = await trained(["encoder_inputs", "decoder_inputs"], file("tags"));
    expect(right.outcome).toEqual({ kind: "completed" });
    expect(right.info?.layers.map(({ name }) => name)).toEqual(["encoder", "decoder", "out"]);
  });

  it("says which names its data need, at the data", async () => {
    const { outcome } = await trained(["source", "words"], file("tags"));
    expect(outcome).toMatchObject({
      kind: "refused",
      problems: [
        {
          message:
            "The model has the inputs encoder_inputs and decoder_inputs, but the data have the inputs source and words. Name those of the data alike.",
          path: ["models", "m", "data", "inputs"],
        },
      ],
    });
  });
});

describe("several inputs and outputs", () => {
  it("adds up the losses of the outputs by their weights, each as if it were the only one", {
    tags: "thorough",
  }, async () => {
    const two = await train(
      model(
        {
          inputs: ["sequence", "vector"],
          outputs: ["sum", "kind"],
          layers: [...twoBranches, dense("sum", ["both"]), dense("kind", ["both"], 3, "softmax")],
          data: { inputs, targets: { kind: file("kind"), sum: file("sum") }, test: 0.25 },
        },
        {
          loss: { kind: { type: "sparseCategoricalCrossentropy", weight: 0.5 }, sum: "meanSquaredError" },
          metrics: ["accuracy", "meanAbsoluteError"],
        },
      ),
    );
    expect(two.outcome).toEqual({ kind: "completed" });
    const metrics = two.info!.columns.flatMap(({ quantity, name }) => (quantity === "metric" ? [name] : []));
    expect(metrics).toEqual(["sum loss", "sum meanAbsoluteError", "kind loss", "kind accuracy"]);
    const losses = series(two, "loss");
    const [sums, kinds] = ["sum loss", "kind loss"].map((name) => series(two, "metric", null, name));
    for (const [i, loss] of losses.entries()) expect(loss).toBeCloseTo(sums![i]! + 0.5 * kinds![i]!, 5);
    const [test, testSum, testKind] = [
      series(two, "testLoss").at(-1)!,
      series(two, "testMetric", null, "sum loss").at(-1)!,
      series(two, "testMetric", null, "kind loss").at(-1)!,
    ];
    expect(test).toBeCloseTo(testSum + 0.5 * testKind, 5);

    const alone = async (name: string, loss: string, head: object): Promise<number> => {
      const one = await train(
        model(
          {
            inputs: ["sequence", "vector"],
            layers: [...twoBranches, head],
            data: { inputs, targets: file(name), test: 0.25 },
          },
          { loss },
        ),
      );
      expect(one.outcome).toEqual({ kind: "completed" });
      return series(one, "loss")[0]!;
    };
    expect(await alone("sum", "meanSquaredError", dense("sum", ["both"]))).toBeCloseTo(sums![0]!, 5);
    expect(await alone("kind", "sparseCategoricalCrossentropy", dense("kind", ["both"], 3, "softmax"))).toBeCloseTo(
      kinds![0]!,
      5,
    );
    // The variance of the sums, and half of what guessing one of three equal classes costs.
    const baseline = two.info!.baselineLoss!;
    expect(baseline).toBeGreaterThan(0.4);
    expect(two.info!.data?.inputs.columns.map(({ name }) => name)).toEqual([
      "sequence 0",
      "sequence 1",
      "vector 0",
      "vector 1",
      "vector 2",
    ]);
  });

  it("masks each output by what arrives there", async () => {
    const embedding = { type: "embedding", name: "look", inputs: ["words"], inputDim: 5, outputDim: 3, maskZero: true };
    const lstm = { type: "lstm", name: "tagger", units: 3, returnSequences: true };
    const head = { type: "timeDistributed", name: "tags", layer: { type: "dense", units: 1, activation: "sigmoid" } };
    const both = await train(
      model(
        {
          inputs: ["vector", "words"],
          outputs: ["sum", "tags"],
          layers: [dense("sum", ["vector"]), embedding, lstm, head],
          data: {
            inputs: { words: file("words"), vector: file("vector") },
            targets: { sum: file("sum"), tags: file("tags") },
          },
        },
        { loss: { sum: "meanSquaredError", tags: "binaryCrossentropy" } },
      ),
    );
    expect(both.outcome).toEqual({ kind: "completed" });
    const one = await train(
      model(
        {
          inputs: ["words"],
          layers: [embedding, lstm, head],
          data: { inputs: file("words"), targets: file("tags") },
        },
        { loss: "binaryCrossentropy" },
      ),
    );
    expect(series(both, "metric", null, "tags loss")[0]).toBeCloseTo(series(one, "loss")[0]!, 5);
  });

  it("keeps the softmax of an output that another layer takes", async () => {
    const trained = await train(
      model(
        {
          inputs: ["vector"],
          outputs: ["kind", "sum"],
          layers: [dense("kind", ["vector"], 3, "softmax"), dense("sum", ["kind"])],
          data: { inputs: file("vector"), targets: { kind: file("kind"), sum: file("sum") } },
        },
        { loss: { kind: "sparseCategoricalCrossentropy", sum: "meanSquaredError" } },
      ),
    );
    expect(trained.outcome).toEqual({ kind: "completed" });
    expect(series(trained, "activationMean", 0)[0]).toBeCloseTo(1 / 3, 5);
  });

  it("refuses targets that an output does not fit, at that output", async () => {
    const { outcome } = await train(
      model(
        {
          inputs: ["vector"],
          outputs: ["kind", "sum"],
          layers: [dense("kind", ["vector"], 2, "softmax"), dense("sum", ["vector"])],
          data: { inputs: file("vector"), targets: { kind: file("kind"), sum: file("sum") } },
        },
        { loss: { kind: "sparseCategoricalCrossentropy", sum: "meanSquaredError" } },
      ),
    );
    expect(outcome).toMatchObject({
      kind: "refused",
      problems: [{ path: ["models", "m", "layers", 0, "units"] }],
    });
  });

  it.each([
    [
      "an input without an array",
      { inputs: { a: file("vector"), b: file("vector") }, targets: file("sum") },
      {},
      "inputs",
    ],
    [
      "a loss without an output",
      { inputs, targets: file("sum") },
      { loss: { other: "meanSquaredError" } },
      "not an output",
    ],
    ["one array for two inputs", { inputs: file("vector"), targets: file("sum") }, {}, "one array of inputs"],
    ["a wrong loss", { inputs, targets: file("sum") }, { loss: { sum: "meanSquaredEror" } }, "meanSquaredError"],
  ])("refuses %s", (_, data, training, words) => {
    const layers = [...twoBranches, dense("sum", ["both"])];
    const text = JSON.stringify({ training, models: { m: { inputs: ["sequence", "vector"], layers, data } } });
    const { config, problems } = parseConfig(text);
    expect(config).toBeNull();
    expect(problems.map(({ message }) => message).join(" ")).toContain(words);
    expect(problems).toHaveLength(1);
  });
});
