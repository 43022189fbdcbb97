import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { budget, sampled } from "../../../budget.ts";
import { entries, profile, resolved, run, series } from "./support.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-lm-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeAll(async () => {
  // "c" at every third place, with "ab" or "ba" between two of them.
  let text = "";
  for (let i = 0; i < 600; i++) text += i % 3 === 0 || i % 7 === 0 ? "abc" : "bac";
  fs.writeFileSync(path.join(folder, "t.txt"), text);
  await initBackend("wasm");
});

const faster = {
  loss: "sparseCategoricalCrossentropy",
  optimizer: { type: "adam", learningRate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  batchSize: 16,
} as const;

const nets = [
  ["simpleRNN", "dense"],
  ["lstm", "timeDistributed"],
  ["gru", "dense"],
] as const;

describe.each(sampled(nets, 2, 1))("%s and %s over an embedding of characters", (recurrent, last) => {
  const classes = { units: 3, activation: "softmax" };
  const base = resolved(
    entries([
      ["embedding", { inputDim: 3, outputDim: 5 }],
      [recurrent, { units: 12, returnSequences: true }],
      [last, last === "dense" ? classes : { layer: { type: "dense", ...classes } }],
    ]),
  );
  const model = {
    ...base,
    data: { kind: "text", task: "characterLanguageModel", file: "t.txt", length: 6, test: null } as const,
    training: { ...base.training, ...faster },
  };
  const configPath = path.join(folder, "gradlens.json");

  test("starts at the loss of guessing, and learns", { tags: "thorough" }, async () => {
    const result = await run(model, { configPath, steps: budget(50, 150) });
    expect(result.outcome).toEqual({ kind: "completed" });
    const losses = series(result, "loss");
    expect(result.info?.baselineLoss).toBeCloseTo(Math.log(3), 2);
    expect(Math.abs(losses[0]! - Math.log(3))).toBeLessThan(0.3);
    expect(losses.at(-1)).toBeLessThan(0.75 * Math.log(3));
    expect(result.info?.layers.map((l) => l.recurrent?.timesteps ?? null)).toContain(6);
  });

  test("has the same figures with kernels and with taps", async () => {
    const [kernels, taps] = await Promise.all(
      (["kernels", "taps"] as const).map((which) => run(model, { configPath, steps: 1 }, { recurrent: which })),
    );
    const norms = [kernels!, taps!].map(({ info, frames }) => {
      const layer = info!.layers.findIndex((l) => l.recurrent !== null);
      return [...profile(frames[0], layer, "h.logNorm")];
    });
    norms[0]!.forEach((norm, t) => {
      expect(norm).toBeCloseTo(norms[1]![t]!, 4);
    });
  });
});
