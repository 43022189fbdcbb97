import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Run } from "../../../../src/host/runs/run.ts";
import { agesAt, withOpening } from "../../../../src/host/store/openings.ts";
import { outdated } from "../../../../src/host/store/outdated.ts";
import { cardOfRun } from "../../../../src/host/store/runCard.ts";
import { listFolders } from "../../../../src/host/store/runFolders.ts";
import type { IndexEntry } from "../../../../src/host/store/runIndex.ts";
import { RunStore } from "../../../../src/host/store/runStore.ts";
import { RunList } from "../../../../src/host/views/runList.ts";
import { stateWords } from "../../../../src/host/views/runWords.ts";
import type { RunEnd } from "../../../../src/protocol/engineMessages.ts";
import { steadyClock } from "../../../../src/protocol/steadyClock.ts";
import { frameRecord, RecordReader } from "../../../../src/tensorboard/record.ts";
import { RunEncoder } from "../../../../src/tensorboard/runEncoder.ts";
import { noLabel } from "../../../../src/tensorboard/storedRun.ts";
import { configText, ended, type Harness, harness, target, uri } from "../runHarness.ts";

let root: string;
let opened: { dispose(): void }[] = [];
/** What the stores of the present test have logged. A write that ends after its test belongs to that one. */
let logged: string[] = [];
/** What a store may log in the present test, if it comes to that before the test ends. */
let tolerated = "";

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-store-"));
});
afterEach(() => {
  for (const one of opened) one.dispose();
  opened = [];
  const said = logged;
  logged = [];
  expect(said.filter((message) => tolerated === "" || !message.includes(tolerated))).toEqual([]);
  tolerated = "";
  fs.rmSync(root, { recursive: true, force: true });
});

const place = () => path.join(root, "runs");

interface Window extends Harness {
  readonly kept: RunStore;
  readonly list: RunList;
}

/** A window on the store. */
function open(keep = 10, { now = Date.now, age = 1e12 }: { now?: () => number; age?: number } = {}): Window {
  const h = harness();
  const own = logged;
  const kept = new RunStore(
    {
      root: place,
      others: () => [path.join(root, "others")],
      limits: () => ({ bytes: 2 ** 30, age }),
      keep: () => keep,
      now,
      uriOf: () => uri,
      log: (_, message) => own.push(message),
    },
    h.runs,
    h.verifications,
  );
  const list = new RunList(h.runs, kept);
  opened.push(list, kept, h);
  return { ...h, kept, list };
}

/** When the last run was written. Two of the same millisecond have no certain order. */
let writtenAt = Date.now() - 3_600_000;

/** Writes a run as the engine would, later than the one before. @param end null: interrupted */
function write(run: Run, folder: string, end: RunEnd | null, name = "events.out.tfevents.1.gradlens"): string {
  const { info, steps, rows } = run.history!.snapshot();
  writtenAt += 1000;
  const encoder = new RunEncoder(info, { writer: "test", bound: 2 ** 20, now: steadyClock(writtenAt) });
  const parts = [encoder.begin({ path: run.configPath, text: run.configText }, run.model)];
  for (const [i, step] of steps.entries()) {
    const row = rows.slice(i * info.columns.length, (i + 1) * info.columns.length);
    const frame = { runId: info.runId, seq: i + 1, steps: Float64Array.of(step), rows: row, profiles: [] };
    parts.push(encoder.step(frame) ?? new Uint8Array(0));
  }
  if (end) parts.push(encoder.end(end.kind, null, end));
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  fs.writeFileSync(file, Buffer.concat(parts));
  return file;
}

/** A run of a first window, on disk. */
async function kept(end: RunEnd | null) {
  const h = open();
  const text = configText("good", "polite");
  const run = h.runs.start("probe", target(text, "good"), "user");
  await ended(h.runs, run);
  h.kept.place("probe", run.runId);
  const file = write(run, path.join(place(), run.runId), end);
  return { h, run, file, text };
}

async function restored(keep = 10): Promise<Window> {
  const window = open(keep);
  await window.kept.restore();
  return window;
}

