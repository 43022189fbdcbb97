/** The figures that are measured when data are loaded. */

import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../../src/config/parse.ts";
import type { LayerEntry } from "../../../../src/config/resolved.ts";
import type { Dataset } from "../../../../src/engine/data/dataset.ts";
import { partFacts } from "../../../../src/engine/data/facts/columnFacts.ts";
import { dataFacts } from "../../../../src/engine/data/facts/dataFacts.ts";
import { inputReading } from "../../../../src/engine/data/facts/inputReading.ts";
import { findPadding } from "../../../../src/engine/data/facts/padding.ts";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { loadTable } from "./tableFile.ts";

const lossOf = () => ({ loss: "meanSquaredError", fromLogits: false }) as const;

const rows = (...values: (readonly number[])[]) => Float32Array.from(values.flat());

describe("columns", () => {
  test("mean, deviation, extremes, whether whole, names", async () => {
    const { columns, overall } = await partFacts(rows([1, 0.5], [3, -0.5], [5, 0]), 2, ["a", "b"]);
    expect(columns[0]).toMatchObject({ name: "a", mean: 3, min: 1, max: 5, whole: true, duplicateOf: null });
    expect(columns[0]?.deviation).toBeCloseTo(Math.sqrt(8 / 3), 6);
    expect(columns[1]).toMatchObject({ name: "b", mean: 0, min: -0.5, max: 0.5, whole: false });
    expect(overall).toMatchObject({ name: null, mean: 1.5, min: -0.5, max: 5 });
  });

  test("a constant column has a deviation of exactly 0, whatever its value", async () => {
    const { columns } = await partFacts(new Float32Array(1000).fill(0.1), 1, null);
    expect(columns[0]).toMatchObject({ deviation: 0, outliers: 0 });
  });

  test("duplicate columns name the first of them; columns that only share the figures do not", async () => {
    const { columns } = await partFacts(rows([1, 2, 1, 1], [2, 1, 2, 2], [3, 3, 3, 3]), 4, null);
    expect(columns.map((c) => c.duplicateOf)).toEqual([null, null, 0, 0]);
  });

  test("outliers are counted exactly, also if the quartiles come from a part of the values", async () => {
    const random = createRandom(1);
    const values = Float32Array.from({ length: 100_000 }, () => random.normal());
    expect((await partFacts(values, 1, null)).overall.outliers).toBe(0);
    for (const i of [5, 777, 99_999]) values[i] = 1e4;
    expect((await partFacts(values, 1, null)).overall.outliers).toBeCloseTo(3 / 100_000, 9);
  });

  test("a column with mostly one value has no scale by which others could be outliers", async () => {
    const values = new Float32Array(1000);
    values[3] = 1;
    expect((await partFacts(values, 1, null)).overall).toMatchObject({ outliers: 0, max: 1 });
  });

  test("values that are not finite do not count", async () => {
    const { overall } = await partFacts(rows([1], [Number.NaN], [3], [Number.POSITIVE_INFINITY]), 1, null);
    expect(overall).toMatchObject({ mean: 2, deviation: 1, min: 1, max: 3 });
  });

  test("of values in many pieces, each counts once", async () => {
    // Not a whole number of pieces; the values of column c are c, c + 3, … c + 12, equally often.
    const values = Float32Array.from({ length: 3 * 750_000 }, (_, i) => i % 15);
    const { columns, overall } = await partFacts(values, 3, null);
    expect(overall).toMatchObject({ mean: 7, min: 0, max: 14, outliers: 0 });
    expect(overall.deviation).toBeCloseTo(Math.sqrt(224 / 12), 9);
    expect(columns.map(({ mean, min, max }) => [mean, min, max])).toEqual([
      [6, 0, 12],
      [7, 1, 13],
      [8, 2, 14],
    ]);
  });

  test("of many columns, the first are reported one by one, and the totals include all", async () => {
    const wide = Float32Array.from({ length: 300 }, (_, i) => i % 100);
    const { columns, overall } = await partFacts(wide, 100, null);
    expect([columns.length, overall.max]).toEqual([64, 99]);
    expect(columns.every((c) => c.duplicateOf === null && c.deviation === 0)).toBe(true);
  });
});

