import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Problem } from "../../../../src/config/problem.ts";
import type { LossName, TableData } from "../../../../src/config/resolved.ts";
import type { Dataset } from "../../../../src/engine/data/dataset.ts";
import { loadData } from "../../../../src/engine/data/loadData.ts";
import { maxTextBytes } from "../../../../src/engine/formats/readFile.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-table-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
let files = 0;

async function load(
  content: string | Uint8Array | null,
  more: Partial<TableData> = {},
  loss: LossName = "meanSquaredError",
): Promise<Dataset | Problem[]> {
  const file = `t${files++}.csv`;
  if (content !== null) fs.writeFileSync(path.join(folder, file), content);
  const data: TableData = {
    kind: "table",
    file,
    inputs: ["a"],
    targets: ["b"],
    classes: null,
    window: null,
    ahead: 0,
    standardize: false,
    minMax: false,
    test: null,
    shuffle: false,
    ...more,
  };
  return await loadData(data, ["data"], folder, { loss, path: ["training"] });
}

async function sound(...args: Parameters<typeof load>): Promise<Dataset> {
  const result = await load(...args);
  if (Array.isArray(result)) throw new Error(result.map((p) => p.message).join("\n"));
  return result;
}

async function wrong(...args: Parameters<typeof load>): Promise<Problem[]> {
  const result = await load(...args);
  if (!Array.isArray(result)) throw new Error("it was loaded");
  for (const problem of result) expect(problem.severity).toBe("error");
  return result;
}

describe("a sound table", () => {
  const csv = "\ufeffa, b ,c\r\n1,10,100\r\n2,20,200\r\n\r\n3,30,300\r\n4,4e1,-.5\r\n";

  test("without a window each row is a sample", async () => {
    const data = await sound(csv, { inputs: ["c", "a"] });
    expect(data).toMatchObject({
      samples: 4,
      inputShape: [2],
      targetShape: [1],
      timesteps: null,
      features: 2,
      requiredLag: null,
    });
    expect([...data.inputs]).toEqual([100, 1, 200, 2, 300, 3, -0.5, 4]);
    expect([...data.targets]).toEqual([10, 20, 30, 40]);
  });

  test("with a window each sample is that many rows, and its target lies a horizon after the last", async () => {
    const data = await sound(csv, { inputs: ["a", "c"], window: 2, ahead: 1 });
    expect(data).toMatchObject({ samples: 2, inputShape: [2, 2], timesteps: 2 });
    expect([...data.inputs]).toEqual([1, 100, 2, 200, 2, 200, 3, 300]);
    expect([...data.targets]).toEqual([30, 40]);
    expect([...(await sound(csv, { window: 4, ahead: 0 })).targets]).toEqual([40]);
  });

  test("standardizes with the population's mean and deviation; a constant column is only centred, with a warning", async () => {
    const data = await sound("a,b,k\n1,5,7\n2,9,7\n3,7,7\n", { inputs: ["a", "k"], standardize: true });
    const s = Math.sqrt(1.5);
    [-s, 0, 0, 0, s, 0].forEach((x, i) => {
      expect(data.inputs[i]).toBeCloseTo(x, 6);
    });
    [-s, s, 0].forEach((x, i) => {
      expect(data.targets[i]).toBeCloseTo(x, 6);
    });
    expect(data.warnings).toMatchObject([
      { severity: "warning", path: ["data", "inputs", 1], message: expect.stringContaining('"k"') },
    ]);
    expect(data.baselineLoss("meanSquaredError")).toBeCloseTo(1, 6);
  });

  test("class targets are not scaled when the rest is standardized", async () => {
    const data = await sound("a,b\n1,0\n2,2\n3,1\n", { standardize: true }, "sparseCategoricalCrossentropy");
    expect([...data.targets]).toEqual([0, 2, 1]);
    expect(data.classes).toBe(3);
    expect(data.baselineLoss("sparseCategoricalCrossentropy")).toBeCloseTo(Math.log(3), 6);
  });

  test("is read again only when the file has changed", async () => {
    const file = path.join(folder, "kept.csv");
    const data: TableData = {
      kind: "table",
      file: "kept.csv",
      inputs: ["a"],
      targets: ["a"],
      classes: null,
      window: null,
      ahead: 0,
      standardize: false,
      minMax: false,
      test: null,
      shuffle: false,
    };
    const read = () => loadData(data, ["data"], folder, { loss: "meanSquaredError", path: [] });
    fs.writeFileSync(file, "a\n1\n");
    const first = await read();
    expect(await read()).toBe(first);
    fs.writeFileSync(file, "a\n1\n2\n");
    expect(await read()).toMatchObject({ samples: 2 });
  });
});

