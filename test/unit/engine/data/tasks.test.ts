import { describe, expect, test } from "vitest";
import type { Problem } from "../../../../src/config/problem.ts";
import type { TaskData } from "../../../../src/config/resolved.ts";
import { loadData } from "../../../../src/engine/data/loadData.ts";
import { budget } from "../../../budget.ts";
import { load } from "./load.ts";

const path = ["data"];

describe("the adding problem", () => {
  const data: TaskData = { kind: "task", task: "addingProblem", length: 11, samples: 3000, seed: 4, test: null };

  test("marks one timestep of each half; the target is the sum of the marked numbers", async () => {
    const { inputs, targets, inputShape, targetShape, requiredLag } = await load(data, "meanSquaredError");
    expect([inputShape, targetShape, requiredLag]).toEqual([[11, 2], [1], 10]);
    const marked = new Set<number>();
    for (let i = 0; i < budget(300, 3000); i++) {
      const at = (t: number, channel: number) => inputs[(i * 11 + t) * 2 + channel]!;
      const marks = Array.from({ length: 11 }, (_, t) => t).filter((t) => at(t, 1) !== 0);
      expect(marks.length).toBe(2);
      expect(marks[0]).toBeLessThan(5);
      expect(marks[1]).toBeGreaterThanOrEqual(5);
      expect(targets[i]).toBeCloseTo(at(marks[0]!, 0) + at(marks[1]!, 0), 6);
      for (const t of marks) marked.add(t);
    }
    expect(marked.size).toBe(11);
    expect(inputs.every((x) => x >= 0 && x <= 1)).toBe(true);
  });

  test("its baseline is the loss of answering 1", async () => {
    const { targets, baselineLoss } = await load(data, "meanSquaredError");
    expect(baselineLoss("meanSquaredError")).toBeCloseTo(1 / 6, 12);
    const measured = targets.reduce((sum, y) => sum + (y - 1) ** 2, 0) / targets.length;
    expect(Math.abs(measured - 1 / 6)).toBeLessThan(0.02);
    // E|y − 1| for the triangular distribution on [0, 2].
    expect(Math.abs(baselineLoss("meanAbsoluteError")! - 1 / 3)).toBeLessThan(0.02);
  });

  test("is the same for the same seed, and different for another", async () => {
    const a = await load(data, "meanSquaredError");
    const b = await load({ ...data, samples: 2999 }, "meanSquaredError");
    const c = await load({ ...data, seed: 5 }, "meanSquaredError");
    expect(b.inputs).toEqual(a.inputs.subarray(0, b.inputs.length));
    expect(c.inputs).not.toEqual(a.inputs);
  });

  test("accepts no loss for classes", async () => {
    const problems = await loadData(data, path, "/", {
      loss: "categoricalCrossentropy",
      path: ["models", "m", "training"],
    });
    expect(problems).toMatchObject([{ severity: "error", path: ["models", "m", "training", "loss"] }]);
  });
});

describe("copy memory", () => {
  const data: TaskData = {
    kind: "task",
    task: "copyMemory",
    length: 6,
    symbols: 3,
    alphabet: 4,
    samples: budget(400, 4000),
    seed: 2,
    test: null,
  };

  test("gives the symbols, blanks, a delimiter and blanks; the targets are the symbols at the end", async () => {
    const { inputs, targets, inputShape, targetShape, requiredLag, classes } = await load(
      data,
      "sparseCategoricalCrossentropy",
    );
    expect([inputShape, targetShape, requiredLag, classes]).toEqual([[12, 6], [12, 1], 9, 6]);
    for (let i = 0; i < data.samples; i++) {
      const symbols = Array.from({ length: 12 }, (_, t) => {
        const row = [...inputs.subarray((i * 12 + t) * 6, (i * 12 + t + 1) * 6)];
        expect(row.filter((v) => v === 1).length).toBe(1);
        expect(row.filter((v) => v === 0).length).toBe(5);
        return row.indexOf(1);
      });
      const [a, b, c] = symbols;
      expect(symbols).toEqual([a, b, c, 0, 0, 0, 0, 0, 5, 0, 0, 0]);
      expect([...targets.subarray(i * 12, i * 12 + 12)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c]);
      for (const s of [a!, b!, c!]) expect(s >= 1 && s <= 4).toBe(true);
    }
  });

  test("its baseline S·ln K / (L + 2S) is the cost of the best constant answers", async () => {
    const { baselineLoss, targets } = await load(data, "sparseCategoricalCrossentropy");
    const known = (3 * Math.log(4)) / 12;
    expect(baselineLoss("sparseCategoricalCrossentropy")).toBeCloseTo(known, 12);
    let cost = 0;
    targets.forEach((y, i) => {
      if (i % 12 >= 9) cost += Math.log(4);
      else expect(y).toBe(0);
    });
    expect(cost / targets.length).toBeCloseTo(known, 12);
  });

  test("writes classes one-hot for the categorical loss", async () => {
    const sparse = await load(data, "sparseCategoricalCrossentropy");
    const { targets, targetShape, classes, baselineLoss } = await load(data, "categoricalCrossentropy");
    expect([targetShape, classes]).toEqual([[12, 6], null]);
    sparse.targets.forEach((k, i) => {
      expect([...targets.subarray(i * 6, i * 6 + 6)]).toEqual([0, 1, 2, 3, 4, 5].map((j) => (j === k ? 1 : 0)));
    });
    expect(baselineLoss("categoricalCrossentropy")).toBeCloseTo((3 * Math.log(4)) / 12, 12);
  });
});