describe("padding", () => {
  const sequences = (samples: readonly (readonly number[])[], features = 1) => ({
    values: Float32Array.from(samples.flat()),
    samples: samples.length,
    timesteps: samples[0]!.length / features,
    features,
  });
  const pad = (length: number, value = 1) => [...Array(length).fill(value), ...Array(10 - length).fill(0)];

  test("rows of zeros at the end, in different amounts", () => {
    expect(findPadding(sequences([pad(3), pad(6), pad(4)]))).toEqual({ at: "end", share: 17 / 30, longest: 6 });
  });

  test("the same at the start", () => {
    const samples = [pad(3), pad(6), pad(4)].map((s) => s.toReversed());
    expect(findPadding(sequences(samples))).toEqual({ at: "start", share: 17 / 30, longest: 6 });
  });

  test("a row is padding only if all its features are zeros", () => {
    const samples = [
      [1, 2, 0, 3, 0, 0],
      [0, 1, 0, 0, 0, 0],
    ];
    expect(findPadding(sequences(samples, 2))).toEqual({ at: "end", share: 0.5, longest: 2 });
  });

  test("all-zero samples count, and do not hide on which side the others are padded", () => {
    expect(findPadding(sequences([pad(0), pad(6), pad(4)]))).toEqual({ at: "end", share: 20 / 30, longest: 6 });
  });

  test.each([
    ["zeros in the same amount everywhere", [pad(4), pad(4), pad(4)]],
    ["full samples", [pad(10), pad(10)]],
    ["images with dark borders", [3, 4, 3].map((n) => [...Array(n).fill(0), 1, 1, 1, ...Array(7 - n).fill(0)])],
    ["nothing but zeros", [pad(0), pad(0)]],
  ])("%s are not padding", (_, samples) => {
    expect(findPadding(sequences(samples))).toBeNull();
  });

  test.each([0.05, 0.3, 0.5, 0.9])("values that are zero with probability %s are not padding", (chance) => {
    const random = createRandom(7);
    const samples = Array.from({ length: 200 }, () =>
      Array.from({ length: 10 }, () => (random.uniform() < chance ? 0 : 1)),
    );
    expect(findPadding(sequences(samples))).toBeNull();
  });

  test("windows of one series are not padded, even if it begins or ends with zeros", () => {
    const random = createRandom(3);
    const series = Array.from({ length: 60 }, (_, i) => (i < 2 ? 0 : random.uniform()));
    const windows = Array.from({ length: 51 }, (_, i) => series.slice(i, i + 10));
    expect(findPadding(sequences(windows))).toBeNull();
    expect(findPadding(sequences(windows.filter((_, i) => i % 5 !== 2)))).toBeNull();
    expect(findPadding(sequences(windows.map((each) => each.toReversed()).toReversed()))).toBeNull();
  });

  test("windows of a table are not padded, however short they are", async () => {
    const file = await loadTable(`a,b\n${Array.from({ length: 30 }, (_, i) => `${i},${i}`).join("\n")}\n`, {
      window: 2,
    });
    const facts = await dataFacts(file.data!, entries('{ "type": "simpleRNN", "units": 2 }'), lossOf);
    expect(facts.padding).toBeNull();
  });

  test("only the requested samples are used", () => {
    const all = sequences([pad(3), pad(10), pad(6), pad(10)]);
    expect(findPadding(all, Uint32Array.of(1, 3))).toBeNull();
    expect(findPadding(all, Uint32Array.of(0, 2))).toMatchObject({ longest: 6 });
  });
});

function entries(layers: string): readonly LayerEntry[] {
  const { config, problems } = parseConfig(
    `{ "data": { "task": "parity" }, "models": { "m": { "layers": [${layers}] } } }`,
  );
  expect(problems.filter((p) => p.severity === "error")).toEqual([]);
  return config?.models[0]?.layers ?? [];
}

