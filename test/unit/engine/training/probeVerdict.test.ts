/** A probe's verdict is the same on a fast and on a slow machine; only the number of steps differs. */

import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { parseConfig } from "../../../../src/config/parse.ts";
import type { ResolvedModel } from "../../../../src/config/resolved.ts";
import { diagnose } from "../../../../src/diagnosis/diagnose.ts";
import { provisional } from "../../../../src/diagnosis/provisional.ts";
import { currentBackend } from "../../../../src/engine/backend/ladder.ts";
import { recordedRun } from "../../../../src/engine/training/recordedRun.ts";
import type { BackendInfo } from "../../../../src/protocol/run.ts";
import { budget as fewer, sampled } from "../../../budget.ts";
import { useBackend } from "../instrument/backends.ts";

const gaussian = { type: "randomNormal", stddev: 0.6 };
const nets: { readonly [name: string]: object } = {
  explodes: { type: "simpleRNN", units: 24, recurrentInitializer: gaussian },
  overflows: { type: "simpleRNN", units: 24, activation: "linear", recurrentInitializer: gaussian },
  sigmoid: { type: "simpleRNN", units: 24, activation: "sigmoid" },
  keepsAll: { type: "simpleRNN", units: 24, recurrentInitializer: "orthogonal" },
};

function modelOf(name: string): ResolvedModel {
  const { config, problems } = parseConfig(
    JSON.stringify({
      data: { task: "addingProblem", length: 60, samples: 500, seed: 1 },
      training: { optimizer: { type: "sgd", learningRate: 0.05 }, batchSize: 20, seed: 1 },
      models: { [name]: { layers: [nets[name], { type: "dense", units: 1 }] } },
    }),
  );
  const model = config?.models[0];
  if (!model) throw new Error(problems.map((p) => p.message).join(" "));
  return model;
}

/** Steps of a probe on a fast machine. */
const most = fewer(100, 400);

/** The time that a probe may take, in milliseconds, and a step's time on a fast machine. */
const budget = 600;
const fast = budget / (2 * most);

afterEach(() => vi.restoreAllMocks());

/** @param duration milliseconds that a step takes, on a clock that only steps move: the real machine may be busy. */
async function probe(name: string, duration: number, backend: BackendInfo) {
  const model = modelOf(name);
  let time = 0;
  vi.spyOn(performance, "now").mockImplementation(() => time);
  const { history } = await recordedRun(
    { runId: name, kind: "probe", model, configPath: "gradlens.json", steps: most, budget },
    { backend, need: false },
    undefined,
    () => {
      time += duration;
    },
  );
  if (!history) throw new Error(name);
  const findings = diagnose(history, model);
  return {
    steps: history.lastStep,
    open: provisional(history, findings) !== null,
    grave: findings.filter((f) => f.severity !== "information").map((f) => [f.code, f.severity]),
  };
}

describe("a probe on a slow machine", () => {
  let backend: BackendInfo;
  const clear: { [name: string]: Awaited<ReturnType<typeof probe>> } = {};
  beforeAll(async () => {
    await useBackend("wasm");
    backend = await currentBackend();
    for (const name of Object.keys(nets)) clear[name] = await probe(name, fast, backend);
  });

  it.each(sampled(Object.keys(nets), 3, 0, 1))(
    "measures on %s the steps that a verdict needs, if its patience allows",
    async (name) => {
      const over = clear[name]?.steps ?? 0;
      for (const [paid, taken] of [
        [30, 30],
        [5, 20],
        [1, 5],
      ] as const) {
        expect((await probe(name, budget / paid, backend)).steps).toBe(Math.min(taken, over));
      }
    },
  );

  /** Steps that the budget pays for; with fewer than twenty, the probe exceeds its budget. */
  const paces = sampled([5, 15, 20, 21, 25, 30, 40, 50, 60, 80], 6, 1, 3);
  const cases = Object.keys(nets).flatMap((name) => paces.map((steps) => [name, steps] as const));
  it.each(cases)(
    "gives on %s after %i steps the verdict of a fast machine, or says that it cannot tell",
    async (name, steps) => {
      const slow = await probe(name, budget / steps, backend);
      if (!slow.open) expect(slow.grave).toEqual(clear[name]?.grave);
    },
  );
});
