import { describe, expect, it } from "vitest";
import type { LossName } from "../../../../../src/config/resolved.ts";
import type { Dataset } from "../../../../../src/engine/data/dataset.ts";
import { estimateLag } from "../../../../../src/engine/data/lag/estimateLag.ts";
import { sureEnough } from "../../../../../src/engine/training/requiredLag.ts";
import type { LagEstimate } from "../../../../../src/protocol/dataFacts.ts";
import { sampled } from "../../../../budget.ts";
import { adding, autoregression, datasetOf, everywhere, sequences, tokens, windows } from "./sequences.ts";

function estimate(
  dataset: Dataset,
  loss: LossName = dataset.classes === null ? "meanSquaredError" : "sparseCategoricalCrossentropy",
  masked = false,
  bothWays = false,
): Promise<LagEstimate | null> {
  const [timesteps = 1, width = 1] = dataset.inputShape;
  return estimateLag(dataset, {
    axis: { timesteps, width },
    loss,
    masked,
    named: dataset.inputShape.length === 1,
    bothWays,
  });
}

const normal = (random: { normal(): number }) => random.normal();

describe("the lag of a series", () => {
  it.each(sampled([0.2, 0.32, 0.9], 3, 1))(
    "is 0 if the next value depends only on the last one, with φ = %d",
    async (phi) => {
      const found = await estimate(windows(autoregression(2000, { 1: phi }, 3), 96));
      expect(found?.lag).toBe(0);
      expect(found?.confidence).toBeGreaterThan(sureEnough);
      expect(found?.explained).toBeCloseTo(phi ** 2, 1);
      // Best possible loss relative to the variance: 1 − φ².
      expect(found?.achievable).toBeGreaterThan(1 - phi ** 2 - 0.05);
      expect(found?.achievable).toBeLessThan(1 - phi ** 2 + 0.05);
    },
  );

  it("is 2 if it depends on the last three", { tags: "long" }, async () => {
    const found = await estimate(windows(autoregression(2000, { 1: 0.5, 2: -0.3, 3: 0.3 }, 4), 96));
    expect(found).toMatchObject({ lag: 2, method: "partial-autocorrelation" });
    expect(found?.confidence).toBeGreaterThan(sureEnough);
  });

  it("is the season's length if last season's value matters", { tags: "long" }, async () => {
    const found = await estimate(windows(autoregression(2000, { 24: 0.9 }, 5), 96));
    expect(found?.lag).toBe(23);
    expect(found?.confidence).toBeGreaterThan(sureEnough);
  });

  it("does not depend on the scale of the values", { tags: "long" }, async () => {
    const walk = autoregression(1200, { 1: 1 }, 6).map((v) => 150_000 + 800 * v);
    expect((await estimate(windows(walk, 60)))?.lag).toBe(0);
  });

  it("of a noisy sine wave covers the values needed to average the noise out, with confidence", {
    tags: "thorough",
  }, async () => {
    const noise = autoregression(2000, {}, 7);
    const found = await estimate(
      windows(
        noise.map((e, t) => Math.sin((2 * Math.PI * t) / 24) + 0.3 * e),
        96,
      ),
    );
    // Predicting a sine wave from k values has an error of about (1 + 2/k) times the noise's.
    expect(found?.lag).toBeGreaterThan(5);
    expect(found?.lag).toBeLessThan(80);
    // The variance is 0.5 + 0.09; the noise is the 0.09.
    expect(found?.achievable).toBeGreaterThan(0.14);
    expect(found?.achievable).toBeLessThan(0.19);
  });

  it("recognises white noise", { tags: "long" }, async () => {
    const found = await estimate(windows(autoregression(2000, {}, 8), 96));
    expect(found).toMatchObject({ lag: 0, explained: 0, achievable: 1 });
    expect(found?.confidence).toBeGreaterThan(0.85);
  });

  it("does not report a dependence between two independent random walks", { tags: "thorough" }, async () => {
    const [a, b] = [1, 2].map((seed) => autoregression(1300, { 1: 0.99 }, seed)) as [Float64Array, Float64Array];
    const dataset = windows(a, 48);
    const found = await estimate({ ...dataset, targets: Float32Array.from(b.subarray(48)) });
    expect(found?.explained ?? 0).toBeLessThan(0.05);
  });

  it("is not confident about noise with few samples", async () => {
    expect((await estimate(windows(autoregression(170, {}, 9), 20)))?.confidence ?? 0).toBeLessThan(sureEnough);
  });
});

