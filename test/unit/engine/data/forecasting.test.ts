import { describe, expect, test } from "vitest";
import type { MackeyGlassForecastingData, SineForecastingData } from "../../../../src/config/resolved.ts";
import { mackeyGlassSeries } from "../../../../src/engine/data/tasks/mackeyGlass.ts";
import { load, refuse } from "./load.ts";

describe("sine forecasting", () => {
  const data: SineForecastingData = {
    kind: "task",
    task: "sineForecasting",
    length: 12,
    period: 7.5,
    ahead: 3,
    samples: 4000,
    seed: 2,
    test: null,
  };

  test("the inputs and the target, `horizon` later, obey the sine's recurrence", async () => {
    const { inputs, targets, inputShape, targetShape, requiredLag } = await load(data, "meanSquaredError");
    expect([inputShape, targetShape, requiredLag]).toEqual([[12, 1], [1], 1]);
    const c = 2 * Math.cos((2 * Math.PI) / 7.5);
    for (let i = 0; i < 4000; i += 37) {
      const x = [...inputs.subarray(i * 12, i * 12 + 12)];
      for (let t = 12; t < 15; t++) x.push(c * x[t - 1]! - x[t - 2]!);
      for (let t = 2; t < 12; t++) expect(x[t]).toBeCloseTo(c * x[t - 1]! - x[t - 2]!, 5);
      expect(targets[i]).toBeCloseTo(x[14]!, 5);
    }
  });

  test("answering 0 costs 1/2 as a square and 2/π as a distance", async () => {
    const { targets, baselineLoss } = await load(data, "meanSquaredError");
    const mean = (of: (y: number) => number) => targets.reduce((sum, y) => sum + of(y), 0) / targets.length;
    expect(baselineLoss("meanSquaredError")).toBe(0.5);
    expect(Math.abs(mean((y) => y * y) - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 8 / 4000));
    expect(baselineLoss("meanAbsoluteError")).toBeCloseTo(2 / Math.PI, 12);
    expect(Math.abs(mean(Math.abs) - 2 / Math.PI)).toBeLessThan(5 * Math.sqrt((1 / 2 - 4 / Math.PI ** 2) / 4000));
  });

  test("accepts no loss for classes", async () => {
    expect(await refuse(data, "sparseCategoricalCrossentropy")).toMatchObject([{ path: ["training", "loss"] }]);
  });
});

describe("the Mackey–Glass series", () => {
  test("solves a linear equation while the delayed value is constant", () => {
    for (const begin of [0.4, 0.7, 1.3]) {
      const series = mackeyGlassSeries(17, begin, 18);
      const limit = (2 * begin) / (1 + begin ** 10);
      series.forEach((x, t) => {
        expect(x).toBeCloseTo(limit + (begin - limit) * Math.exp(-0.1 * t), 6);
      });
    }
  });

  test("agrees with a higher-order solution after that", () => {
    const series = mackeyGlassSeries(17, 0.7, 201);
    // scipy's DOP853 (rtol 1e-11) with its dense output as the delayed value, one interval of length τ after another.
    const recorded: readonly (readonly [t: number, x: number])[] = [
      [18, 1.2559233709680198],
      [30, 0.9262383282992892],
      [34, 0.7214989077756413],
      [50, 0.8006362518297192],
      [68, 1.1105753561129792],
      [85, 1.0145118961477482],
      [100, 0.6640898410398149],
      [119, 1.2250285782938646],
      [150, 0.6449847792124221],
      [200, 0.6920803787675981],
    ];
    for (const [t, x] of recorded) expect(Math.abs(series[t]! - x), `x(${t})`).toBeLessThan(2e-4);
  });

  test("depends on its initial value, and does not repeat", () => {
    const a = mackeyGlassSeries(17, 0.7, 3000).subarray(1000);
    const b = mackeyGlassSeries(17, 0.7001, 3000).subarray(1000);
    const spread = Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));
    expect(spread).toBeGreaterThan(0.3);
    expect(Math.min(...a)).toBeGreaterThan(0.1);
    expect(Math.max(...a)).toBeLessThan(1.5);
  });
});

describe("Mackey–Glass forecasting", () => {
  const data: MackeyGlassForecastingData = {
    kind: "task",
    task: "mackeyGlassForecasting",
    length: 30,
    delay: 17,
    ahead: 6,
    samples: 500,
    seed: 1,
    test: null,
  };

  test("consists of windows of one series, one timestep apart, each with the value `horizon` after its last", async () => {
    const { inputs, targets, inputShape, requiredLag, samples } = await load(data, "meanSquaredError");
    expect([inputShape, requiredLag, samples]).toEqual([[30, 1], 17, 500]);
    for (let i = 1; i < 500; i++)
      expect(inputs.subarray(i * 30, i * 30 + 29)).toEqual(inputs.subarray((i - 1) * 30 + 1, i * 30));
    for (let i = 6; i < 500; i++) expect(targets[i - 6]).toBe(inputs[i * 30 + 29]);
    expect((await load({ ...data, length: 10 }, "meanSquaredError")).requiredLag).toBe(9);
  });

  test("the baseline is the variance of the targets", async () => {
    const { targets, baselineLoss } = await load(data, "meanSquaredError");
    const mean = targets.reduce((sum, y) => sum + y, 0) / 500;
    expect(baselineLoss("meanSquaredError")).toBeCloseTo(targets.reduce((sum, y) => sum + (y - mean) ** 2, 0) / 500, 9);
    expect(baselineLoss("meanSquaredError")).toBeGreaterThan(0.03);
    expect(baselineLoss("meanSquaredError")).toBeLessThan(0.08);
  });

  test("windows kept for testing share no value with the training windows", async () => {
    const whole = await load(data, "meanSquaredError");
    const { samples, inputs, targets, test: kept } = await load({ ...data, test: 0.2 }, "meanSquaredError");
    expect([samples, kept?.samples]).toEqual([400 - 35, 100]);
    expect(kept!.inputs).toEqual(whole.inputs.subarray(400 * 30));
    const known = new Set([...inputs, ...targets]);
    expect(known.has(kept!.inputs[0]!)).toBe(false);
    expect(targets.at(-1)).toBe(whole.inputs[399 * 30]);
  });
});