describe("samples kept for testing", () => {
  const rows = (n: number) => `a,b\n${Array.from({ length: n }, (_, i) => `${i},${100 + i}`).join("\n")}\n`;
  const test20 = { test: 0.2, shuffle: false } as const;

  test("are the last windows, and none of their rows, as input or target, is used for training", async () => {
    const data = await sound(rows(20), { ...test20, window: 3, ahead: 2, targets: ["a"] });
    // Rows 0 … 19 give 16 samples; the last 3 start at rows 13 to 15. A sample reaches 4 rows beyond its first.
    expect(data.test?.samples).toBe(3);
    expect([...data.test!.inputs]).toEqual([13, 14, 15, 14, 15, 16, 15, 16, 17]);
    expect([...data.test!.targets]).toEqual([17, 18, 19]);
    expect(data.samples).toBe(9);
    expect(Math.max(...data.inputs, ...data.targets)).toBe(12);
  });

  test("the statistics come from the rows before the first of them", async () => {
    const data = await sound(rows(20), { ...test20, window: 3, ahead: 2, targets: ["a"], standardize: true });
    // Rows 0 … 12: mean 6, variance (13² − 1) / 12.
    const scale = (row: number) => (row - 6) / Math.sqrt((13 ** 2 - 1) / 12);
    [13, 14, 15].forEach((row, i) => {
      expect(data.test!.inputs[i]).toBeCloseTo(scale(row), 5);
    });
    expect(data.test!.targets[2]).toBeCloseTo(scale(19), 5);
    expect(data.inputs[0]).toBeCloseTo(scale(0), 5);
  });

  test("a column that changes only among them is centred, with a warning", async () => {
    const data = await sound("a,b\n3,0\n3,1\n3,0\n5,1\n", { test: 0.25, standardize: true });
    expect([...data.inputs, ...data.test!.inputs]).toEqual([0, 0, 0, 2]);
    expect(data.warnings[0]!.message).toContain("to learn from");
  });

  test("single rows are drawn, always the same, each with its own target; false keeps the last ones", async () => {
    const drawn = await sound(rows(50), { test: 0.2, shuffle: true });
    const again = await sound(rows(50), { test: 0.2, shuffle: true });
    expect([drawn.samples, drawn.test?.samples]).toEqual([40, 10]);
    expect(new Set([...drawn.inputs, ...drawn.test!.inputs]).size).toBe(50);
    expect([...drawn.test!.targets]).toEqual([...drawn.test!.inputs].map((a) => a + 100));
    expect(drawn.test!.inputs).toEqual(again.test!.inputs);
    expect(Math.min(...drawn.test!.inputs)).toBeLessThan(40);
    const last = await sound(rows(50), test20);
    expect([...last.test!.inputs]).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49]);
  });

  test("classes that occur only in them count, and the baseline comes from the others", async () => {
    const data = await sound("a,b\n1,0\n2,1\n3,0\n4,1\n5,3\n", test20, "sparseCategoricalCrossentropy");
    expect(data.classes).toBe(4);
    expect(data.baselineLoss("sparseCategoricalCrossentropy")).toBeCloseTo(Math.log(2), 6);
  });

  test("too few samples to keep any are refused at the share", async () => {
    for (const more of [
      { ...test20, window: 4, ahead: 1 },
      { ...test20, window: 9, ahead: 0 },
    ])
      expect((await wrong(rows(9), more))[0]).toMatchObject({ path: ["data", "test"] });
  });
});

