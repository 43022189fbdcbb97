/**
 * From a config's files to the findings about its output, end to end: nets that cannot work, and similar sound ones.
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyToText } from "../../../../src/config/applyEdits.ts";
import { parseConfig } from "../../../../src/config/parse.ts";
import type { Problem } from "../../../../src/config/problem.ts";
import { diagnose } from "../../../../src/diagnosis/diagnose.ts";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { runModel } from "../../../../src/engine/training/runModel.ts";
import type { Finding } from "../../../../src/protocol/finding.ts";
import { createHistory } from "../../../../src/protocol/history/store.ts";
import type { RunHistory } from "../../../../src/protocol/history.ts";
import { sampled } from "../../../budget.ts";

beforeAll(async () => {
  await initBackend("cpu");
});
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-outputs-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
let files = 0;

function json(value: unknown): string {
  const name = `f${files++}.json`;
  fs.writeFileSync(path.join(folder, name), JSON.stringify(value));
  return name;
}

const samples = 40;
/** A reproducible number between −1 and 1. */
const noise = (i: number, k: number): number => Math.sin(12.9898 * (i + 1) * (k + 3));
const vectors = () => Array.from({ length: samples }, (_, i) => [noise(i, 0), noise(i, 1), noise(i, 2)]);
const sequences = () =>
  Array.from({ length: samples }, (_, i) => Array.from({ length: 6 }, (_, t) => [noise(i, t), noise(i, t + 9)]));
const images = () =>
  sequences().map((sequence) =>
    sequence.map(() => [
      [[0.1], [0.5]],
      [[0.2], [0.7]],
    ]),
  );

interface Net {
  readonly inputs: unknown;
  readonly targets: unknown;
  readonly loss?: string;
  readonly layers: readonly object[];
}

function configOf({ inputs, targets, loss = "meanSquaredError", layers }: Net): string {
  return JSON.stringify({
    data: { inputs: { file: json(inputs) }, targets: { file: json(targets) } },
    training: { loss, batchSize: 8 },
    models: { net: { layers } },
  });
}

interface Said {
  readonly problems: readonly Problem[];
  readonly findings: readonly Finding[];
}

async function said(text: string, steps = 3): Promise<Said> {
  const [model] = parseConfig(text).config?.models ?? [];
  if (!model)
    throw new Error(
      parseConfig(text)
        .problems.map((p) => p.message)
        .join("\n"),
    );
  const histories: RunHistory[] = [];
  const outcome = await runModel(
    { runId: "r", kind: "probe", model, configPath: path.join(folder, "gradlens.json"), steps, budget: null },
    {
      started: (info) => histories.push(createHistory(info)),
      step: (frame) => histories[0]?.append(frame),
    },
    new AbortController().signal,
  );
  if (outcome.kind === "failed") throw new Error(outcome.message);
  const problems = outcome.kind === "refused" ? outcome.problems : [];
  const [history] = histories;
  return { problems, findings: history ? diagnose(history, model) : [] };
}

const dense = (units: number, activation?: string) => ({ type: "dense", units, ...(activation ? { activation } : {}) });
const mine = new Set(["output-mismatch", "symmetric-units", "post-norm-stack"]);
const own = (findings: readonly Finding[]) => findings.filter((f) => mine.has(f.code));

const scalars = (f: (i: number) => number) => Array.from({ length: samples }, (_, i) => [f(i)]);
const labels = (f: (i: number) => number) => Array.from({ length: samples }, (_, i) => f(i));
const bit = (i: number) => Number(noise(i, 0) > 0);
const sparse = "sparseCategoricalCrossentropy";

