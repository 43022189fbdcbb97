/** A probe's verdict is the same on a fast and on a slow machine; only the number of steps differs. */

import { beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/config/parse.ts";
import type { ResolvedModel } from "../../../../src/config/resolved.ts";
import { diagnose } from "../../../../src/diagnosis/diagnose.ts";
import { provisional } from "../../../../src/diagnosis/provisional.ts";
import { currentBackend } from "../../../../src/engine/backend/ladder.ts";
import { recordedRun } from "../../../../src/engine/training/recordedRun.ts";
import type { BackendInfo } from "../../../../src/protocol/run.ts";
import { budget as fewer } from "../../../budget.ts";
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

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** @param idle milliseconds that other processes take from the machine in each step. */
async function probe(name: string, budget: number, idle: number, backend: BackendInfo) {
  const model = modelOf(name);
  const { history } = await recordedRun(
    { runId: name, kind: "probe", model, configPath: "gradlens.json", steps: most, budget },
    { backend, need: false },
    undefined,
    () => {
      if (idle > 0) Atomics.wait(sleeper, 0, 0, idle);
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
  beforeAll(async () => {
    await useBackend("wasm");
    backend = await currentBackend();
  });

  it.each(Object.keys(nets))(
    "gives the same verdict on %s as on a fast machine, or says that it cannot tell yet",
    async (name) => {
      const fast = await probe(name, 60_000, 0, backend);
      const slow = await probe(name, 400, 20, backend);
      expect(slow.steps).toBeGreaterThanOrEqual(Math.min(20, fast.steps));
      expect(slow.steps).toBeLessThan(fast.steps === most ? most : fast.steps + 1);
      if (slow.open) expect(slow.grave).toEqual([]);
      else expect(slow.grave).toEqual(fast.grave);
    },
  );
});