describe("faults of a table are reported at their places", () => {
  const cases: readonly [string, Parameters<typeof load>, readonly string[], Problem["path"]][] = [
    ["missing file", [null], ["There is no file", "t"], ["data", "file"]],
    ["a folder", [null, { file: "." }], ["folder"], ["data", "file"]],
    ["empty file", [""], ["empty"], ["data", "file"]],
    ["blank file", ["\n \n"], ["empty"], ["data", "file"]],
    ["header only", ["a,b\n"], ["no rows of data"], ["data", "file"]],
    ["ragged row", ["a,b\n1,2\n3\n4,5\n"], ["line 3", "1 cell,", "2"], ["data", "file"]],
    [
      "missing column",
      ["temp,b\n1,2\n", { inputs: ["tmep"] }],
      ['"tmep"', 'Did you mean "temp"'],
      ["data", "inputs", 0],
    ],
    ["missing target", ["a,c\n1,2\n"], ['"b"'], ["data", "targets", 0]],
    ["column twice", ["a,a,b\n1,2,3\n"], ["two columns"], ["data", "inputs", 0]],
    ["a word", ["a,b\n1,2\nx,3\n"], ["line 3", '"a"', '"x" is not a number'], ["data", "file"]],
    ["an empty cell", ["a,b\n1,2\n,3\n"], ["line 3", "without a value", "missing"], ["data", "inputs", 0]],
    ["NaN", ["a,b\nNaN,2\n"], ["line 2", "NaN"], ["data", "inputs", 0]],
    ["Infinity", ["a,b\n1,-inf\n"], ["line 2", '"b"', "infinite"], ["data", "file"]],
    ["beyond float32", ["a,b\n1,1e39\n"], ["line 2", "too large"], ["data", "file"]],
    ["beyond float64", ["a,b\n1,1e999\n"], ["line 2", "too large"], ["data", "file"]],
    ["an open quote", ['a,b\n1,"2\n3,4\n'], ["never closed"], ["data", "file"]],
    ["not UTF-8", [Uint8Array.from([97, 44, 98, 10, 49, 44, 0xff, 10])], ["UTF-8", "line 2"], ["data", "file"]],
    ["UTF-16", [Uint8Array.from([97, 0, 44, 0, 98, 0, 10, 0])], ["UTF-8"], ["data", "file"]],
    [
      "too few rows",
      ["a,b\n1,2\n3,4\n", { window: 5, ahead: 1 }],
      ["2 rows", "needs 6: a window of 5, a target 1 later", 'largest "window" that fits is 1'],
      ["data", "window"],
    ],
    ["too far ahead", ["a,b\n1,2\n3,4\n", { window: 1, ahead: 9 }], ["needs 10"], ["data", "horizon"]],
  ];
  test.each(cases)("%s", async (_, args, words, place) => {
    const [problem] = await wrong(...args);
    for (const word of words) expect(problem!.message).toContain(word);
    expect(problem!.path).toEqual(place);
    expect(problem!.message).not.toContain(folder);
  });

  test("a window that is longer than the series comes with a shorter one as a fix", async () => {
    const months = Array.from({ length: 36 }, (_, i) => `${i},${i}`).join("\n");
    const [problem] = await wrong(`a,b\n${months}\n`, { window: 48, ahead: 1, targetRows: 6 });
    expect(problem!.fixes!.map(({ edits }) => edits)).toEqual([[{ path: ["data", "window"], value: 15 }]]);
    const [far] = await wrong(`a,b\n${months}\n`, { window: 2, ahead: 40 });
    expect(far).toMatchObject({ path: ["data", "horizon"], message: expect.stringContaining('a smaller "horizon"') });
    expect(far!.fixes).toBeUndefined();
  });

  test("of many faults, the first are listed and the others counted", async () => {
    const problems = await wrong(`a,b\n${"x,1\n".repeat(50)}${"2,1\n".repeat(50)}`);
    expect(problems.length).toBe(4);
    expect(problems[3]!.message).toContain("47 more");
  });

  test("a file full of faults is not read to its end, and no cell is shown whole", async () => {
    const problems = await load(`a,b\n${"1\n".repeat(500_000)}`);
    if (!Array.isArray(problems)) throw new Error("no problems");
    expect(problems).toHaveLength(11);
    expect(problems.at(-1)!.message).toBe("… and 990 or more rows of another length.");
    const long = await load(`a,b\n1,${"9".repeat(1000)}\n`);
    if (!Array.isArray(long)) throw new Error("no problems");
    expect(long[0]!.message.length).toBeLessThan(150);
  });

  test("a file above the limit is not read", async () => {
    const file = path.join(folder, "huge.csv");
    fs.writeFileSync(file, "a,b\n1,2\n");
    fs.truncateSync(file, maxTextBytes + 1);
    expect((await wrong(null, { file: "huge.csv" }))[0]!.message).toContain("limit");
  });

  test("windows that would not fit into memory are refused", { tags: "thorough" }, async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `${i},1`).join("\n");
    const [problem] = await wrong(`a,b\n${rows}\n`, { window: 10_000 });
    expect(problem).toMatchObject({ path: ["data", "window"], message: expect.stringContaining("limit") });
  });
});

describe("targets that do not suit the loss are refused", () => {
  test.each([
    ["binaryCrossentropy", "a,b\n1,2\n", { targets: ["b"] }],
    ["sparseCategoricalCrossentropy", "a,b\n1,0.5\n", { targets: ["b"] }],
    ["sparseCategoricalCrossentropy", "a,b\n1,-1\n", { targets: ["b"] }],
    ["sparseCategoricalCrossentropy", "a,b\n1,1\n", { targets: ["a", "b"] }],
    ["categoricalCrossentropy", "a,b\n1,1\n", { targets: ["b"] }],
    ["categoricalCrossentropy", "a,b\n1,1\n", { targets: ["a", "b"] }],
  ] as const)("%s", async (loss, csv, more) => {
    const [problem] = await wrong(csv, more, loss);
    expect(problem!.path.slice(0, 2)).toEqual(["data", "targets"]);
    expect(problem!.message).toContain(loss);
  });
});
