/** A layer in a saved model's file is checked by the same rules as the same layer written in a config. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/config/parse.ts";
import type { JsonValue } from "../../../../src/config/resolved.ts";
import { useBackend } from "../instrument/backends.ts";
import { refusal } from "./support.ts";

let folder = "";
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-rules-"));
  await useBackend("cpu");
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

type Json = { readonly [key: string]: JsonValue };

/** What the config's parser says about a model with this one layer. */
function saidOfConfig(layer: Json): readonly string[] {
  const text = JSON.stringify({ data: { task: "addingProblem" }, models: { m: { layers: [layer] } } });
  return parseConfig(text).problems.map(({ message }) => message);
}

/** What is said about a file that describes this one layer; its weights are never read. */
async function saidOfFile(className: string, config: Json): Promise<string> {
  const layers = [{ class_name: className, config: { name: "it", ...config } }];
  const model = { class_name: "Sequential", config: { name: "m", layers }, keras_version: "2.15.0" };
  fs.writeFileSync(path.join(folder, "model.json"), JSON.stringify(model));
  return await refusal("model.json", [6, 2], folder);
}

const lstm = { class_name: "LSTM", config: { name: "inner", units: 3, dropout: 1 } };
const stack = { class_name: "StackedRNNCells", config: { cells: [{ class_name: "GRUCell", config: { units: 3 } }] } };
const rnn = { class_name: "RNN", config: { name: "inner", cell: stack } };

describe.each<readonly [string, Json, Json]>([
  ["Dense", { units: 0 }, { type: "dense", units: 0 }],
  ["Dense", { units: 2.5 }, { type: "dense", units: 2.5 }],
  ["Dense", {}, { type: "dense" }],
  ["LSTM", { units: 9000 }, { type: "lstm", units: 9000 }],
  ["GRU", { units: 3, recurrent_dropout: -0.5 }, { type: "gru", units: 3, recurrentDropout: -0.5 }],
  ["Dropout", { rate: "half" }, { type: "dropout", rate: "half" }],
  ["Conv1D", { filters: 3, kernel_size: [0] }, { type: "conv1d", filters: 3, kernelSize: [0] }],
  [
    "Conv1D",
    { filters: 3, kernel_size: [2], padding: "full" },
    { type: "conv1d", filters: 3, kernelSize: [2], padding: "full" },
  ],
  [
    "Dense",
    { units: 3, kernel_regularizer: { class_name: "L2", config: { l2: -1 } } },
    { type: "dense", units: 3, kernelRegularizer: { type: "l2", l2: -1 } },
  ],
  ["Permute", { dims: [2, 2] }, { type: "permute", dims: [2, 2] }],
  ["LSTMCell", { units: 3 }, { type: "lstmCell", units: 3 }],
  ["Add", {}, { type: "add" }],
  ["Bidirectional", { layer: lstm }, { type: "bidirectional", layer: { type: "lstm", units: 3, dropout: 1 } }],
  [
    "Bidirectional",
    { layer: rnn },
    { type: "bidirectional", layer: { type: "rnn", cell: [{ type: "gruCell", units: 3 }] } },
  ],
])("%s with %j", (className, config, layer) => {
  it("gets the config's message", async () => {
    const [message, ...others] = saidOfConfig(layer);
    expect(others).toEqual([]);
    expect(await saidOfFile(className, config)).toBe(`Its layer "it" (${String(layer["type"])}): ${message}`);
  });
});