describe("the first finding names the cause, and its first fix removes it", () => {
  it.each<[string, Net, string]>([
    [
      "a softmax over one unit",
      { inputs: vectors(), targets: scalars(bit), layers: [dense(4, "tanh"), dense(1, "softmax")] },
      "output-mismatch",
    ],
    [
      "a binary loss of a linear unit",
      { inputs: vectors(), targets: scalars(bit), loss: "binaryCrossentropy", layers: [dense(4, "tanh"), dense(1)] },
      "output-mismatch",
    ],
    [
      "a binary loss of an LSTM's state",
      { inputs: sequences(), targets: scalars(bit), loss: "binaryCrossentropy", layers: [{ type: "lstm", units: 1 }] },
      "output-mismatch",
    ],
    [
      "sigmoids under a sparse loss",
      {
        inputs: vectors(),
        targets: labels((i) => i % 3),
        loss: sparse,
        layers: [dense(4, "tanh"), dense(3, "sigmoid")],
      },
      "output-mismatch",
    ],
    [
      "a softmax of a softmax",
      {
        inputs: vectors(),
        targets: labels((i) => i % 3),
        loss: sparse,
        layers: [dense(3, "softmax"), { type: "softmax", axis: -1 }],
      },
      "output-mismatch",
    ],
    [
      "a tanh output, targets to 3",
      { inputs: vectors(), targets: scalars((i) => 3 * noise(i, 5)), layers: [dense(4, "relu"), dense(1, "tanh")] },
      "output-mismatch",
    ],
    [
      "a bidirectional LSTM at the end",
      {
        inputs: sequences(),
        targets: Array.from({ length: samples }, (_, i) => [5 * noise(i, 1), 7 * noise(i, 2)]),
        layers: [{ type: "bidirectional", layer: { type: "lstm", units: 1 } }],
      },
      "output-mismatch",
    ],
    [
      "a GRU whose state is a softmax",
      {
        inputs: sequences(),
        targets: scalars((i) => noise(i, 5)),
        layers: [{ type: "gru", units: 4, activation: "softmax" }, dense(1)],
      },
      "output-mismatch",
    ],
    [
      "LSTM gates that are tanh",
      {
        inputs: sequences(),
        targets: scalars((i) => noise(i, 5)),
        layers: [{ type: "lstm", units: 4, recurrentActivation: "tanh" }, dense(1)],
      },
      "output-mismatch",
    ],
    [
      "a convLstm2d at the end, targets to 255",
      {
        inputs: images(),
        targets: Array.from({ length: samples }, (_, i) => [[[255 * Math.abs(noise(i, 4))]]]),
        layers: [{ type: "convLstm2d", filters: 1, kernelSize: 2 }],
      },
      "output-mismatch",
    ],
    [
      "weights that are all ones",
      {
        inputs: vectors(),
        targets: scalars((i) => noise(i, 5)),
        layers: [
          { ...dense(4, "tanh"), kernelInitializer: "ones" },
          { ...dense(1), kernelInitializer: "ones" },
        ],
      },
      "symmetric-units",
    ],
    [
      "an LSTM of zeros",
      {
        inputs: sequences(),
        targets: scalars((i) => noise(i, 5)),
        layers: [
          { type: "lstm", units: 4, kernelInitializer: "zeros", recurrentInitializer: "zeros" },
          { ...dense(1), kernelInitializer: "zeros" },
        ],
      },
      "symmetric-units",
    ],
  ])("%s", async (_, net, code) => {
    const text = configOf(net);
    const { findings } = await said(text);
    expect(findings[0]).toMatchObject({ code });
    expect(findings[0]?.severity).not.toBe("information");
    const fixed = applyToText(text, findings[0]?.fixes[0]?.edits ?? []);
    const after = await said(fixed);
    expect(after.problems, fixed).toEqual([]);
    expect(own(after.findings), fixed).toEqual([]);
  });
});

