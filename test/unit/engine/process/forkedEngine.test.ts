/** The engine as a real process: its bundle is forked as the extension host does it. */

import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { readRunFolder } from "../../../../src/host/store/runFolders.ts";
import { type FromEngine, fromEngineSchema, protocolVersion } from "../../../../src/protocol/engineMessages.ts";
import { stopFd, stopFdVariable, stopMessage, stopNumber } from "../../../../src/protocol/stopChannel.ts";
import { sampled } from "../../../budget.ts";
import { bundledEngine } from "../../bundles.ts";

let bundle = "";

/** An engine for the tests that leave it as it was. */
let shared: Engine;
beforeAll(async () => {
  bundle = await bundledEngine();
  shared = startEngine();
  children.splice(0);
  await shared.until((m) => m.type === "ready");
});
afterAll(() => shared.child.kill("SIGKILL"));

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

interface Engine {
  readonly child: ChildProcess;
  readonly messages: FromEngine[];
  readonly stdout: () => string;
  send(message: object | string): void;
  /** The first matching message since the start. */
  until(fits: (message: FromEngine) => boolean): Promise<FromEngine>;
  exited(): Promise<number | null>;
}

function startEngine(env: Record<string, string> = {}): Engine {
  const child = fork(bundle, [], {
    serialization: "advanced",
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"],
    env: { ...process.env, GRADLENS_BACKEND: "wasm", [stopFdVariable]: String(stopFd), ...env },
  });
  children.push(child);
  const messages: FromEngine[] = [];
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  child.stdout?.on("data", (data) => {
    stdout += data;
  });
  child.stderr?.on("data", (data) => {
    stderr += data;
  });
  child.on("message", (raw) => {
    messages.push(fromEngineSchema.parse(raw));
    for (const listener of listeners) listener();
  });
  child.on("exit", () => {
    for (const listener of listeners) listener();
  });
  return {
    child,
    messages,
    stdout: () => stdout,
    send: (message) => child.send(message),
    until: (fits) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = messages.find(fits);
          if (found) resolve(found);
          else if (child.exitCode !== null || child.signalCode !== null)
            reject(new Error(`the engine ended: ${stderr}`));
          else return;
          listeners.delete(look);
        };
        listeners.add(look);
        look();
      }),
    exited: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) resolve(child.exitCode);
        else child.once("exit", (code) => resolve(code));
      }),
  };
}

const config = (layers: readonly object[], training: object = {}) =>
  JSON.stringify({
    data: { task: "addingProblem", length: 8, samples: 64, seed: 1 },
    training: { batchSize: 8, ...training },
    models: { m: { layers } },
  });
const small = config([
  { type: "simpleRNN", units: 4 },
  { type: "dense", units: 1 },
]);

const run = (runId: string, configText: string, steps: number | null = null, budget: number | null = null) => ({
  type: "run",
  seed: null,
  runId,
  kind: "probe",
  configPath: path.resolve("gradlens.json"),
  configText,
  model: "m",
  steps,
  budget,
});

const ended = (runId: string) => (m: FromEngine) => m.type === "ended" && m.runId === runId;

test("it becomes ready, runs, and numbers the frames of each run without a gap", async () => {
  const engine = shared;
  const ready = await engine.until((m) => m.type === "ready");
  expect(ready).toEqual({ type: "ready", version: protocolVersion, pid: engine.child.pid });
  engine.send(run("a", small, 300));
  engine.send(run("b", small, 3));
  expect(await engine.until(ended("a"))).toMatchObject({ outcome: { kind: "completed" } });
  expect(await engine.until(ended("b"))).toMatchObject({ outcome: { kind: "completed" } });
  for (const [runId, steps] of [
    ["a", 300],
    ["b", 3],
  ] as const) {
    const started = engine.messages.findIndex((m) => m.type === "started" && m.info.runId === runId);
    const frames = engine.messages.flatMap((m, at) =>
      m.type === "frame" && m.frame.runId === runId ? [{ at, ...m.frame }] : [],
    );
    expect(started).toBeGreaterThanOrEqual(0);
    expect(frames[0]!.at).toBeGreaterThan(started);
    expect(engine.messages.findIndex(ended(runId))).toBeGreaterThan(frames.at(-1)!.at);
    expect([...frames[0]!.steps]).toEqual([1]);
    expect(frames.map((f) => f.seq)).toEqual(frames.map((_, i) => i + 1));
    expect(frames.flatMap((f) => [...f.steps])).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
  }
  const info = engine.messages.find((m) => m.type === "started");
  expect(info).toMatchObject({ info: { backend: { name: "wasm" }, requiredLag: 7, batchSize: 8 } });
  expect(engine.stdout()).toBe("");
});

