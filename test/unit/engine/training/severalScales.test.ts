/** The scale of each of several inputs, and the fit of each of several outputs, from the arrays to the fix. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyToText } from "../../../../src/config/applyEdits.ts";
import { parseConfig } from "../../../../src/config/parse.ts";
import { diagnose } from "../../../../src/diagnosis/diagnose.ts";
import { dataLines } from "../../../../src/diagnosis/text/dataText.ts";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { recordedRun } from "../../../../src/engine/training/recordedRun.ts";
import { budget, sampled } from "../../../budget.ts";
import { useBackend } from "../instrument/backends.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-scales-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const samples = 200;
beforeAll(async () => {
  await useBackend("wasm");
  const random = createRandom(4);
  const noise = Array.from({ length: samples }, () => random.normal());
  const arrays = {
    price: noise.map((v) => [3000 + 400 * v]),
    words: noise.map((v) => [v > 0 ? 1 : 2, 3, 0]),
    rise: noise.map((v) => [Math.tanh(v)]),
    sales: noise.map((v) => [20 + 5 * v]),
    up: noise.map((v) => [v > 0 ? 1 : 0]),
    shifted: noise.map((v) => [v > 0 ? 4 : 3]),
  };
  for (const [name, values] of Object.entries(arrays))
    fs.writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(values));
});

const inputs = { words: "words.json", price: { file: "price.json" } };
const heads = (...last: readonly object[]) => [
  { type: "embedding", inputDim: 4, outputDim: 2, inputs: ["words"] },
  { type: "flatten", name: "flat" },
  { type: "dense", units: 4, inputs: ["price"], name: "seen" },
  { type: "concatenate", inputs: ["flat", "seen"], name: "all" },
  ...last,
];
const head = (name: string, activation = "linear", units = 1) => ({
  type: "dense",
  units,
  name,
  activation,
  inputs: ["all"],
});

const text = (targets: object, training: object, layers: readonly object[], outputs?: readonly string[]) =>
  JSON.stringify(
    {
      data: { inputs, targets },
      training: { optimizer: { type: "sgd", learningRate: 0.01 }, steps: budget(30, 60), ...training },
      models: { m: { inputs: ["words", "price"], ...(outputs && { outputs }), layers } },
    },
    null,
    2,
  );

async function trained(config: string) {
  const parsed = parseConfig(config);
  expect(parsed.problems).toEqual([]);
  const model = parsed.config?.models[0];
  if (!model) throw new Error("no model");
  const configPath = path.join(folder, "gradlens.json");
  const request = { runId: "r", kind: "train" as const, model, configPath, steps: null, budget: null };
  const { history, end } = await recordedRun(request, { need: false });
  if (!history) throw new Error(JSON.stringify(end));
  return { findings: diagnose(history, model), facts: history.info.data! };
}

describe("with several inputs, data-scale", () => {
  it("names the array that is off, and its fix scales that one alone", { tags: "thorough" }, async () => {
    const config = text({ file: "sales.json" }, {}, heads(head("sale")));
    const before = await trained(config);
    const found = before.findings.find(({ code }) => code === "data-scale");
    expect(found).toMatchObject({ place: ["data", "inputs", "price", "file"] });
    expect(found?.message).toMatch(/^inputs "price" reach [\d.]+ \(mean .*\) and targets reach [\d.]+ /);
    const titles = found?.fixes.map(({ title }) => title);
    expect(titles).toEqual([
      'Standardize the inputs "price" and the targets',
      'Scale the inputs "price" and the targets to 0 … 1',
    ]);
    for (const fix of sampled(found?.fixes ?? [], 2)) {
      const after = await trained(applyToText(config, fix.edits));
      expect(after.findings.map(({ code }) => code)).not.toContain("data-scale");
      const [words, price] = after.facts.arrays?.inputs ?? [];
      expect([words?.facts.overall.min, words?.facts.overall.max]).toEqual([0, 3]);
      if (fix.id === "standardize") expect(price?.facts.overall).toMatchObject({ mean: expect.closeTo(0, 4) });
      else expect([price?.facts.overall.min, price?.facts.overall.max]).toEqual([0, 1]);
    }
  });

  it("says in the facts what each array holds", async () => {
    const { facts } = await trained(text({ file: "sales.json" }, {}, heads(head("sale"))));
    expect(dataLines(facts, "meanSquaredError")).toEqual([
      "200 samples to learn from",
      'inputs "words" are indices from 0 to 3',
      expect.stringMatching(/^inputs "price" from \d+ to \d+, mean \d+, deviation \d+$/),
      expect.stringMatching(/^targets "sale" from /),
      'inputs "price" and targets far from unit scale',
    ]);
  });

  it("takes targets by their own losses", { tags: "thorough" }, async () => {
    const targets = { rise: "rise.json", sales: "sales.json", up: "up.json" };
    const loss = { rise: "meanSquaredError", sales: "meanSquaredError", up: "binaryCrossentropy" };
    const layers = heads(head("rise"), head("sales"), head("up", "sigmoid"));
    const config = text(targets, { loss }, layers, ["rise", "sales", "up"]);
    const { findings } = await trained(config);
    const found = findings.find(({ code }) => code === "data-scale");
    expect(found?.message).toMatch(/^inputs "price" reach .* and targets "sales" reach .*: scale them$/);
    const fixed = applyToText(config, found?.fixes[0]?.edits ?? []);
    expect(JSON.parse(fixed).data.targets).toEqual({
      ...targets,
      sales: { file: "sales.json", scaling: "standardize" },
    });
    expect((await trained(fixed)).findings.map(({ code }) => code)).not.toContain("data-scale");
  });
});

describe("output-mismatch sees each of several outputs", () => {
  const mismatches = async (config: string) =>
    (await trained(config)).findings.filter(({ code }) => code === "output-mismatch");
  const targets = { rise: "rise.json", sales: "sales.json" };
  const two = (rise: string, sales: string) => heads(head("rise", rise), head("sales", sales));

  it("the range of the second one", { tags: "thorough" }, async () => {
    const config = text(targets, {}, two("tanh", "sigmoid"), ["rise", "sales"]);
    const [found, ...others] = await mismatches(config);
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      severity: "error",
      layer: "sales",
      place: ["models", "m", "layers", 5, "activation"],
    });
    expect(found?.fixes.map(({ title }) => title)).toEqual(['Scale the targets "sales" to 0 … 1', "Make sales linear"]);
    for (const fix of sampled(found?.fixes ?? [], 2, 1))
      expect(await mismatches(applyToText(config, fix.edits))).toEqual([]);
    expect(await mismatches(text(targets, {}, two("tanh", "linear"), ["rise", "sales"]))).toEqual([]);
  });

  it("its loss, whether or not each has one", { tags: "thorough" }, async () => {
    const both = { rise: "rise.json", up: "up.json" };
    const layers = heads(head("rise"), head("up"));
    const config = text(
      both,
      { loss: { rise: "meanSquaredError", up: { type: "binaryCrossentropy", weight: 0.5 } } },
      layers,
      ["rise", "up"],
    );
    const [found] = await mismatches(config);
    expect(found).toMatchObject({ layer: "up" });
    const logits = found?.fixes.find(({ id }) => id === "from-logits");
    const fixed = applyToText(config, logits?.edits ?? []);
    expect(JSON.parse(fixed).training.loss).toEqual({
      rise: "meanSquaredError",
      up: { type: "binaryCrossentropy", fromLogits: true, weight: 0.5 },
    });
    expect(await mismatches(fixed)).toEqual([]);

    const kinds = { up: "up.json", again: "up.json" };
    const shared = text(kinds, { loss: "binaryCrossentropy" }, heads(head("up", "sigmoid"), head("again")), [
      "up",
      "again",
    ]);
    const [one] = await mismatches(shared);
    expect(one).toMatchObject({ layer: "again" });
    const each = applyToText(shared, one?.fixes.find(({ id }) => id === "from-logits")?.edits ?? []);
    expect(JSON.parse(each).training.loss).toEqual({
      up: "binaryCrossentropy",
      again: { type: "binaryCrossentropy", fromLogits: true },
    });
    expect(await mismatches(each)).toEqual([]);
  });

  it("its labels", { tags: "thorough" }, async () => {
    const kinds = { up: "up.json", shifted: "shifted.json" };
    const layers = heads(head("up", "softmax", 2), head("shifted", "softmax", 5));
    const [found] = await mismatches(text(kinds, { loss: "sparseCategoricalCrossentropy" }, layers, ["up", "shifted"]));
    expect(found).toMatchObject({
      severity: "information",
      place: ["data", "targets", "shifted"],
      message: "class 0 never occurs: the labels run from 3 to 4",
    });
  });

  it("its baseline", async () => {
    const { facts } = await trained(text(targets, {}, two("linear", "linear"), ["rise", "sales"]));
    const [rise, sales] = facts.arrays?.targets ?? [];
    expect(sales?.baselineLoss).toBeCloseTo((sales?.facts.overall.deviation ?? 0) ** 2, 3);
    expect(rise?.baselineLoss).toBeLessThan(1);
  });
});
