import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Run } from "../../../../src/host/runs/run.ts";
import { listRunFolders, outdated, type RunFolder } from "../../../../src/host/store/runFolders.ts";
import { RunStore } from "../../../../src/host/store/runStore.ts";
import type { RunEnd } from "../../../../src/protocol/engineMessages.ts";
import { RunEncoder } from "../../../../src/tensorboard/runEncoder.ts";
import { configText, ended, type Harness, harness, target, uri } from "../runHarness.ts";

let root: string;
let harnesses: Harness[] = [];
const logged: string[] = [];

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-store-"));
});
afterEach(() => {
  for (const h of harnesses) h.dispose();
  harnesses = [];
  fs.rmSync(root, { recursive: true, force: true });
});

function open(): Harness {
  const h = harness();
  harnesses.push(h);
  return h;
}

function store(keep = 10): RunStore {
  return new RunStore({
    root: () => path.join(root, "runs"),
    limits: () => ({ bytes: 2 ** 30, age: 1e12 }),
    keep: () => keep,
    uriOf: () => uri,
    log: (_, message) => logged.push(message),
  });
}

/** Writes a run as the engine would. @param end null: interrupted */
function write(run: Run, place: { root: string; folder: string; bound: number }, end: RunEnd | null): string {
  const { info, steps, rows } = run.history!.snapshot();
  const encoder = new RunEncoder(info, { writer: "test", bound: place.bound });
  const parts = [encoder.begin({ path: run.configPath, text: run.configText }, run.model)];
  for (const [i, step] of steps.entries()) {
    const row = rows.slice(i * info.columns.length, (i + 1) * info.columns.length);
    const frame = { runId: info.runId, seq: i + 1, steps: Float64Array.of(step), rows: row, profiles: [] };
    parts.push(encoder.step(frame) ?? new Uint8Array(0));
  }
  if (end) parts.push(encoder.end(end.kind, null, end));
  fs.mkdirSync(path.join(place.root, place.folder));
  const file = path.join(place.root, place.folder, "events.out.tfevents.1.gradlens");
  fs.writeFileSync(file, Buffer.concat(parts));
  return file;
}

/** A run of a first window, on disk. */
async function kept(end: RunEnd | null) {
  const h = open();
  const text = configText("good", "polite");
  const run = h.runs.start("probe", target(text, "good"), "user");
  await ended(h.runs, run);
  const file = write(run, store().place("probe", run.runId)!, end);
  return { h, run, file, text };
}

describe("kept runs", () => {
  it("are there in the next window: steps, figures, findings, end", async () => {
    const { run } = await kept({ kind: "completed" });
    const next = open();
    await store().restore(next.runs, next.verifications);
    expect(next.runs.runs).toHaveLength(1);
    const restored = next.runs.runs[0]!;
    expect(restored).toMatchObject({
      runId: run.runId,
      kind: "probe",
      uri,
      state: "ended",
      end: { kind: "completed" },
    });
    expect(restored.model).toEqual(run.model);
    expect(restored.configText).toBe(run.configText);
    expect([...restored.history!.steps]).toEqual([...run.history!.steps]);
    expect(fs.readFileSync(path.join(root, "runs", ".gitignore"), "utf8")).toBe("*\n");
    // Restoring twice adds nothing.
    await store().restore(next.runs, next.verifications);
    expect(next.runs.runs).toHaveLength(1);
  });

  it("say that they were interrupted, also if the last record is torn", async () => {
    const { run, file } = await kept(null);
    const whole = fs.readFileSync(file);
    fs.writeFileSync(file, whole.subarray(0, whole.length - 5));
    const next = open();
    await store().restore(next.runs, next.verifications);
    const restored = next.runs.runs[0]!;
    expect(restored.history!.lastStep).toBe([...run.history!.steps].at(-2));
    expect(restored.end).toMatchObject({
      kind: "failed",
      message: expect.stringMatching(/^The run was interrupted after/),
    });
  });

  it("bring their verification back", async () => {
    const { h, text } = await kept({ kind: "completed" });
    h.store.open(uri, text);
    const job = await h.verifications.start(target(text, "good"), null);
    store().keepVerification(job, h.runs);
    const next = open();
    await store().restore(next.runs, next.verifications);
    const restored = next.verifications.of(uri, "good");
    expect(restored?.outcome).toEqual(job.outcome);
    expect(restored?.key).toBe(job.key);
    expect(logged).toEqual([]);
  });

  it("do not come back once deleted, and only the newest are shown", async () => {
    const { run } = await kept({ kind: "completed" });
    const other = { root: path.join(root, "runs"), folder: "train-9999999999999-1", bound: 1e6 };
    write(run, other, { kind: "completed" });
    const next = open();
    await store(1).restore(next.runs, next.verifications);
    expect(next.runs.runs.map(({ runId }) => runId)).toEqual([other.folder]);
    store().remove(next.runs.runs[0]!);
    expect((await listRunFolders(path.join(root, "runs"))).map(({ name }) => name)).toEqual([run.runId]);
  });

  it("a foreign folder in the store stays where it is", async () => {
    const h = open();
    fs.mkdirSync(path.join(root, "runs", "mine"), { recursive: true });
    fs.writeFileSync(path.join(root, "runs", "mine", "events.out.tfevents.1"), "text");
    await store().restore(h.runs, h.verifications);
    expect(h.runs.runs).toEqual([]);
    expect(fs.existsSync(path.join(root, "runs", "mine"))).toBe(true);
  });
});

describe("outdated runs", () => {
  const folder = (n: number, bytes: number, changed: number): RunFolder => ({ name: `probe-${n}`, bytes, changed });

  it("are the oldest beyond the size, and those beyond the age", () => {
    const folders = [folder(1, 10, 100), folder(2, 10, 200), folder(3, 10, 300)];
    expect(outdated(folders, { bytes: 25, age: 1000 }, 300)).toEqual(["probe-1"]);
    expect(outdated(folders, { bytes: 100, age: 150 }, 300)).toEqual(["probe-1"]);
    expect(outdated(folders, { bytes: 100, age: 1000 }, 300)).toEqual([]);
    expect(outdated(folders, { bytes: 5, age: 1000 }, 300)).toEqual(["probe-1", "probe-2", "probe-3"]);
  });
});
