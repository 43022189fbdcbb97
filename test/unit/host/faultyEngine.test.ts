/** The real engine is killed or held in the middle of what it does: one clear end, no history lost, and the next run works. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config/parse.ts";
import { logEvents } from "../../../src/host/logEvents.ts";
import type { EngineOptions } from "../../../src/host/runs/engineSupervisor.ts";
import type { Run, RunTarget } from "../../../src/host/runs/run.ts";
import { RunService } from "../../../src/host/runs/runService.ts";
import { readRunFolder } from "../../../src/host/store/runFolders.ts";
import { VerificationService } from "../../../src/host/verify/verificationService.ts";
import type { RunKind } from "../../../src/protocol/run.ts";
import { sampled } from "../../budget.ts";
import { bundledEngine } from "../bundles.ts";
import { ended, scriptedEngine } from "./runHarness.ts";

let enginePath = "";
beforeAll(async () => {
  enginePath = await bundledEngine();
});

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-faults-"));
});
afterEach(() => {
  for (const service of services.splice(0)) service.dispose();
  fs.rmSync(root, { recursive: true, force: true });
});

const services: { dispose(): void }[] = [];

/** An engine with a fault of test/fixtures/engine/faults.cjs. */
function engine(fault: string, backend = "cpu"): EngineOptions {
  const hook = path.resolve("test/fixtures/engine/faults.cjs");
  const options = `${process.env["NODE_OPTIONS"] ?? ""} --require "${hook}"`;
  const env = { FAULT: fault, NODE_OPTIONS: options, GRADLENS_BACKEND: backend };
  return { ...scriptedEngine, enginePath, env: () => env };
}

function service(fault: string, backend?: string): RunService {
  const made = new RunService({
    engine: engine(fault, backend),
    probeBudget: () => 600_000,
    keep: () => 10,
    keepAt: (_, runId) => ({ root, folder: runId, bound: 2 ** 22 }),
  });
  services.push(made);
  return made;
}

function target(steps: number): RunTarget {
  const training = { batchSize: 8, steps, checkpoint: { folder: "kept", every: 1 } };
  return targetOf({ task: "addingProblem", length: 8, samples: 64 }, training);
}

function ofTable(file: string): RunTarget {
  return targetOf({ file, inputs: ["a"], targets: ["b"], window: 4 }, { batchSize: 8, steps: 2 });
}

