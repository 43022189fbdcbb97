/** Weights of samples and timesteps, from arrays and tables. */

import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { ArraysData, TableData } from "../../../../src/config/resolved.ts";
import { useBackend } from "../instrument/backends.ts";
import { entries, resolved, run, series } from "../training/support.ts";
import { load, refuse } from "./load.ts";

const base = resolved([]);
const still = { type: "sgd", learningRate: 1e-30 } as const;

async function folderOf(files: { readonly [name: string]: unknown }): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "gradlens-"));
  for (const [name, content] of Object.entries(files))
    await writeFile(path.join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return folder;
}

const arrays: ArraysData = {
  kind: "arrays",
  inputs: { file: "x.json", array: null },
  targets: { file: "y.json", array: null },
  weights: { file: "w.json", array: null },
  standardize: false,
  minMax: false,
  classes: null,
  test: null,
  shuffle: false,
};

const table: TableData = {
  kind: "table",
  file: "t.csv",
  inputs: ["x"],
  targets: ["y"],
  weights: "w",
  window: 2,
  ahead: 1,
  standardize: false,
  minMax: false,
  classes: null,
  test: null,
  shuffle: false,
};

const x = [
  [[1], [2]],
  [[3], [4]],
  [[5], [6]],
  [[7], [8]],
];
/** A net that always answers 0. */
const zero = (returnSequences: boolean) =>
  entries([
    ["lstm", { units: 2, returnSequences }],
    ["dense", { units: 1, kernelInitializer: "zeros" }],
  ]);
const train = (folder: string, data: ArraysData | TableData, returnSequences: boolean) =>
  run(
    resolved(zero(returnSequences), {
      data,
      training: { ...base.training, optimizer: still, batchSize: 2, length: { epochs: 1 } },
    }),
    { configPath: path.join(folder, "gradlens.json") },
  );

describe("weights", () => {
  beforeAll(() => useBackend("wasm"));

  it("of samples: Σ w·l / n, in training and test", async () => {
    const folder = await folderOf({ "x.json": x, "y.json": [[1], [2], [3], [4]], "w.json": [1, 2, 0.5, 3] });
    const result = await train(folder, { ...arrays, test: 0.5 }, false);
    expect(series(result, "loss")[0]).toBeCloseTo((1 * 1 + 2 * 4) / 2, 4);
    expect(series(result, "testLoss")[0]).toBeCloseTo((0.5 * 9 + 3 * 16) / 2, 4);
    // The best constant is (1 + 4) / 3.
    expect(result.info!.baselineLoss).toBeCloseTo(((1 - 5 / 3) ** 2 + 2 * (2 - 5 / 3) ** 2) / 2, 6);
  });

  it("of timesteps", async () => {
    const y = x.map((_, i) => [[i], [10 * i]]);
    const folder = await folderOf({
      "x.json": x.slice(0, 2),
      "y.json": y.slice(0, 2),
      "w.json": [
        [5, 0],
        [2, 0.5],
      ],
    });
    const result = await train(folder, arrays, true);
    expect(series(result, "loss")[0]).toBeCloseTo((2 * 1 + 0.5 * 100) / 4, 4);
  });

  it("of a table's rows: the weight in the target's row", async () => {
    const rows = ["x,y,w", "1,1,9", "2,2,9", "3,3,1", "4,4,2", "5,5,0.5"];
    const folder = await folderOf({ "t.csv": rows.join("\n") });
    const { weights } = await load(table, "meanSquaredError", folder);
    expect(weights).toEqual(Float32Array.of(1, 2, 0.5));
    const result = await train(folder, { ...table }, false);
    expect(result.outcome).toEqual({ kind: "completed" });
    const rest = await load({ ...table, weights: undefined }, "meanSquaredError", folder);
    expect(rest.weights).toBeUndefined();
  });

  it.each([
    ["too few", [1, 2, 3], /one weight per sample, \(4\)\.$/],
    [
      "of another shape",
      [
        [1, 2],
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      /its shape is \(4, 2\)/,
    ],
    ["negative", [1, -2, 1, 1], /at least 0, but there is -2/],
    ["nothing", [0, 0, 0, 0], /all weights are 0/],
  ])("that are %s are refused at their file", async (_, w, message) => {
    const folder = await folderOf({ "x.json": x, "y.json": [[1], [2], [3], [4]], "w.json": w });
    const problems = await refuse(arrays, "meanSquaredError", folder);
    expect(problems).toMatchObject([{ path: ["data", "weights", "file"], message: expect.stringMatching(message) }]);
  });

  it("in a missing column, or negative, are refused at the column's name", async () => {
    const folder = await folderOf({ "t.csv": "x,y,w\n1,1,1\n2,2,1\n3,3,-1\n4,4,1" });
    expect(await refuse(table, "meanSquaredError", folder)).toMatchObject([{ path: ["data", "weights"] }]);
    expect(await refuse({ ...table, weights: "weight" }, "meanSquaredError", folder)).toMatchObject([
      { path: ["data", "weights"] },
    ]);
  });
});