describe("kept runs", () => {
  it("are there in the next window: steps, figures, findings, end", async () => {
    const { run } = await kept({ kind: "completed" });
    const next = await restored();
    expect(next.runs.runs).toHaveLength(1);
    const again = next.runs.runs[0]!;
    expect(again).toMatchObject({ runId: run.runId, kind: "probe", uri, state: "ended", end: { kind: "completed" } });
    expect(again.model).toEqual(run.model);
    expect(again.configText).toBe(run.configText);
    expect([...again.history!.steps]).toEqual([...run.history!.steps]);
    expect(fs.readFileSync(path.join(place(), ".gitignore"), "utf8")).toBe("*\n");
    // Restoring twice adds nothing.
    await next.kept.restore();
    expect(next.runs.runs).toHaveLength(1);
  });

  it("say that they were interrupted, also if the last record is torn", async () => {
    const { run, file } = await kept(null);
    const whole = fs.readFileSync(file);
    fs.writeFileSync(file, whole.subarray(0, whole.length - 5));
    const next = await restored();
    const again = next.runs.runs[0]!;
    expect(again.history!.lastStep).toBe([...run.history!.steps].at(-2));
    expect(again.interrupted).toBe(true);
    expect(again.end).toMatchObject({
      kind: "failed",
      message: expect.stringMatching(/^The run was interrupted after/),
    });
    expect(next.list.get(run.runId)).toMatchObject({ interrupted: true, state: "ended" });
  });

  it("go on elsewhere while the process that writes them exists", async () => {
    const { run } = await kept({ kind: "completed" });
    const folder = path.join(place(), "train-9999999999999-1");
    const name = (pid: number) => `events.out.tfevents.1.${os.hostname()}.${pid}.gradlens`;
    const file = write(run, folder, null, name(process.pid));
    const next = await restored();
    expect(next.list.get("train-9999999999999-1")).toMatchObject({ state: "elsewhere", interrupted: false, end: null });
    expect(next.runs.get("train-9999999999999-1")).toBeUndefined();
    fs.renameSync(file, path.join(folder, name(2 ** 22 + 1)));
    await next.kept.index.refresh();
    expect(next.list.get("train-9999999999999-1")).toMatchObject({ state: "ended", interrupted: true });
  });

  it("bring their verification back", { tags: "thorough" }, async () => {
    const { h, text } = await kept({ kind: "completed" });
    h.store.open(uri, text);
    const job = await h.verifications.start(target(text, "good"), null);
    h.kept.keepVerification(job);
    const next = await restored();
    const again = next.verifications.of(uri, "good");
    expect(again?.outcome).toEqual(job.outcome);
    expect(again?.key).toBe(job.key);
  });

  it("are listed from the index, and read when somebody looks at them", async () => {
    const { run } = await kept({ kind: "completed" });
    write(run, path.join(place(), "train-9999999999999-1"), { kind: "completed" });
    const next = await restored(1);
    expect(next.runs.runs.map(({ runId }) => runId)).toEqual(["train-9999999999999-1"]);
    expect(next.list.all()).toHaveLength(2);
    expect(next.list.get(run.runId)).toMatchObject({ steps: run.history!.lastStep, model: "good", own: true });
    expect((await next.kept.load(run.runId))?.history?.lastStep).toBe(run.history!.lastStep);
    await expect.poll(() => fs.existsSync(path.join(place(), "index.json"))).toBe(true);
    const third = open();
    await third.kept.index.open();
    expect(third.list.get(run.runId)).toEqual(next.list.get(run.runId));
  });

  it("come back after a deletion is undone, and are gone for good otherwise", async () => {
    const { run } = await kept({ kind: "completed" });
    const next = await restored();
    const { undo } = next.kept.delete([run.runId]);
    expect(next.list.all()).toEqual([]);
    expect(await listFolders(place())).toEqual([]);
    await undo();
    expect(next.list.all().map(({ runId }) => runId)).toEqual([run.runId]);
    next.kept.delete([run.runId]).forGood();
    // The index may be being written.
    expect(fs.readdirSync(place()).filter((name) => !/^index\.json$|\.tmp$/.test(name))).toEqual([".gitignore"]);
    expect((await restored()).list.all()).toEqual([]);
  });

  it("have names, notes and pins that other windows see", async () => {
    const { run } = await kept({ kind: "completed" });
    const next = await restored();
    await next.kept.label(run.runId, { name: "the good one", pinned: true });
    await next.kept.label(run.runId, { note: "with Adam" });
    const label = { name: "the good one", note: "with Adam", pinned: true };
    expect(next.list.get(run.runId)?.label).toEqual(label);
    expect((await restored()).list.get(run.runId)?.label).toEqual(label);
  });

  it("have their newest name also after the computer's clock was set back", { tags: "thorough" }, async () => {
    const { run } = await kept({ kind: "completed" });
    const next = await restored();
    await next.kept.label(run.runId, { name: "before" });
    vi.spyOn(Date, "now").mockReturnValue(Date.now() - 3_600_000);
    await next.kept.label(run.runId, { name: "after" });
    vi.restoreAllMocks();
    expect((await restored()).list.get(run.runId)?.label.name).toBe("after");
  });

  it("runs of other programs are listed with what they have", async () => {
    const folder = path.join(root, "others", "mine");
    fs.mkdirSync(folder, { recursive: true });
    fs.copyFileSync("test/fixtures/tensorboard/torch.tfevents", path.join(folder, "events.out.tfevents.1"));
    const { list, kept, runs } = await restored();
    const [listed] = list.all();
    expect(listed).toMatchObject({ own: false, model: "mine", steps: 4, severity: null, runId: folder });
    // It has no end, as most programs write none: nobody can say that it crashed.
    expect(stateWords(listed!)).toBeNull();
    expect(runs.runs).toEqual([]);
    const run = await kept.load(folder);
    expect(run).toMatchObject({ name: "mine", model: null, uri: "", state: "ended", end: null });
    expect(run?.history?.latest("loss")).toBe(Math.fround(0.4));
    expect(list.all()).toEqual([listed]);
  });

  it("runs of other programs grow in memory once somebody has asked for them", async () => {
    const folder = path.join(root, "others", "mine");
    fs.mkdirSync(folder, { recursive: true });
    const file = path.join(folder, "events.out.tfevents.1");
    const all = [...new RecordReader().push(fs.readFileSync("test/fixtures/tensorboard/torch.tfevents"))];
    fs.writeFileSync(file, Buffer.concat(all.slice(0, 6).map((record) => frameRecord(record))));
    const { list, kept } = await restored();
    const run = await kept.load(list.all()[0]!.runId);
    const before = run!.history!.lastStep;
    fs.appendFileSync(file, Buffer.concat(all.slice(6).map((record) => frameRecord(record))));
    fs.utimesSync(folder, new Date(), new Date(Date.now() + 5000));
    await kept.index.refresh();
    expect(before).toBeLessThan(4);
    expect(run!.history!.lastStep).toBe(4);
    expect(list.get(run!.runId)).toMatchObject({ own: false, steps: 4 });
  });

  it.each(["pipe", "link"])("are listed although the index is a %s", async (kind) => {
    const { run } = await kept({ kind: "completed" });
    const index = path.join(place(), "index.json");
    if (kind === "pipe") execFileSync("mkfifo", [index]);
    else fs.symlinkSync("/dev/zero", index);
    tolerated = "is not a plain file";
    const next = await restored();
    expect(next.list.all().map(({ runId }) => runId)).toEqual([run.runId]);
  });

  it("a folder that is no run stays where it is", async () => {
    fs.mkdirSync(path.join(place(), "mine"), { recursive: true });
    fs.writeFileSync(path.join(place(), "mine", "events.out.tfevents.1"), "text");
    const next = await restored();
    expect(next.list.all()).toEqual([]);
    expect(fs.existsSync(path.join(place(), "mine"))).toBe(true);
  });
});