describe("the lag of sequences", () => {
  const places = [
    ["the last", 39, 0],
    ["the first", 0, 39],
    ["one in the middle", 25, 14],
  ] as const;
  it.each(sampled(places, 3, 2))("of tokens is that of %s of 40 if the task asks for this one", async (_, at, lag) => {
    const found = await estimate(tokens(2000, 40, 8, (x) => x(at), 10));
    expect(found).toMatchObject({ lag, method: "mutual-information" });
    expect(found?.confidence).toBeGreaterThan(0.95);
    expect(found?.achievable).toBeLessThan(0.05);
  });

  it("is the distance of an echo at every timestep", async () => {
    const found = await estimate(everywhere(300, 50, normal, (x, t) => x(t - 10), 15));
    expect(found?.lag).toBe(10);
    expect(found?.confidence).toBeGreaterThan(0.95);
  });

  it("is also searched in later timesteps if the net reads these", { tags: "thorough" }, async () => {
    const ahead = everywhere(300, 50, normal, (x, t) => (t + 6 < 50 ? x(t + 6) : 0), 16);
    expect((await estimate(ahead, "meanSquaredError", false, true))?.lag).toBe(6);
  });

  it("is that of the more distant of an earlier and a later timestep", { tags: "long" }, async () => {
    const around = everywhere(300, 50, normal, (x, t) => x(t - 9) + (t + 4 < 50 ? x(t + 4) : 0), 17);
    expect((await estimate(around, "meanSquaredError", false, true))?.lag).toBe(9);
  });

  it("is not searched in later timesteps if the net does not read these", { tags: "long" }, async () => {
    const around = everywhere(300, 50, normal, (x, t) => x(t - 9) + (t + 4 < 50 ? x(t + 4) : 0), 17);
    expect((await estimate(around, "meanSquaredError", false, false))?.explained).toBeCloseTo(0.5, 1);
  });

  it("is found among eight features and in noise", { tags: "long" }, async () => {
    const found = await estimate(sequences(2000, [100, 8], normal, (x, random) => x(92, 3) + random.normal(), 20));
    expect(found?.lag).toBe(7);
    expect(found?.confidence).toBeGreaterThan(sureEnough);
    expect(found?.achievable).toBeCloseTo(0.5, 1);
  });

  it("is that of the first timestep if this one is copied", async () => {
    expect((await estimate(sequences(1500, [100, 2], normal, (x) => x(0, 1), 21)))?.lag).toBe(99);
  });

  it.each(sampled([40, 100], 2))("is about the length of the adding problem of length %i", async (length) => {
    const found = await estimate(adding(2000, length, 16));
    expect(found?.lag).toBeGreaterThan(0.93 * length);
    expect(found?.confidence).toBeGreaterThan(sureEnough);
  });

  it("is the length if the task asks for the sum of all values, or for the majority", { tags: "long" }, async () => {
    const sum = (x: (t: number) => number): number =>
      Array.from({ length: 60 }, (_, t) => x(t)).reduce((a, b) => a + b);
    expect((await estimate(sequences(2000, [60, 1], normal, sum, 19)))?.lag).toBeGreaterThan(55);
    expect((await estimate(tokens(3000, 60, 2, (x) => (sum(x) > 30 ? 1 : 0), 11)))?.lag).toBeGreaterThan(50);
  });

  it("is that of the more distant of two inputs that are multiplied", { tags: "long" }, async () => {
    const found = await estimate(sequences(2000, [60, 1], normal, (x) => x(52) * x(29), 20));
    expect(found).toMatchObject({ lag: 30 });
    expect((await estimate(tokens(3000, 20, 2, (x) => Number(x(2) !== x(17)), 12)))?.lag).toBe(17);
  });

  it("is found if the dependence is neither linear nor quadratic", { tags: "thorough" }, async () => {
    expect((await estimate(sequences(2000, [60, 1], normal, (x) => Math.sin(3 * x(54)), 20)))?.lag).toBe(5);
  });

  it("is 0 if the target is a function of the last input alone that is not a sum over its features", {
    tags: "thorough",
  }, async () => {
    const folded = sequences(2000, [30, 2], normal, (x) => Math.cos(2 * (x(29, 0) + x(29, 1))), 2);
    const found = await estimate(folded);
    expect(found?.lag).toBe(0);
    expect(found?.explained).toBeGreaterThan(0.5);
  });

  it("is 0 if the last input's quadrant determines the target", { tags: "long" }, async () => {
    const quadrants = sequences(2000, [30, 2], normal, (x) => Math.sign(x(29, 0) * x(29, 1)), 2);
    expect((await estimate(quadrants))?.lag).toBe(0);
  });

  it("is unknown if discrete inputs show nothing on their own", async () => {
    const parity = (x: (t: number) => number): number =>
      Array.from({ length: 10 }, (_, t) => x(t)).reduce((a, b) => a ^ b);
    expect(await estimate(tokens(3000, 10, 2, parity, 13))).toBeNull();
    expect(await estimate(tokens(3000, 20, 5, (_, random) => random.integer(3), 14))).toBeNull();
  });

  it("counts from the last real timestep if rows of zeros are masked", async () => {
    const dataset = sequences(2000, [30, 2], normal, () => 0, 22);
    const inputs = dataset.inputs.slice();
    const targets = dataset.targets.map((_, s) => {
      const length = 12 + (s % 19);
      inputs.fill(0, (s * 30 + length) * 2, (s + 1) * 60);
      return inputs[(s * 30 + length - 4) * 2]!;
    });
    const padded = datasetOf({ inputs, targets, inputShape: [30, 2], targetShape: [1] });
    expect((await estimate(padded, "meanSquaredError", true))?.lag).toBe(3);
  });

  it("is found for a rare indicator, with the loss that the data allow", { tags: "long" }, async () => {
    const rare = sequences(2000, [30, 2], normal, (x) => (x(26, 1) > 1.5 ? 1 : 0), 5);
    const found = await estimate(rare, "binaryCrossentropy");
    expect(found?.lag).toBe(3);
    expect(found?.achievable).toBeLessThan(0.5);
  });
});

