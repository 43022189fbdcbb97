import { describe, expect, test } from "vitest";
import { leakageWarnings } from "../../../../src/engine/data/leakage.ts";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { loadTable } from "./tableFile.ts";

const random = createRandom(5);
const drawn = {
  test: 0.2,
  shuffle: true,
  at: ["data"],
  loss: "meanSquaredError",
  inputShape: [5, 2],
  file: "x.npy",
  timed: false,
} as const;
const noise = (count: number) => Float32Array.from({ length: count }, () => random.normal());

/** Windows of 5 rows of 2 numbers, each so many rows after the one before. */
function windows(samples: number, stride: number): Float32Array {
  const series = noise(2 * (5 + stride * samples));
  const values = new Float32Array(samples * 10);
  for (let i = 0; i < samples; i++) values.set(series.subarray(2 * i * stride, 2 * i * stride + 10), i * 10);
  return values;
}

describe("test samples drawn at random", () => {
  test.each([1, 2])("among overlapping windows, %s rows apart, are warned of", (stride) => {
    const all = { samples: 60, inputs: windows(60, stride), targets: noise(60) };
    const [warning, ...more] = leakageWarnings(all, drawn);
    expect(warning).toMatchObject({ severity: "warning", path: ["data", "test"] });
    expect(warning!.message).toContain("overlap");
    expect(warning!.fixes![0]!.edits).toEqual([{ path: ["data", "shuffle"], value: false }]);
    expect(more).toEqual([]);
    expect(leakageWarnings(all, { ...drawn, shuffle: false })).toEqual([]);
    expect(leakageWarnings(all, { ...drawn, test: null })).toEqual([]);
  });

  test("among other sequences, or padding, are not", () => {
    const targets = noise(60);
    expect(leakageWarnings({ samples: 60, inputs: windows(60, 5), targets }, drawn)).toEqual([]);
    expect(leakageWarnings({ samples: 60, inputs: new Float32Array(600), targets }, drawn)).toEqual([]);
  });

  test("among rows of a series are warned of, among sorted or independent ones not", () => {
    const rows = { ...drawn, inputShape: [2] };
    const walk = (count: number, width: number) => {
      const values = noise(count * width);
      for (let i = width; i < values.length; i++) values[i]! += values[i - width]!;
      return values;
    };
    const series = { samples: 400, inputs: walk(400, 2), targets: walk(400, 1) };
    expect(leakageWarnings(series, rows)[0]!.message).toContain("as in a time series");
    expect(leakageWarnings({ ...series, inputs: noise(800) }, rows)).toEqual([]);
    const sorted = { samples: 400, inputs: noise(800), targets: noise(400).sort() };
    for (let i = 0; i < 400; i++) sorted.inputs[2 * i] = i;
    expect(leakageWarnings(sorted, rows)).toEqual([]);
    expect(leakageWarnings(series, { ...rows, loss: "binaryCrossentropy" })).toEqual([]);
  });

  test("among rows with dates in a table are warned of", async () => {
    const lines = Array.from({ length: 30 }, (_, i) => `2020-01-${String(i + 1).padStart(2, "0")},${i % 7},${i % 5}`);
    const { problems } = await loadTable(`Date,a,b\n${lines.join("\n")}\n`, { test: 0.2, shuffle: true });
    expect(problems).toMatchObject([
      {
        severity: "warning",
        path: ["data", "test"],
        message: expect.stringContaining("in the order of time"),
        fixes: [{ edits: [{ path: ["data", "shuffle"], value: false }] }],
      },
    ]);
  });
});