test("it writes a run where it is told to, so that the file says what the frames said", async () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-runs-"));
  try {
    const engine = shared;
    engine.send({ ...run("kept", small, 40), keep: { root, folder: "kept", bound: 2 ** 22 } });
    expect(await engine.until(ended("kept"))).toMatchObject({ outcome: { kind: "completed" } });
    const stored = await readRunFolder(path.join(root, "kept"), "kept");
    const frames = engine.messages.flatMap((m) => (m.type === "frame" && m.frame.runId === "kept" ? [m.frame] : []));
    const column = stored!.history.info.columns.findIndex(({ quantity }) => quantity === "loss");
    const width = stored!.history.info.columns.length;
    const losses = frames.flatMap(({ rows }) => [...rows].filter((_, i) => i % width === column));
    expect([...stored!.history.series("loss")!]).toEqual(losses.map(Math.fround));
    expect(stored!.history.channels(0)).toContain("h.logNorm");
    expect(stored).toMatchObject({ end: { kind: "completed" }, config: { text: small }, damaged: 0, torn: false });
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
});

test("a run that cannot be written is measured all the same, and the log says why", async () => {
  const engine = shared;
  engine.send({
    ...run("lost", small, 3),
    keep: { root: path.resolve("no such folder"), folder: "lost", bound: 1000 },
  });
  expect(await engine.until(ended("lost"))).toMatchObject({ outcome: { kind: "completed" } });
  expect(engine.messages).toContainEqual({
    type: "log",
    level: "warning",
    message: expect.stringContaining("not kept on disk"),
  });
});

test("a run is reproducible: same config, same losses", async () => {
  const engine = shared;
  const dropout = config([
    { type: "lstm", units: 4, dropout: 0.3 },
    { type: "dropout", rate: 0.5 },
    { type: "dense", units: 1 },
  ]);
  engine.send(run("one", dropout, 20));
  engine.send(run("other", dropout, 20));
  await engine.until(ended("other"));
  const lossesOf = (runId: string) => {
    const info = engine.messages.flatMap((m) => (m.type === "started" && m.info.runId === runId ? [m.info] : []))[0]!;
    const loss = info.columns.findIndex((c) => c.quantity === "loss");
    const rows = engine.messages.flatMap((m) =>
      m.type === "frame" && m.frame.runId === runId ? [...m.frame.rows] : [],
    );
    return rows.filter((_, i) => i % info.columns.length === loss);
  };
  expect(lossesOf("one").length).toBe(20);
  expect(lossesOf("one")).toEqual(lossesOf("other"));
});

test("a running run and a waiting one are cancelled, and the next one runs", async () => {
  const engine = shared;
  const before = engine.messages.length;
  engine.send(run("endless", small));
  engine.send(run("waiting", small));
  engine.send(run("next", small, 2));
  await engine.until((m) => m.type === "frame" && m.frame.runId === "endless");
  engine.send({ type: "cancel", runId: "waiting" });
  expect(await engine.until(ended("waiting"))).toMatchObject({ outcome: { kind: "cancelled" } });
  engine.send({ type: "cancel", runId: "endless" });
  expect(await engine.until(ended("endless"))).toMatchObject({ outcome: { kind: "cancelled" } });
  expect(await engine.until(ended("next"))).toMatchObject({ outcome: { kind: "completed" } });
  const order = engine.messages.slice(before).flatMap((m) => (m.type === "ended" ? [m.runId] : []));
  expect(order).toEqual(["waiting", "endless", "next"]);
});