describe("the best possible loss", () => {
  it("is confident if most of the targets is explained", async () => {
    expect((await estimate(sequences(1500, [20, 1], normal, (x) => x(0), 21)))?.achievableConfidence).toBeGreaterThan(
      0.95,
    );
  });

  it.each(sampled([6, 8, 30], 3))(
    "is not confident if three of %i inputs are multiplied, which no pair shows",
    async (length) => {
      const product = sequences(
        2000,
        [length, 1],
        normal,
        (x) => Math.sign(x(0) * x(length >> 1) * x(length - 1)),
        length,
      );
      const found = await estimate(product);
      expect(found?.explained ?? 0).toBeLessThan(0.05);
      expect(found?.achievableConfidence ?? 0).toBeLessThanOrEqual(0.72);
    },
  );

  it("is not confident merely because the lag is, if the lag is that of the first input", async () => {
    const little = sequences(2000, [6, 1], normal, (x) => Math.sign(x(1) * x(3) * x(5)) + 0.25 * x(0), 3);
    const found = await estimate(little);
    expect(found).toMatchObject({ lag: 5, confidence: 0.98 });
    expect(found?.achievableConfidence).toBeLessThan(0.75);
  });
});

describe("an estimate", () => {
  it("is null for too few samples, for a single value, and for targets that do not align with the timesteps", async () => {
    expect(await estimate(sequences(40, [10, 1], normal, (x) => x(9), 1))).toBeNull();
    expect(await estimate(sequences(400, [10, 1], normal, () => 3, 1))).toBeNull();
    const inputs = new Float32Array(4000).map((_, i) => Math.sin(i * i));
    expect(
      await estimate(datasetOf({ inputs, targets: inputs.slice(0, 2000), inputShape: [10, 1], targetShape: [5, 1] })),
    ).toBeNull();
  });

  it("is deterministic, and tolerates values that are not finite", async () => {
    const dataset = windows(autoregression(600, { 1: 0.8 }, 1), 20);
    expect(await estimate(dataset)).toEqual(await estimate(dataset));
    const inputs = dataset.inputs.slice();
    inputs[77] = Number.NaN;
    inputs[500] = Number.POSITIVE_INFINITY;
    const targets = dataset.targets.slice();
    targets[5] = Number.NaN;
    const found = await estimate({ ...dataset, inputs, targets });
    expect(Number.isFinite(found?.explained)).toBe(true);
    expect(found?.lag).toBe(0);
  });
});