describe("sound outputs are not reported", () => {
  const sound: readonly [string, Net][] = [
    [
      "a sigmoid of yes or no",
      {
        inputs: vectors(),
        targets: scalars(bit),
        loss: "binaryCrossentropy",
        layers: [dense(4, "tanh"), dense(1, "sigmoid")],
      },
    ],
    [
      "a softmax over classes",
      {
        inputs: vectors(),
        targets: labels((i) => i % 3),
        loss: sparse,
        layers: [dense(4, "relu"), dense(3, "softmax")],
      },
    ],
    [
      "a linear output",
      { inputs: vectors(), targets: scalars((i) => 300 * noise(i, 5)), layers: [dense(4, "relu"), dense(1)] },
    ],
    [
      "a tanh output within ±1",
      { inputs: vectors(), targets: scalars((i) => noise(i, 5)), layers: [dense(4, "relu"), dense(1, "tanh")] },
    ],
    [
      "a ReLU output of what is never negative",
      {
        inputs: vectors(),
        targets: scalars((i) => 9 * Math.abs(noise(i, 5))),
        layers: [dense(4, "tanh"), { ...dense(1, "relu"), biasInitializer: "ones" }],
      },
    ],
    [
      "an LSTM of ReLU states",
      {
        inputs: sequences(),
        targets: scalars((i) => noise(i, 5)),
        layers: [{ type: "lstm", units: 4, activation: "relu" }, dense(1)],
      },
    ],
    [
      "an output layer of zeros",
      {
        inputs: vectors(),
        targets: labels((i) => i % 3),
        loss: sparse,
        layers: [dense(4, "tanh"), { ...dense(3, "softmax"), kernelInitializer: "zeros" }],
      },
    ],
    [
      "an identity as recurrent kernel",
      {
        inputs: sequences(),
        targets: scalars((i) => noise(i, 5)),
        layers: [{ type: "simpleRNN", units: 4, activation: "relu", recurrentInitializer: "identity" }, dense(1)],
      },
    ],
  ];
  it.each(sampled(sound, 4, 0, 2))("%s", async (_, net) => {
    const { problems, findings } = await said(configOf(net));
    expect(problems).toEqual([]);
    expect(own(findings)).toEqual([]);
  });
});

describe("labels that are not class indices are refused, and the first edit fixes them", () => {
  it.each<[string, Net]>([
    ["1 to 3", { inputs: vectors(), targets: labels((i) => (i % 3) + 1), loss: sparse, layers: [dense(3, "softmax")] }],
    [
      "−1 and 1",
      { inputs: vectors(), targets: labels((i) => 2 * bit(i) - 1), loss: sparse, layers: [dense(2, "softmax")] },
    ],
    [
      "−1 and 1, a binary loss",
      {
        inputs: vectors(),
        targets: scalars((i) => 2 * bit(i) - 1),
        loss: "binaryCrossentropy",
        layers: [dense(1, "sigmoid")],
      },
    ],
    [
      "10, 20, 30 and too few units",
      { inputs: vectors(), targets: labels((i) => 10 * ((i % 3) + 1)), loss: sparse, layers: [dense(2, "softmax")] },
    ],
    [
      "yes or no under a categorical loss",
      { inputs: vectors(), targets: scalars(bit), loss: "categoricalCrossentropy", layers: [dense(1, "softmax")] },
    ],
    [
      "tokens beyond the vocabulary",
      {
        inputs: Array.from({ length: samples }, (_, i) => [i, 3, i + 7]),
        targets: scalars(bit),
        loss: "binaryCrossentropy",
        layers: [{ type: "embedding", inputDim: 10, outputDim: 2 }, { type: "gru", units: 2 }, dense(1, "sigmoid")],
      },
    ],
  ])("%s", async (_, net) => {
    const text = configOf(net);
    const { problems } = await said(text);
    expect(problems).toHaveLength(1);
    const fixed = applyToText(text, problems[0]?.fixes?.[0]?.edits ?? []);
    const after = await said(fixed);
    expect(after.problems, fixed).toEqual([]);
    expect(own(after.findings), fixed).toEqual([]);
  });
});
