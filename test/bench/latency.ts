/**
 * Time from a saved config to its findings, for every model of some examples: with a warm engine, and with none
 * running.
 */

import { type ChildProcess, fork } from "node:child_process";
import os from "node:os";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import { type FromEngine, fromEngineSchema, type ToEngine } from "../../src/protocol/engineMessages.ts";
import { createHistory } from "../../src/protocol/history/store.ts";
import type { RunHistory } from "../../src/protocol/history.ts";
import { fewExamples } from "../../tools/examples/folders.ts";
import { type Example, examplesIn } from "./examples.ts";
import { median } from "./race.ts";

interface Latency {
  /** Milliseconds until the first measured step was diagnosed. */
  readonly first: number;
  /** Milliseconds until there was a finding; null if the probe had none. */
  readonly finding: number | null;
}

/** Milliseconds that a probe may take here: enough for a first finding. */
const budget = 600;

function start(bundle: string): ChildProcess {
  return fork(bundle, [], { serialization: "advanced", stdio: ["ignore", "ignore", "inherit", "ipc"] });
}

let runs = 0;

/** Sends the run and waits for its end. `saved`: time at which the config was saved; default: now. */
async function probe(
  engine: ChildProcess,
  example: Example,
  text: string,
  saved = performance.now(),
): Promise<Latency> {
  const runId = `bench-${++runs}`;
  let first: number | null = null;
  let finding: number | null = null;
  let history: RunHistory | null = null;
  const { promise, resolve, reject } = withResolvers<void>();
  const hear = (raw: unknown): void => {
    const message: FromEngine = fromEngineSchema.parse(raw);
    if (message.type === "started") history = createHistory(message.info);
    if (message.type === "frame" && history) {
      history.append(message.frame);
      const findings = diagnose(history, example.model);
      first ??= performance.now() - saved;
      if (findings.length > 0 && finding === null) {
        finding = performance.now() - saved;
        const enough: ToEngine = { type: "cancel", runId };
        engine.send(enough);
      }
    }
    if (message.type !== "ended") return;
    if (first === null) reject(new Error(JSON.stringify(message.outcome)));
    else resolve();
  };
  engine.on("message", hear);
  const request: ToEngine = {
    type: "run",
    seed: null,
    runId,
    kind: "probe",
    configPath: example.configPath,
    configText: text,
    model: example.model.name,
    steps: null,
    budget,
  };
  engine.send(request);
  await promise;
  engine.off("message", hear);
  return { first: first ?? Number.NaN, finding };
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** The text with another seed for the weights, which is to the engine like a user's edit: it builds the model again. */
function edited(text: string, i: number): string {
  return text.replace(/("seed": *)(\d+)(\s*\})/g, (_, key, seed, end) => `${key}${Number(seed) + i}${end}`);
}

export async function latencies(root: string, bundle: string, only: readonly string[] | null): Promise<void> {
  const all = examplesIn(root, only ?? fewExamples);
  const load = () => `load ${os.loadavg()[0]?.toFixed(1)}`;
  console.log(`\nFrom saved config to findings: median milliseconds, Node ${process.version}, ${load()}`);
  console.log(
    `${"example / model".padEnd(36)}${"warm: first step".padStart(18)}${"a finding".padStart(12)}${"cold: first step".padStart(18)}${"a finding".padStart(12)}`,
  );
  const warm = start(bundle);
  const text = (values: readonly (number | null)[]): string => {
    const found = values.filter((v) => v !== null);
    return found.length * 2 > values.length ? median(found).toFixed(0) : "–";
  };
  for (const example of all) {
    await probe(warm, example, example.text);
    const warmTimes: Latency[] = [];
    for (let i = 1; i <= 5; i++) warmTimes.push(await probe(warm, example, edited(example.text, i)));
    const coldTimes: Latency[] = [];
    for (let i = 0; i < 3; i++) {
      const saved = performance.now();
      const engine = start(bundle);
      coldTimes.push(await probe(engine, example, example.text, saved));
      engine.kill();
    }
    const cell = (times: readonly Latency[]) =>
      median(times.map((t) => t.first))
        .toFixed(0)
        .padStart(18) + text(times.map((t) => t.finding)).padStart(12);
    console.log(
      `${`${example.name} / ${example.model.name}`.padEnd(36)}${cell(warmTimes)}${cell(coldTimes)}   ${load()}`,
    );
  }
  warm.kill();
}
