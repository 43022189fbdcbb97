import { expect, test } from "vitest";
import { EngineProcess } from "../../../../src/engine/process/engineProcess.ts";
import { engineSettings } from "../../../../src/engine/process/environment.ts";
import type { FromEngine } from "../../../../src/protocol/engineMessages.ts";

const configText = JSON.stringify({
  data: { task: "addingProblem", length: 8, samples: 64 },
  models: { m: { layers: [{ type: "dense", units: 1 }] } },
});
const run = {
  type: "run",
  seed: null,
  runId: "r",
  kind: "probe",
  configPath: "/c/gradlens.json",
  configText,
  model: "m",
  steps: 1,
  budget: null,
};

function start(loadTraining: () => Promise<never>) {
  const sent: FromEngine[] = [];
  const engine = new EngineProcess({
    send: (message) => sent.push(message),
    exit: () => {},
    mayOutlive: () => {},
    settings: { backend: "cpu", workspace: null },
    loadTraining,
    pacing: { canSend: () => true, now: () => 0, later: () => () => {} },
  });
  return { engine, sent };
}

test("an uncaught error ends the current run and is reported", () => {
  const { engine, sent } = start(() => new Promise(() => {}));
  engine.receive(run);
  engine.fail(new Error("boom"));
  expect(sent).toMatchObject([
    { type: "log", level: "error", message: expect.stringContaining("boom") },
    { type: "ended", runId: "r", outcome: { kind: "failed", message: expect.stringContaining("boom") } },
  ]);
});

test("if tfjs cannot be loaded, the run fails with the reason", async () => {
  const { engine, sent } = start(() => Promise.reject(new Error("no such file")));
  engine.receive(run);
  await expect
    .poll(() => sent)
    .toMatchObject([{ type: "ended", runId: "r", outcome: { kind: "failed", message: "no such file" } }]);
});

test("a run that is requested twice runs once", () => {
  const { engine, sent } = start(() => new Promise(() => {}));
  engine.receive(run);
  engine.receive(run);
  expect(sent).toMatchObject([{ type: "log", level: "error", message: expect.stringContaining("twice") }]);
});

test("settings come from the environment; an unknown backend is reported", () => {
  expect(engineSettings({})).toEqual({ backend: "auto", workspace: null });
  expect(engineSettings({ GRADLENS_BACKEND: "wasm", GRADLENS_WORKSPACE: "/w" })).toEqual({
    backend: "wasm",
    workspace: "/w",
  });
  expect(engineSettings({ GRADLENS_BACKEND: "gpu" })).toBeNull();
});