describe("temporal order", () => {
  const data: TaskData = {
    kind: "task",
    task: "temporalOrder",
    length: 30,
    samples: budget(400, 4000),
    seed: 2,
    test: null,
  };

  test("has A or B in [0.1 T, 0.2 T) and [0.5 T, 0.6 T), and their order as class", async () => {
    const { inputs, targets, inputShape, targetShape, requiredLag, classes, baselineLoss } = await load(
      data,
      "sparseCategoricalCrossentropy",
    );
    expect([inputShape, targetShape, requiredLag, classes]).toEqual([[30, 6], [1], 26, 4]);
    const places = new Set<number>();
    for (let i = 0; i < data.samples; i++) {
      const symbols = Array.from({ length: 30 }, (_, t) =>
        inputs.subarray((i * 30 + t) * 6, (i * 30 + t + 1) * 6).indexOf(1),
      );
      const at = symbols.flatMap((s, t) => (s < 2 ? [t] : []));
      expect(at.length).toBe(2);
      expect(at[0]! >= 3 && at[0]! < 6 && at[1]! >= 15 && at[1]! < 18).toBe(true);
      expect(targets[i]).toBe(2 * symbols[at[0]!]! + symbols[at[1]!]!);
      for (const t of at) places.add(t);
    }
    expect(places.size).toBe(6);
    expect(baselineLoss("sparseCategoricalCrossentropy")).toBeCloseTo(Math.log(4), 12);
  });
});

test("the samples kept for testing are the last ones, made like the others", async () => {
  const data: TaskData = { kind: "task", task: "temporalOrder", length: 30, samples: 50, seed: 2, test: null };
  for (const loss of ["sparseCategoricalCrossentropy", "categoricalCrossentropy"] as const) {
    const whole = await load(data, loss);
    const { samples, inputs, targets, test } = await load({ ...data, test: 0.1 }, loss);
    expect([samples, test?.samples, whole.test]).toEqual([45, 5, null]);
    expect([...inputs, ...test!.inputs]).toEqual([...whole.inputs]);
    expect([...targets, ...test!.targets]).toEqual([...whole.targets]);
  }
  const [problem] = (await loadData({ ...data, samples: 1, test: 0.5 }, path, "/", {
    loss: "sparseCategoricalCrossentropy",
    path: [],
  })) as Problem[];
  expect(problem).toMatchObject({ severity: "error", path: ["data", "test"] });
});

test.each([
  [{ kind: "task", task: "addingProblem", length: 100_000, samples: 10_000_000, seed: 1, test: null }, "samples"],
  [
    { kind: "task", task: "copyMemory", length: 1e9, symbols: 10, alphabet: 8, samples: 1, seed: 1, test: null },
    "length",
  ],
] as const)("absurd sizes are refused before anything is made: %o", async (data, key) => {
  const problems = await loadData(data, path, "/", { loss: "meanSquaredError", path: [] });
  expect(problems).toMatchObject([
    { severity: "error", path: ["data", key], message: expect.stringContaining("limit") },
  ]);
});
