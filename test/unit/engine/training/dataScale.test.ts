/** Data with an unusual scale, from the file to the finding, and from its first fix to a net that learns. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyToText } from "../../../../src/config/applyEdits.ts";
import { parseConfig } from "../../../../src/config/parse.ts";
import { diagnose } from "../../../../src/diagnosis/diagnose.ts";
import { learningOf } from "../../../../src/diagnosis/learning.ts";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { recordedRun } from "../../../../src/engine/training/recordedRun.ts";
import { budget, sampled } from "../../../budget.ts";
import { useBackend } from "../instrument/backends.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-scale-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeAll(() => useBackend("wasm"));

function file(name: string, content: string | object): string {
  fs.writeFileSync(path.join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return name;
}

/** A complete run of the config's only model. */
async function trained(text: string) {
  const { config, problems } = parseConfig(text);
  expect(problems).toEqual([]);
  const model = config?.models[0];
  if (!model) throw new Error("no model");
  const configPath = path.join(folder, "gradlens.json");
  const request = { runId: "r", kind: "train" as const, model, configPath, steps: null, budget: null };
  const { history, end } = await recordedRun(request, { need: false });
  if (!history) throw new Error(JSON.stringify(end));
  return { findings: diagnose(history, model), learning: learningOf(history) };
}

/** The first finding, and how the net learns with the fix of that title. */
async function mended(text: string, title: string) {
  const { findings } = await trained(text);
  const [first] = findings;
  const fix = first?.fixes.find((f) => f.title === title);
  if (!fix) throw new Error(`no such fix: ${first?.code}, ${first?.fixes.map((f) => f.title).join(", ")}`);
  return { first, after: await trained(applyToText(text, fix.edits)) };
}

const random = createRandom(3);
const rows = (n: number, row: (i: number) => readonly number[]) =>
  Array.from({ length: n }, (_, i) => row(i).join(",")).join("\n");
const config = (data: object, training: object, layers: readonly object[]) =>
  JSON.stringify({ data, training, models: { m: { layers } } }, null, 2);
const head = { type: "dense", units: 1 };
const codes = (findings: readonly { readonly code: string }[]) => findings.map((f) => f.code);

describe("data-scale, from the file to the fix", () => {
  it("a line over 0 … 239 with plain gradient descent", async () => {
    file("line.csv", `x,y\n${rows(240, (i) => [i, 2 * i])}\n`);
    const data = { file: "line.csv", inputs: ["x"], targets: ["y"] };
    const training = { optimizer: { type: "sgd", learningRate: 0.01 }, batchSize: 1, epochs: 1 };
    const { first, after } = await mended(config(data, training, [head]), "Standardize the inputs and the targets");
    expect(first).toMatchObject({ code: "data-scale", severity: "error", place: ["data", "inputs", 0] });
    expect(codes(after.findings)).not.toContain("data-scale");
    expect(after.learning).toMatchObject({ state: "left" });
  });

  it("a series in the millions, with a GRU and the absolute error", { tags: "thorough" }, async () => {
    file("series.csv", `v\n${rows(400, (i) => [1e6 + 2e5 * Math.sin(i / 5) + 1e4 * random.normal()])}\n`);
    const data = { file: "series.csv", inputs: ["v"], targets: ["v"], window: 8 };
    const training = {
      loss: "meanAbsoluteError",
      optimizer: { type: "adam", learningRate: 0.02 },
      steps: budget(75, 150),
    };
    const layers = [{ type: "gru", units: 8 }, head];
    const { first, after } = await mended(config(data, training, layers), "Standardize the inputs and the targets");
    expect(first).toMatchObject({ code: "data-scale", severity: "warning" });
    expect(after.learning.state).toBe("left");
    expect(codes(after.findings)).not.toContain("data-scale");
  });

  it("inputs of 1e-5", { tags: "thorough" }, async () => {
    const xs = Array.from({ length: 300 }, () => random.normal());
    file("small.csv", `x,y\n${rows(300, (i) => [1e-5 * xs[i]!, Math.sin(2 * xs[i]!)])}\n`);
    const data = { file: "small.csv", inputs: ["x"], targets: ["y"] };
    const training = { optimizer: { type: "adam", learningRate: 0.02 }, steps: budget(150, 300) };
    const layers = [{ type: "dense", units: 16, activation: "tanh" }, head];
    const { first, after } = await mended(config(data, training, layers), "Standardize the inputs");
    expect(first).toMatchObject({ code: "data-scale", severity: "warning", place: ["data", "inputs", 0] });
    expect(after.learning.state).toBe("left");
  });

  it("one column of ten", { tags: "thorough" }, async () => {
    const names = Array.from({ length: 10 }, (_, i) => `c${i}`);
    const made = rows(300, () => {
      const values = names.map(() => random.normal());
      return [...values.with(6, 3000 + 500 * values[6]!), values[0]! + values[6]!];
    });
    file("ten.csv", `${names.join(",")},y\n${made}\n`);
    const data = { file: "ten.csv", inputs: names, targets: ["y"] };
    const training = { optimizer: { type: "sgd", learningRate: 0.01 }, steps: budget(80, 150) };
    const { first, after } = await mended(config(data, training, [head]), "Standardize the inputs");
    expect(first).toMatchObject({ code: "data-scale", place: ["data", "inputs", 6] });
    expect(first?.message).toContain('1 of 10 columns of the inputs ("c6")');
    expect(after.learning.state).toBe("left");
  });

  it.each(sampled(["conv2d", "dense"], 2))("bytes in front of %s", { tags: "thorough" }, async (kind) => {
    const side = 6;
    const classes = Array.from({ length: 200 }, (_, i) => i % 2);
    const images = classes.map((c) =>
      Array.from({ length: side }, (_, r) =>
        Array.from({ length: side }, () => [Math.min(255, random.integer(120) + (r < 3 === (c === 0) ? 136 : 0))]),
      ),
    );
    const data = {
      inputs: { file: file("bytes.json", { inputs: images, targets: classes }) },
      targets: { file: "bytes.json" },
    };
    const first =
      kind === "conv2d" ? { type: "conv2d", filters: 4, kernelSize: 3, activation: "relu" } : { type: "flatten" };
    const layers = [
      first,
      ...(kind === "conv2d" ? [{ type: "flatten" }] : []),
      { type: "dense", units: 16, activation: "relu" },
      { type: "dense", units: 2, activation: "softmax" },
    ];
    const training = {
      loss: "sparseCategoricalCrossentropy",
      optimizer: { type: "sgd", learningRate: 0.1 },
      steps: budget(60, 120),
    };
    const found = await mended(config(data, training, layers), "Rescale the inputs by 1/255 in a first layer");
    expect(found.first).toMatchObject({ code: "data-scale", place: ["data", "inputs", "file"] });
    expect(found.after.learning.state).toBe("left");
    expect(codes(found.after.findings)).not.toContain("data-scale");
  });

  it("a few values far from the others", { tags: "thorough" }, async () => {
    const xs = Array.from({ length: 400 }, (_, i) => (i % 100 === 7 ? 4000 : random.normal()));
    file("outliers.csv", `x,y\n${rows(400, (i) => [xs[i]!, Math.min(3, xs[i]!)])}\n`);
    const data = { file: "outliers.csv", inputs: ["x"], targets: ["y"] };
    const training = { optimizer: { type: "sgd", learningRate: 0.01 }, batchSize: 8, steps: budget(80, 150) };
    const { findings } = await trained(config(data, training, [head]));
    expect(findings[0]).toMatchObject({ code: "data-scale" });
    expect(findings[0]?.message).toContain("outliers: 1 % of the values");
  });
});