function targetOf(data: object, training: object): RunTarget {
  const configText = JSON.stringify({
    data,
    training,
    models: {
      m: {
        layers: [
          { type: "simpleRNN", units: 2, activation: "sigmoid" },
          { type: "dense", units: 1 },
        ],
      },
    },
  });
  const configPath = path.join(root, "gradlens.json");
  const model = parseConfig(configText).config?.models[0];
  if (!model) throw new Error("the config has no model");
  return { uri: `file://${configPath}`, configPath, configText, model };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** What the host knew of a run is on the disk, and what is on the disk can be read. */
async function checkKept(run: Run): Promise<void> {
  const stored = await readRunFolder(path.join(root, run.runId), run.runId);
  const shown = run.history?.lastStep ?? 0;
  if (shown === 0) return;
  expect(stored).toMatchObject({ end: null, damaged: 0 });
  expect(stored?.config?.text).toBe(run.configText);
}

/** The next run of the same window goes to its end, with its checkpoints, on the folder that the former one left. */
async function checkNext(runs: RunService): Promise<void> {
  const next = await ended(runs, runs.start("train", target(3), "user"));
  expect(next.end).toEqual({ kind: "completed" });
  const stored = await readRunFolder(path.join(root, next.runId), next.runId);
  expect(stored).toMatchObject({ end: { kind: "completed" }, damaged: 0, torn: false });
  const last = path.join(root, "kept/m/last");
  expect(fs.readdirSync(last).sort()).toEqual(["model.json", "optimizer-3.bin", "weights-3.bin"]);
}

/** Where a fault strikes: the kind of run, the call, and how many of these calls go well before. */
const moments: readonly (readonly [string, RunKind, string, number])[] = [
  ["a probe", "probe", "send", 3],
  ["a training", "train", "send", 4],
  ["the values of the first checkpoint", "train", "write", 0],
  ["the values of a later checkpoint", "train", "write", 5],
  ["the replacement of a file of a checkpoint", "train", "renameSync", 4],
  ["the beginning of the run's file", "train", "writeSync", 0],
  ["the run's file", "train", "writeSync", 1],
];

/** The tiers of the moments at which an engine is killed, and of those at which it is held. The others are in the long one. */
const killed: Tags = { "the run's file": [], "the replacement of a file of a checkpoint": "thorough" };
const held: Tags = { "a training": "thorough" };
type Tags = { readonly [moment: string]: string | string[] };

describe.each(moments)("in the middle of %s", (name, kind, call, count) => {
  it("an engine that is killed ends its run with the reason, and nothing else is lost", {
    tags: killed[name] ?? "long",
  }, async () => {
    const marker = path.join(root, "struck");
    const runs = service([call, count, "SIGKILL", marker].join("|"));
    const run = await ended(runs, runs.start(kind, target(100_000_000), "user"));
    expect(fs.existsSync(marker)).toBe(true);
    expect(run.end).toMatchObject({ kind: "failed", message: expect.stringContaining("killed (SIGKILL)") });
    await checkKept(run);
    await checkNext(runs);
  });

  it("an engine that is held is ended when its run is stopped, and nothing else is lost", {
    tags: held[name] ?? "long",
  }, async () => {
    const marker = path.join(root, "struck");
    const runs = service([call, count, "SIGSTOP", marker].join("|"));
    const run = runs.start(kind, target(100_000_000), "user");
    await expect.poll(() => fs.existsSync(marker)).toBe(true);
    const [pid] = runs.enginePids;
    runs.stop(run.runId);
    expect((await ended(runs, run)).end).toEqual({ kind: "cancelled" });
    await expect.poll(() => pid !== undefined && isAlive(pid)).toBe(false);
    await checkKept(run);
    await checkNext(runs);
  });
});

describe("an engine", () => {
  const ofVerification = [
    ["computes", 4],
    ["starts", 0],
  ] as const;
  it.each(sampled(ofVerification, 2))(
    "that is held while it %s for a verification is ended when that is stopped, and the next one works",
    { tags: "thorough" },
    async (_, count) => {
      const marker = path.join(root, "struck");
      const options = engine(["send", count, "SIGSTOP", marker].join("|"));
      const verifications = new VerificationService({ engine: options, budget: () => 600_000 });
      services.push(verifications);
      const what = target(50);
      const going = verifications.start(what, null);
      await expect.poll(() => fs.existsSync(marker)).toBe(true);
      const pid = verifications.enginePid;
      verifications.stop(what.uri, what.model.name);
      expect((await going).outcome).toEqual({ kind: "cancelled" });
      await expect.poll(() => pid !== undefined && isAlive(pid)).toBe(false);
      // Few steps rather than little time: on a busy machine an engine needs seconds to start.
      const { outcome } = await verifications.start(target(5), null);
      expect(outcome).not.toBeNull();
      expect(outcome).not.toMatchObject({ ran: { end: { kind: "failed" } } });
    },
  );

  it("that is killed in a verification ends it with the reason, and the next one works", {
    tags: "thorough",
  }, async () => {
    const options = engine(["send", 4, "SIGKILL", path.join(root, "struck")].join("|"));
    const verifications = new VerificationService({ engine: options, budget: () => 600_000 });
    services.push(verifications);
    const { outcome } = await verifications.start(target(50), null);
    expect(outcome).toMatchObject({ kind: "ended", ran: { end: { kind: "failed" } } });
    const again = await verifications.start(target(5), null);
    expect(again.outcome).not.toBeNull();
    expect(again.outcome).not.toMatchObject({ ran: { end: { kind: "failed" } } });
  });

  it("logs neither the names of data files nor what they hold, and no error for what a file lacks", {
    tags: "thorough",
  }, async () => {
    const lines: string[] = [];
    const runs = new RunService({
      engine: { ...engine(""), log: (level, message) => lines.push(`${level}: ${message}`) },
      probeBudget: () => 600_000,
      keep: () => 10,
    });
    services.push(runs);
    const events = logEvents(runs, new VerificationService({ engine: engine(""), budget: () => 1 }), {
      write: (level, message) => lines.push(`${level}: ${message}`),
    });
    const file = "token=hunter2.csv";
    const rows = Array.from({ length: 40 }, (_, i) => `${Math.sin(i)},${i % 5}`);
    const ends: string[] = [];
    for (const content of [null, "a,b\nhunter2,1\nhunter2,2\n", ["a,b", ...rows].join("\n")]) {
      if (content !== null) fs.writeFileSync(path.join(root, file), content);
      const run = await ended(runs, runs.start("train", ofTable(file), "user"));
      ends.push(run.end?.kind ?? "");
      if (run.end?.kind === "refused") expect(JSON.stringify(run.end.problems)).toContain("hunter2");
    }
    events.dispose();
    expect(ends).toEqual(["refused", "refused", "completed"]);
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => line.includes("hunter2") || line.startsWith("error: "))).toEqual([]);
  });

  it("that is held or stopped while it starts ends its run, and the next one works", { tags: "thorough" }, async () => {
    const marker = path.join(root, "struck");
    const runs = service(["send", 0, "SIGSTOP", marker].join("|"));
    const run = runs.start("train", target(100_000_000), "user");
    await expect.poll(() => fs.existsSync(marker)).toBe(true);
    const [pid] = runs.enginePids;
    runs.stop(run.runId);
    expect((await ended(runs, run)).end).toEqual({ kind: "cancelled" });
    await expect.poll(() => pid !== undefined && isAlive(pid)).toBe(false);
    // This one would start: the fault strikes once.
    const other = runs.start("train", target(100_000_000), "user");
    runs.stop(other.runId);
    expect((await ended(runs, other)).end).toEqual({ kind: "cancelled" });
    await checkNext(runs);
  });

  const lacking = [
    ["shared memory", "noShared", "wasm"],
    ["threads", "noWorker", "wasm"],
  ] as const;
  it.each(sampled(lacking, 2, 1, 1))(
    "without %s computes all the same",
    { tags: "thorough" },
    async (_, fault, backend) => {
      const runs = service(fault, backend);
      await checkNext(runs);
    },
  );
});