describe("outdated runs", () => {
  const day = 86_400_000;

  it("stay while a wrong clock says so, and go once two days agree", { tags: "thorough" }, async () => {
    const { run } = await kept({ kind: "completed" });
    const index = path.join(place(), "index.json");
    /** A window that is opened so long after the run. */
    const listedAt = async (at: number): Promise<readonly string[]> => {
      const window = open(10, { now: () => Date.now() + at, age: 30 * day });
      const before = fs.existsSync(index) ? fs.statSync(index).mtimeMs : 0;
      await window.kept.restore();
      await expect.poll(() => fs.existsSync(index) && fs.statSync(index).mtimeMs).toBeGreaterThan(before);
      window.kept.dispose();
      return window.list.all().map(({ runId }) => runId);
    };
    const years = 3650 * day;
    for (const at of [0, years, years + day / 24, day / 12, 2 * day, 100 * day])
      expect([at, ...(await listedAt(at))]).toEqual([at, run.runId]);
    expect(await listedAt(102 * day)).toEqual([]);
    expect(fs.existsSync(path.join(place(), run.runId))).toBe(false);
  });

  it("are never measured by a day at which the store was not opened, or that the clock took back", () => {
    const at = (...days: readonly number[]) => days.map((one) => one * day);
    const days = (times: readonly number[]) => times.map((time) => time / day);
    expect(days(withOpening([], 0))).toEqual([0]);
    expect(days(withOpening(at(0), 0.5 * day))).toEqual([0]);
    expect(days(withOpening(at(0, 1), 3 * day))).toEqual([1, 3]);
    expect(days(withOpening(at(0, 4000), 3 * day))).toEqual([0, 3]);
    expect(agesAt([], 9 * day)).toBe(Number.NEGATIVE_INFINITY);
    expect(agesAt(at(0), 0.9 * day)).toBe(Number.NEGATIVE_INFINITY);
    expect(agesAt(at(0, 1.5), 2 * day)).toBe(0);
    expect(agesAt(at(0, 4000), 4000 * day)).toBe(0);
    expect(agesAt(at(0, 4000), 4001 * day)).toBe(4000 * day);
  });

  it("are the oldest beyond the size, and those beyond the age; pinned ones stay", async () => {
    const { run } = await kept({ kind: "completed" });
    const entry = (at: number, pinned = false): IndexEntry => ({
      folder: `/runs/${at}`,
      bytes: 10,
      changed: at,
      touched: at,
      card: { ...cardOfRun(run, { ...noLabel, pinned }), runId: String(at), startedAt: at },
    });
    const gone = (entries: readonly IndexEntry[], bytes: number, age: number) =>
      outdated(entries, { bytes, age }, 300).map(({ changed }) => changed);
    const entries = [entry(100), entry(200), entry(300)];
    expect(gone(entries, 25, 1000)).toEqual([100]);
    expect(gone(entries, 100, 150)).toEqual([100]);
    expect(gone(entries, 100, 1000)).toEqual([]);
    expect(gone(entries, 5, 1000)).toEqual([100, 200, 300]);
    expect(gone([entry(100, true), entry(200), entry(300)], 25, 150)).toEqual([200]);
  });
});