describe("data-scale does not report", () => {
  it("data of a large scale that are learnt", { tags: "thorough" }, async () => {
    const xs = Array.from({ length: 300 }, () => 20 + 15 * random.normal());
    file("fine.csv", `x,y\n${rows(300, (i) => [xs[i]!, 0.02 * xs[i]!])}\n`);
    const data = { file: "fine.csv", inputs: ["x"], targets: ["y"] };
    const training = { optimizer: { type: "adam", learningRate: 0.01 }, steps: budget(200, 400) };
    const { findings, learning } = await trained(config(data, training, [head]));
    expect(learning.state).toBe("left");
    expect(codes(findings)).not.toContain("data-scale");
  });

  it("data of unit scale that are not", { tags: "thorough" }, async () => {
    file("noise.csv", `x,y\n${rows(300, () => [random.normal(), random.normal()])}\n`);
    const data = { file: "noise.csv", inputs: ["x"], targets: ["y"], standardize: true };
    const training = { optimizer: { type: "sgd", learningRate: 3 }, batchSize: 8, steps: budget(60, 100) };
    const { findings } = await trained(config(data, training, [head]));
    expect(findings.length).toBeGreaterThan(0);
    expect(codes(findings)).not.toContain("data-scale");
  });
});

describe("padding, from the file to the fix", () => {
  const lengths = Array.from({ length: 120 }, () => 2 + random.integer(6));
  const inputs = lengths.map((n) => Array.from({ length: 24 }, (_, t) => [t < n ? 1 + random.normal() : 0]));
  const targets = inputs.map((sample) => (sample[0]![0]! > 1 ? 1 : 0));
  const training = { loss: "binaryCrossentropy", optimizer: { type: "adam", learningRate: 0.01 }, steps: 10 };
  const end = { type: "dense", units: 1, activation: "sigmoid" };

  it.each(
    sampled(
      [
        ["no mask", [{ type: "lstm", units: 8 }, end], "Mask the timesteps that are all zeros (masking first)"],
        [
          "a mask too late",
          [{ type: "batchNormalization" }, { type: "masking" }, { type: "lstm", units: 8 }, end],
          "Move masking before batch_normalization",
        ],
      ],
      2,
      0,
      1,
    ),
  )("with %s", async (_, layers, title) => {
    const data = { inputs: { file: file("padded.json", { inputs, targets }) }, targets: { file: "padded.json" } };
    const text = config(data, training, layers);
    const { findings } = await trained(text);
    const found = findings.find((f) => f.code === "padding");
    expect(found).toMatchObject({ severity: "information", evidence: { longest: 7 } });
    const fix = found?.fixes.find((f) => f.title === title);
    const after = await trained(applyToText(text, fix?.edits ?? []));
    expect(codes(after.findings)).not.toContain("padding");
  });

  it("with indices for an embedding", async () => {
    const tokens = lengths.map((n) => Array.from({ length: 24 }, (_, t) => (t < n ? 1 + random.integer(8) : 0)));
    const data = {
      inputs: { file: file("tokens.json", { inputs: tokens, targets }) },
      targets: { file: "tokens.json" },
    };
    const layers = [{ type: "embedding", inputDim: 9, outputDim: 4 }, { type: "lstm", units: 8 }, end];
    const text = config(data, training, layers);
    const found = (await trained(text)).findings.find((f) => f.code === "padding");
    expect(found?.fixes.map((f) => f.title)).toEqual(["Mask index 0 (maskZero of embedding)"]);
    const after = await trained(applyToText(text, found?.fixes[0]?.edits ?? []));
    expect(codes(after.findings)).not.toContain("padding");
  });
});
