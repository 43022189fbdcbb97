/** How far back the targets depend on several inputs. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../../src/config/parse.ts";
import { createRandom } from "../../../../../src/engine/data/random.ts";
import { recordedRun } from "../../../../../src/engine/training/recordedRun.ts";
import { useBackend } from "../../instrument/backends.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-joint-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const samples = 600;
const timesteps = 12;
const lag = 4;
beforeAll(async () => {
  await useBackend("wasm");
  const random = createRandom(2);
  const series = (features: number) =>
    Array.from({ length: samples }, () =>
      Array.from({ length: timesteps }, () => Array.from({ length: features }, () => random.normal())),
    );
  const [near, far] = [series(2), series(1)];
  const still = Array.from({ length: samples }, () => [random.normal(), random.normal()]);
  const targets = far.map((sample, i) => [sample[timesteps - 1 - lag]![0]! + still[i]![1]!]);
  const short = far.map((sample) => sample.slice(6));
  const words = still.map(() => Array.from({ length: timesteps }, () => random.integer(3)));
  for (const [name, values] of Object.entries({ near, far, still, targets, short, words }))
    fs.writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(values));
});

async function trained(inputs: readonly string[], layers: readonly object[], steps: number) {
  const files = Object.fromEntries(inputs.map((name) => [name, `${name}.json`]));
  const text = JSON.stringify({
    data: { inputs: files, targets: "targets.json" },
    training: { optimizer: { type: "adam", learningRate: 0.02 }, steps },
    models: { m: { inputs, layers } },
  });
  const parsed = parseConfig(text);
  expect(parsed.problems).toEqual([]);
  const model = parsed.config!.models[0]!;
  const configPath = path.join(folder, "gradlens.json");
  const request = { runId: "r", kind: "train" as const, model, configPath, steps: null, budget: null };
  const { history, end } = await recordedRun(request, { need: false });
  if (!history) throw new Error(JSON.stringify(end));
  return history;
}

const gru = (inputs: string, name: string) => ({ type: "gru", units: 6, inputs: [inputs], name });
const ends = (...inputs: readonly string[]) => [
  { type: "concatenate", inputs, name: "both" },
  { type: "dense", units: 1 },
];

describe("several inputs", () => {
  it("of the same length, and without timesteps, are one sequence", { tags: "thorough" }, async () => {
    const layers = [gru("near", "a"), gru("far", "b"), ...ends("a", "b", "still")];
    const { info } = await trained(["near", "far", "still"], layers, 2);
    expect(info.data?.lag).toMatchObject({ lag, method: "partial-autocorrelation" });
    // The input without timesteps explains half of the targets.
    expect(info.data?.lag?.explained).toBeGreaterThan(0.9);
    expect(info).toMatchObject({ requiredLag: lag, requiredLagSource: "estimated" });
  });

  it.each([
    ["of different lengths", "short", { type: "gru", units: 3, inputs: ["short"], name: "b" }],
    ["with words", "words", { type: "embedding", inputDim: 3, outputDim: 2, inputs: ["words"], name: "e" }],
  ])("%s have no common time axis", { tags: "thorough" }, async (_, name, layer) => {
    const rest = name === "words" ? [{ type: "flatten", inputs: ["e"], name: "b" }] : [];
    const { info } = await trained(["far", name], [gru("far", "a"), layer, ...rest, ...ends("a", "b")], 2);
    expect(info.data?.lag).toBeNull();
    expect(info).toMatchObject({ requiredLag: timesteps - 1, requiredLagSource: "sequence-length" });
  });
});
