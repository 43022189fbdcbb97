/** A run service whose engine is the scripted one, and a store on top of it. */

import path from "node:path";
import { parseConfig } from "../../../src/config/parse.ts";
import { FindingsStore } from "../../../src/host/findings/findingsStore.ts";
import type { EngineOptions } from "../../../src/host/runs/engineSupervisor.ts";
import { noInspection } from "../../../src/host/runs/inspection.ts";
import type { Run, RunTarget } from "../../../src/host/runs/run.ts";
import { RunService } from "../../../src/host/runs/runService.ts";
import { VerificationService } from "../../../src/host/verify/verificationService.ts";
import { patience } from "../../../tools/patience.mts";

export const uri = "file:///project/gradlens.json";

export interface Harness {
  readonly runs: RunService;
  readonly store: FindingsStore;
  readonly verifications: VerificationService;
  /** Errors that the host has logged. */
  readonly errors: string[];
  dispose(): void;
}

/** The scripted engine, without a log. */
export const scriptedEngine: EngineOptions = {
  enginePath: path.resolve("test/fixtures/engine/scriptedEngine.mjs"),
  env: () => ({}),
  idleTimeout: () => 60_000,
  responseTimeout: () => patience.wait,
  cancelGrace: 300,
  hearGrace: 300,
  inspect: noInspection,
  log: () => {},
};

export function harness(keep = 20): Harness {
  const errors: string[] = [];
  const engine: EngineOptions = {
    ...scriptedEngine,
    log: (level, message) => {
      if (level === "error") errors.push(message);
    },
  };
  const runs = new RunService({
    engine,
    probeBudget: () => 1000,
    keep: () => keep,
  });
  const verifications = new VerificationService({ engine, budget: () => 60_000 });
  const store = new FindingsStore(runs, verifications);
  return {
    runs,
    verifications,
    store,
    errors,
    dispose: () => {
      store.dispose();
      verifications.dispose();
      runs.dispose();
    },
  };
}

/** Two models with the same single layer; their names say what the scripted engine does. */
export function configText(first = "good", second = "polite"): string {
  return `{
  "data": { "task": "addingProblem", "length": 4, "samples": 8, "seed": 1 },
  "training": { "loss": "meanSquaredError", "optimizer": { "type": "adam", "learningRate": 0.001 }, "batchSize": 2, "steps": 5, "seed": 1 },
  "models": {
    "${first}": { "layers": [
      { "type": "simpleRNN", "units": 2, "activation": "sigmoid" },
      { "type": "dense", "units": 1 } ] },
    "${second}": { "layers": [ { "type": "simpleRNN", "units": 2 }, { "type": "dense", "units": 1 } ] }
  }
}
`;
}

/** The same models, learning from a table. */
export const tableText = configText().replace(
  /"data": \{.*\}/,
  '"data": { "file": "data/a.csv", "inputs": ["x"], "targets": ["y"], "window": 4 }',
);

export function target(text: string, name: string): RunTarget {
  const { config, problems } = parseConfig(text);
  const model = config?.models.find((m) => m.name === name);
  if (!model) throw new Error(`no sound model ${name}: ${JSON.stringify(problems)}`);
  return { uri, configPath: "/project/gradlens.json", configText: text, model };
}

export function ended(runs: RunService, run: Run): Promise<Run> {
  if (run.state === "ended") return Promise.resolve(run);
  return new Promise((resolve) => {
    const subscription = runs.onChange((changed) => {
      if (changed !== run || run.state !== "ended") return;
      subscription.dispose();
      resolve(run);
    });
  });
}