test("a run is stopped within a step that takes long, and the engine goes on", async () => {
  const engine = shared;
  const channel = engine.child.stdio[stopFd];
  if (!(channel instanceof Socket)) throw new Error("there is no stop channel");
  const endless = JSON.stringify({
    data: { task: "addingProblem", length: 3000, samples: 16 },
    training: { batchSize: 8 },
    models: {
      m: {
        layers: [
          { type: "lstm", units: 512 },
          { type: "dense", units: 1 },
        ],
      },
    },
  });
  engine.send(run("long step", endless, 1));
  await engine.until((m) => m.type === "started" && m.info.runId === "long step");
  // The step begins while the event loop still answers; from then on only these signs come.
  for (let signs = 0; signs < 3; signs++) await once(channel, "data");
  expect(engine.messages.find(ended("long step"))).toBeUndefined();
  // A stop of a run that is over, then the one that is meant; no message of the other channel is read now.
  channel.write(stopMessage(stopNumber("over")));
  channel.write(stopMessage(stopNumber("long step")));
  expect(await engine.until(ended("long step"))).toMatchObject({ outcome: { kind: "cancelled" } });
  expect(engine.messages.filter((m) => m.type === "frame" && m.frame.runId === "long step")).toEqual([]);
  engine.send(run("after it", small, 2));
  expect(await engine.until(ended("after it"))).toMatchObject({ outcome: { kind: "completed" } });
});

test("faults of a config are refused at their places", async () => {
  const engine = shared;
  engine.send(
    run(
      "shape",
      config([
        { type: "lstm", units: 4 },
        { type: "gru", units: 3 },
        { type: "dense", units: 1 },
      ]),
      1,
    ),
  );
  expect(await engine.until(ended("shape"))).toMatchObject({
    outcome: {
      kind: "refused",
      problems: [{ path: ["models", "m", "layers", 1, "type"], message: expect.stringContaining("returnSequences") }],
    },
  });
  engine.send(run("json", "{ not json", 1));
  expect(await engine.until(ended("json"))).toMatchObject({ outcome: { kind: "refused" } });
  engine.send({ ...run("model", small, 1), model: "other" });
  expect(await engine.until(ended("model"))).toMatchObject({
    outcome: { kind: "refused", problems: [{ message: expect.stringContaining("other") }] },
  });
});

test("an invalid message is answered with an error and changes nothing", async () => {
  const engine = shared;
  const before = engine.messages.length;
  for (const garbage of ["hello", { type: "launch" }, { type: "run" }, { ...run("x", small, 1), steps: -1 }, {}])
    engine.send(garbage);
  engine.send(run("after", small, 1));
  expect(await engine.until(ended("after"))).toMatchObject({ outcome: { kind: "completed" } });
  expect(engine.messages.slice(before).filter((m) => m.type === "log" && m.level === "error").length).toBe(5);
});

test("the doctor names the backend and why the rungs above it were not used", { tags: "thorough" }, async () => {
  const engine = startEngine({ GRADLENS_BACKEND: "cpu" });
  engine.send({ type: "doctor" });
  const message = await engine.until((m) => m.type === "doctor");
  expect(message).toMatchObject({
    report: {
      node: process.version,
      backend: {
        name: "cpu",
        rejected: [{ name: "tensorflow" }, { name: "wasm", reason: expect.stringContaining("cpu") }],
      },
    },
  });
});

test("it ends on shutdown and when its channel closes", { tags: "thorough" }, async () => {
  const first = startEngine();
  await first.until((m) => m.type === "ready");
  first.send({ type: "shutdown" });
  expect(await first.exited()).toBe(0);
  const second = startEngine();
  second.send(run("endless", small));
  await second.until((m) => m.type === "frame");
  second.child.disconnect();
  expect(await second.exited()).toBe(0);
});

