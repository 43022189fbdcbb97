/** Labels that are not class indices: the message about them, and the list that turns them into indices. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { DataConfig, LossName } from "../../../../src/config/resolved.ts";
import { load, refuse } from "./load.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-labels-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
let files = 0;

function write(content: string, kind: string): string {
  const name = `f${files++}.${kind}`;
  fs.writeFileSync(path.join(folder, name), content);
  return name;
}

type Labels = readonly number[];

/** The same labels as an array and as a column. */
const kinds: readonly [string, (labels: Labels, classes?: Labels | null) => DataConfig][] = [
  [
    "arrays",
    (labels, classes = null) => ({
      kind: "arrays",
      inputs: { file: write(JSON.stringify(labels.map((_, i) => [i])), "json"), array: null },
      targets: { file: write(JSON.stringify(labels), "json"), array: null },
      standardize: false,
      minMax: false,
      classes,
      test: null,
      shuffle: true,
    }),
  ],
  [
    "a table",
    (labels, classes = null) => ({
      kind: "table",
      file: write(`a,b\n${labels.map((label, i) => `${i},${label}\n`).join("")}`, "csv"),
      inputs: ["a"],
      targets: ["b"],
      classes,
      window: null,
      ahead: 0,
      standardize: false,
      minMax: false,
      test: null,
      shuffle: true,
    }),
  ],
];

const binary = "binaryCrossentropy";
const sparse = "sparseCategoricalCrossentropy";

describe.each(kinds)("of %s", (_, data) => {
  const said = async (labels: Labels, loss: LossName, classes: Labels | null = null) =>
    (await refuse(data(labels, classes), loss, folder))[0];

  test.each([
    [binary, [-1, 1, 1], /the labels 0 and 1, but these are -1 and 1/],
    [sparse, [-1, 1, 1], /class indices, from 0 to 1 for 2 labels, but there is -1/],
    [binary, [1, 2, 1], /the labels 0 and 1, but these are 1 and 2/],
    [sparse, [3, -4, 9], /from 0 to 2 for 3 labels/],
  ] as const)("%s: two or more labels that are not indices are listed, %o", async (loss, labels, words) => {
    const problem = await said(labels, loss);
    expect(problem?.message).toMatch(words);
    expect(problem?.message).not.toContain("99999");
    expect(problem?.path.slice(0, 2)).toEqual(["data", "targets"]);
    const listed = [...new Set(labels)].sort((a, b) => a - b);
    expect(problem?.fixes).toMatchObject([{ id: "classes", edits: [{ path: ["data", "classes"], value: listed }] }]);
  });

  test.each([
    [binary, [0, 3, 1], sparse],
    [binary, [0.5, 7.25, 1], "meanSquaredError"],
    [sparse, [0.5, 1, 2], "meanSquaredError"],
    ["categoricalCrossentropy", [0, 1, 2], sparse],
    ["categoricalCrossentropy", [0, 1, 1], binary],
  ] as const)("%s: names the loss that suits %o", async (loss, labels, right) => {
    const problem = await said(labels, loss);
    expect(problem?.message).toContain(right);
    expect(problem?.fixes).toMatchObject([{ edits: [{ path: ["training", "loss"], value: right }] }]);
  });

  test.each([
    [binary, [-1, 1, 1], [-1, 1], [0, 1, 1], null],
    [sparse, [-1, 1, 1], [-1, 1], [0, 1, 1], 2],
    [sparse, [1, 7, 3], [1, 2, 3, 4, 5, 6, 7], [0, 6, 2], 7],
    [sparse, [30, 10, 20], [20, 10, 30], [2, 1, 0], 3],
  ] as const)("%s: listed labels count from 0 in their order, %o as %o", async (...args) => {
    const [loss, labels, classes, indices, count] = args;
    const loaded = await load(data(labels, classes), loss, folder);
    expect([...loaded.targets].slice(0, 3)).toEqual(indices);
    expect(loaded.classes).toBe(count);
  });

  test("reports a label that is not listed, and lists that the loss cannot use", async () => {
    const unlisted = await said([1, 2, 9], sparse, [1, 2]);
    expect(unlisted?.message).toMatch(/the label 9/);
    expect(unlisted?.fixes).toMatchObject([{ edits: [{ value: [1, 2, 9] }] }]);
    for (const [loss, right] of [
      [binary, /lists 3/],
      ["meanSquaredError", /takes none/],
      ["categoricalCrossentropy", /takes none/],
    ] as const) {
      const problem = await said([1, 2, 3], loss, [1, 2, 3]);
      expect(problem).toMatchObject({ path: ["data", "classes"], message: expect.stringMatching(right) });
      expect(problem?.fixes).toHaveLength(1);
    }
  });

  test("very many labels are not listed", async () => {
    const problem = await said(
      Array.from({ length: 300 }, (_, i) => i - 1),
      sparse,
    );
    expect(problem?.fixes).toEqual([]);
  });
});
