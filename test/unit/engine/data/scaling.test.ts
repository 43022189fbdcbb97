/** The effect of `standardize` and `minMax` on tables and arrays. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { ArraysData, LossName, TableData } from "../../../../src/config/resolved.ts";
import { load } from "./load.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-scaling-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
let files = 0;
const mse: LossName = "meanSquaredError";

async function table(content: string, more: Partial<TableData>, loss = mse) {
  const file = `s${files++}.csv`;
  fs.writeFileSync(path.join(folder, file), content);
  const data: TableData = {
    kind: "table",
    file,
    inputs: ["a"],
    targets: ["b"],
    window: null,
    ahead: 0,
    standardize: false,
    minMax: false,
    classes: null,
    test: null,
    shuffle: false,
    ...more,
  };
  return await load(data, loss, folder);
}

async function arrays(inputs: unknown, targets: unknown, more: Partial<ArraysData>, loss = mse) {
  const file = `s${files++}.json`;
  fs.writeFileSync(path.join(folder, file), JSON.stringify({ inputs, targets }));
  const data: ArraysData = {
    kind: "arrays",
    inputs: { file, array: null },
    targets: { file, array: null },
    standardize: false,
    minMax: false,
    classes: null,
    test: null,
    shuffle: false,
    ...more,
  };
  return await load(data, loss, folder);
}

const close = (values: Float32Array | undefined, wanted: readonly number[]) => {
  expect(values).toHaveLength(wanted.length);
  wanted.forEach((v, i) => {
    expect(values?.[i]).toBeCloseTo(v, 5);
  });
};
const s = Math.sqrt(1.5);

describe("tables", () => {
  const csv = "a,b\n1,10\n2,30\n3,20\n";

  test("one side of two", async () => {
    const inputs = await table(csv, { standardize: "inputs" });
    close(inputs.inputs, [-s, 0, s]);
    close(inputs.targets, [10, 30, 20]);
    const targets = await table(csv, { standardize: "targets" });
    close(targets.inputs, [1, 2, 3]);
    close(targets.targets, [-s, s, 0]);
  });

  test("each side in its own way, also for a column on both sides", async () => {
    const data = await table(csv, { targets: ["a"], standardize: "inputs", minMax: "targets" });
    close(data.inputs, [-s, 0, s]);
    close(data.targets, [0, 0.5, 1]);
  });

  test("minMax with the bounds of the training rows", async () => {
    const data = await table("a,b\n0,1\n5,1\n10,2\n20,3\n", { minMax: true, test: 0.25 });
    close(data.inputs, [0, 0.5, 1]);
    close(data.test?.inputs, [2]);
    close(data.test?.targets, [2]);
    expect(data.warnings).toEqual([]);
  });

  test("the baseline is in the unit of the scaled targets", async () => {
    const data = await table(csv, { standardize: "targets" });
    expect(data.baselineLoss(mse)).toBeCloseTo(1, 5);
    expect((await table(csv, {})).baselineLoss(mse)).toBeCloseTo(200 / 3, 4);
  });

  test("classes are not scaled, and a warning says so if only they were to be", async () => {
    const classes = "a,b\n1,0\n2,2\n3,1\n";
    const data = await table(classes, { minMax: "targets" }, "sparseCategoricalCrossentropy");
    expect([...data.targets]).toEqual([0, 2, 1]);
    expect(data.warnings).toMatchObject([{ severity: "warning", path: ["data", "minMax"] }]);
    const both = await table(classes, { standardize: true }, "sparseCategoricalCrossentropy");
    expect([[...both.targets], both.warnings]).toEqual([[0, 2, 1], []]);
  });
});

describe("arrays", () => {
  test("each feature over samples and timesteps", async () => {
    const inputs = [
      [
        [1, 100],
        [3, 100],
      ],
      [
        [5, 300],
        [7, 300],
      ],
    ];
    const data = await arrays(inputs, [2, 4], { standardize: true });
    const d = Math.sqrt(5);
    close(data.inputs, [-3 / d, -1, -1 / d, -1, 1 / d, 1, 3 / d, 1]);
    close(data.targets, [-1, 1]);
    close((await arrays(inputs, [2, 4], { minMax: "inputs" })).inputs, [0, 0, 1 / 3, 0, 2 / 3, 1, 1, 1]);
  });

  test("images by channel, and samples with one number on their own", async () => {
    const image = (v: number) => [
      [[v], [v + 1]],
      [[v + 2], [v + 3]],
    ];
    close(
      (await arrays([image(0), image(4)], [0, 1], { minMax: "inputs" })).inputs,
      [...Array(8).keys()].map((i) => i / 7),
    );
    close((await arrays([3, 5], [0, 1], { minMax: true })).inputs, [0, 1]);
  });

  test("statistics of the training samples, also for the test samples", async () => {
    const data = await arrays([[0], [10], [20], [40]], [0, 1, 2, 4], { minMax: true, test: 0.25 });
    close(data.inputs, [0, 0.5, 1]);
    close(data.test?.inputs, [2]);
    close(data.test?.targets, [2]);
  });

  test("constant features become zeros, with one warning", async () => {
    const data = await arrays(
      [
        [7, 1, 9],
        [7, 2, 9],
      ],
      [0, 1],
      { standardize: "inputs" },
    );
    close(data.inputs, [0, -1, 0, 0, 1, 0]);
    expect(data.warnings).toMatchObject([
      { path: ["data", "inputs", "file"], message: expect.stringContaining("2 of the 3 features") },
    ]);
  });

  test("padding stays zeros and does not count", async () => {
    const pad = (values: readonly number[]) => [...values, ...Array(6 - values.length).fill(0)].map((v) => [v]);
    const inputs = [pad([41, 43]), pad([42]), pad([40, 44, 42])];
    const data = await arrays(inputs, [0, 1, 2], { standardize: "inputs" });
    const d = Math.sqrt(10 / 6);
    close(data.inputs, [-1 / d, 1 / d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -2 / d, 2 / d, 0, 0, 0, 0]);
    const before = await arrays(
      inputs.map((rows) => rows.toReversed()),
      [0, 1, 2],
      { minMax: "inputs" },
    );
    close(before.inputs.subarray(0, 6), [0, 0, 0, 0, 0.75, 0.25]);
  });

  test("zeros that are values are scaled like any other", async () => {
    const inputs = [[1], [0], [2], [0], [0], [1], [0], [3]].map(([v]) => [[v], [0], [4], [v], [0]]);
    const data = await arrays(
      inputs,
      inputs.map((_, i) => i),
      { minMax: "inputs" },
    );
    close(data.inputs.subarray(0, 5), [0.25, 0, 1, 0.25, 0]);
    const standardized = await arrays(
      inputs,
      inputs.map((_, i) => i),
      { standardize: "inputs" },
    );
    expect(standardized.inputs[1]).toBeLessThan(-0.5);
    expect(standardized.inputs[4]).toBe(standardized.inputs[1]);
  });

  test("neither classes nor shares are scaled", async () => {
    const data = await arrays([[1], [3]], [0, 1], { standardize: true }, "sparseCategoricalCrossentropy");
    expect([...data.targets]).toEqual([0, 1]);
    const shares = [
      [0, 1],
      [1, 0],
    ];
    expect([...(await arrays([[1], [3]], shares, { minMax: true }, "categoricalCrossentropy")).targets]).toEqual([
      0, 1, 1, 0,
    ]);
  });
});