/** A process that forks the engine, reports its id, and is then killed, like an extension host that crashes. */
async function orphan(configText: string): Promise<number> {
  const script = `
    const engine = require("node:child_process").fork(process.argv[1], [], {
      serialization: "advanced", stdio: ["ignore", "ignore", "ignore", "ipc"],
      env: { ...process.env, GRADLENS_BACKEND: "wasm" } });
    engine.on("message", (m) => {
      if (m.type === "ready") engine.send(JSON.parse(process.argv[2]), () => console.log(engine.pid));
    });`;
  const parent = spawn(process.execPath, ["-e", script, bundle, JSON.stringify(run("endless", configText))]);
  children.push(parent);
  const pid = await new Promise<number>((resolve, reject) => {
    parent.stdout.once("data", (data) => resolve(Number(data)));
    parent.once("exit", () => reject(new Error("the parent ended by itself")));
  });
  // Long enough to be in the middle of the work that keeps the event loop busy.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(isAlive(pid)).toBe(true);
  parent.kill("SIGKILL");
  return pid;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const moments: readonly (readonly [string, string])[] = [
  // An orthogonal matrix of this size takes many seconds, in which no event is handled.
  [
    "in the middle of one long computation",
    config([
      { type: "simpleRNN", units: 2500 },
      { type: "dense", units: 1 },
    ]),
  ],
  ["between steps", small],
];
test.each(sampled(moments, 2))(
  "it ends soon after its parent was killed, %s",
  { tags: "thorough" },
  async (_, configText) => {
    const pid = await orphan(configText);
    await expect.poll(() => isAlive(pid)).toBe(false);
  },
);

test("a training that loses its host writes its last checkpoint, and goes on from there", {
  tags: "thorough",
}, async () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-lost-"));
  try {
    const configText = config(
      [
        { type: "simpleRNN", units: 4 },
        { type: "dense", units: 1 },
      ],
      { steps: 1e8, checkpoint: { folder: "checkpoints", every: 1_000_000 } },
    );
    const training = {
      ...run("lost", configText),
      kind: "train",
      configPath: path.join(root, "gradlens.json"),
      keep: { root, folder: "lost", bound: 2 ** 22 },
    };
    const first = startEngine();
    first.send(training);
    await first.until((m) => m.type === "frame");
    first.child.disconnect();
    expect(await first.exited()).toBe(0);
    const stored = await readRunFolder(path.join(root, "lost"), "lost");
    const reached = stored!.history.lastStep;
    expect(stored).toMatchObject({ end: null, torn: false });
    shared.send({ ...training, runId: "resumed", keep: undefined, resume: true });
    const frame = await shared.until((m) => m.type === "frame" && m.frame.runId === "resumed");
    shared.send({ type: "cancel", runId: "resumed" });
    await shared.until(ended("resumed"));
    expect(frame.type === "frame" && frame.frame.steps[0]).toBe(reached + 1);
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
});

test("a deep probe reports progress, gives its result, and can be cancelled", async () => {
  const engine = shared;
  const deep = (runId: string, changes: object = {}) => ({
    type: "deepProbe",
    runId,
    configPath: "/c/gradlens.json",
    configText: small,
    model: "m",
    layer: null,
    steps: 0,
    checkpoint: null,
    ...changes,
  });
  engine.send(deep("deep-a"));
  expect(await engine.until(ended("deep-a"))).toMatchObject({ outcome: { kind: "completed" } });
  const own = engine.messages.filter((m) => "runId" in m && m.runId === "deep-a").map((m) => m.type);
  expect(own[0]).toBe("deepProgress");
  expect(own.slice(-2)).toEqual(["deepResult", "ended"]);
  expect(engine.messages.find((m) => m.type === "deepResult")).toMatchObject({
    result: { model: "m", flow: { lossTimesteps: expect.any(Float64Array) } },
  });
  engine.send(deep("deep-b", { steps: 1e6 }));
  await engine.until((m) => m.type === "deepProgress" && m.runId === "deep-b" && m.share > 0);
  engine.send({ type: "cancel", runId: "deep-b" });
  expect(await engine.until(ended("deep-b"))).toMatchObject({ outcome: { kind: "cancelled" } });
  engine.send(deep("deep-c", { layer: "nobody" }));
  expect(await engine.until(ended("deep-c"))).toMatchObject({
    outcome: { kind: "refused", problems: [{ message: expect.stringContaining("nobody") }] },
  });
});