describe("how a net reads its inputs", () => {
  const lstm = '{ "type": "lstm", "units": 2 }';
  const embedding = '{ "type": "embedding", "inputDim": 9, "outputDim": 2 }';
  test.each([
    [lstm, { as: "values", scale: 1, offset: 0, masksZeros: false }],
    [`{ "type": "masking" }, ${lstm}`, { as: "values", masksZeros: true }],
    [`{ "type": "masking", "maskValue": -1 }, ${lstm}`, { masksZeros: false }],
    [`{ "type": "batchNormalization" }, { "type": "masking" }, ${lstm}`, { as: "normalized", masksZeros: false }],
    [`{ "type": "masking" }, { "type": "batchNormalization" }, ${lstm}`, { as: "normalized", masksZeros: true }],
    [`${embedding}, ${lstm}`, { as: "indices", masksZeros: false }],
    ['{ "type": "embedding", "inputDim": 9, "outputDim": 2, "maskZero": true }', { as: "indices", masksZeros: true }],
    [
      `{ "type": "rescaling", "scale": 0.5, "offset": -1 }, { "type": "rescaling", "scale": 2 }, ${lstm}`,
      { as: "values", scale: 1, offset: -2 },
    ],
    [
      `{ "type": "rescaling", "scale": 2, "offset": 3 }, { "type": "masking" }, ${lstm}`,
      { offset: 3, masksZeros: false },
    ],
    ['{ "type": "timeDistributed", "layer": { "type": "layerNormalization" } }', { as: "normalized" }],
    [
      '{ "type": "batchNormalization", "name": "a" }, { "type": "dense", "units": 1, "inputs": ["input"], "name": "b" }, { "type": "add", "inputs": ["a", "b"] }',
      { as: "values" },
    ],
  ])("%s", (layers, reading) => {
    expect(inputReading(entries(layers))).toMatchObject(reading);
  });
});

describe("of a data set", () => {
  const dataset = (more: Partial<Dataset>): Dataset => ({
    samples: 2,
    inputs: Float32Array.of(5, 6, 0, 7, 0, 0),
    targets: Float32Array.of(2, 0),
    test: null,
    inputShape: [3],
    targetShape: [1],
    features: 3,
    timesteps: null,
    classes: 3,
    requiredLag: null,
    baselineLoss: () => null,
    warnings: [],
    ...more,
  });

  test("indices are padded by timestep, and masked by maskZero", async () => {
    const data = dataset({});
    expect(await dataFacts(data, entries('{ "type": "dense", "units": 1 }'), lossOf)).toMatchObject({
      padding: null,
      classes: [0, 2],
      samples: 2,
      reading: { as: "values" },
    });
    const embedding = (mask: boolean) =>
      entries(`{ "type": "embedding", "inputDim": 9, "outputDim": 2, "maskZero": ${mask} }`);
    const padding = { at: "end", share: 0.5, longest: 2 };
    expect((await dataFacts(data, embedding(false), lossOf)).padding).toEqual({ ...padding, masked: false });
    expect((await dataFacts(data, embedding(true), lossOf)).padding).toEqual({ ...padding, masked: true });
  });

  test("images have no padding", async () => {
    const image = dataset({ inputShape: [3, 1, 1], features: 1 });
    expect((await dataFacts(image, entries('{ "type": "flatten" }'), lossOf)).padding).toBeNull();
    const sequence = dataset({ inputShape: [3, 1], features: 1 });
    expect((await dataFacts(sequence, entries('{ "type": "flatten" }'), lossOf)).padding).toMatchObject({ share: 0.5 });
  });

  test("columns have the table's names", async () => {
    const named = dataset({ columns: { inputs: ["x", "y", "z"], targets: ["t"] } });
    const { inputs, targets } = await dataFacts(named, [], lossOf);
    expect([...inputs.columns, ...targets.columns].map((c) => c.name)).toEqual(["x", "y", "z", "t"]);
    expect(inputs.columns[0]).toMatchObject({ mean: 6, deviation: 1 });
  });
});
