import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { reseeded } from "../../../../src/diagnosis/verify/arms.ts";
import type { RunRequestMessage } from "../../../../src/host/runs/engineJob.ts";
import { EngineSupervisor } from "../../../../src/host/runs/engineSupervisor.ts";
import { continueVerification } from "../../../../src/host/store/continueVerification.ts";
import { KeptVerifications } from "../../../../src/host/store/keptVerifications.ts";
import { VerificationService } from "../../../../src/host/verify/verificationService.ts";
import type { Frame } from "../../../../src/protocol/frame.ts";
import type { RunInfo } from "../../../../src/protocol/run.ts";
import { RunEncoder } from "../../../../src/tensorboard/runEncoder.ts";
import { configText, scriptedEngine, target, uri } from "../runHarness.ts";

/** Processes that stand for windows: one that is gone, and one that still exists. */
const gone = 2 ** 22 + 1;
const alive = process.ppid;

let root: string;
let opened: { dispose(): void }[] = [];
const logged: string[] = [];
const asked: RunRequestMessage[] = [];

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-verifying-"));
  const run = EngineSupervisor.prototype.run;
  // The scripted engine writes no files.
  vi.spyOn(EngineSupervisor.prototype, "run").mockImplementation(function (this: EngineSupervisor, message, sink) {
    const frames: Frame[] = [];
    let info: RunInfo | undefined;
    asked.push(message);
    return run.call(this, message, {
      started: (started) => {
        info = { ...started, plannedSteps: message.steps };
        sink.started(started);
      },
      frame: (frame) => {
        frames.push(frame);
        sink.frame(frame);
      },
      ended: (end) => {
        if (info && message.keep && end.kind !== "cancelled") write(message, info, frames, end);
        sink.ended(end);
      },
    });
  });
});
afterEach(() => {
  for (const one of opened) one.dispose();
  opened = [];
  vi.restoreAllMocks();
  asked.length = 0;
  expect(logged.splice(0)).toEqual([]);
  fs.rmSync(root, { recursive: true, force: true });
});

function write(message: RunRequestMessage, info: RunInfo, frames: readonly Frame[], end: { kind: string }): void {
  const { keep, seed, configText: text, configPath } = message;
  const encoder = new RunEncoder(info, { writer: "test", bound: keep!.bound });
  const model = reseeded(target(text, message.model).model, seed ?? 0);
  const parts = [encoder.begin({ path: configPath, text }, model)];
  for (const frame of frames) parts.push(encoder.step(frame) ?? new Uint8Array(0));
  parts.push(encoder.end(end.kind, null, end));
  const folder = path.join(keep!.root, keep!.folder);
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, "events.out.tfevents.1.gradlens"), Buffer.concat(parts));
}

function window(pid = process.pid) {
  const unfinished = new KeptVerifications({
    root: () => path.join(root, "runs"),
    log: (_, message) => logged.push(message),
    pid,
  });
  const verifications = new VerificationService({
    engine: scriptedEngine,
    budget: () => 60_000,
    keepAt: ({ configPath, configText: text, model }, finding) =>
      unfinished.begin({ configPath, configText: text, model: model.name, finding }),
  });
  opened.push(unfinished, verifications);
  const follow = () => unfinished.follow((one) => continueVerification(one, verifications, () => uri));
  return { unfinished, verifications, follow };
}

const text = configText("good", "polite");
const names = () => fs.readdirSync(path.join(root, "runs")).filter((name) => name.startsWith(".verifying-"));
const request = ({ configText: config, seed, steps }: RunRequestMessage) => ({ config, seed, steps });

/** A verification whose window goes away after some runs. */
async function interrupted(done: number, pid = gone) {
  const first = window(pid);
  const ended = first.verifications.start(target(text, "good"), null);
  await new Promise<void>((resolve) => {
    first.verifications.onChange((job) => job.done >= done && resolve());
  });
  first.verifications.dispose();
  await ended;
  return asked.splice(0).slice(0, done).map(request);
}

describe("a verification that is interrupted", () => {
  it("shows in the next window what its runs decide, and goes on without repeating them", {
    tags: "thorough",
  }, async () => {
    const made = await interrupted(5);
    const next = window();
    await next.follow();
    expect(asked).toEqual([]);
    const job = next.verifications.of(uri, "good");
    expect(job).toMatchObject({ continuable: true, outcome: { kind: "verified", verification: { complete: false } } });
    const shown = job?.outcome?.kind === "verified" ? job.outcome.verification.conclusion.headline : "";
    expect(shown).toMatch(/^undecided: 5 of \d+ runs$/);

    const finished = await next.verifications.start(target(text, "good"), null);
    expect(finished.outcome).toMatchObject({ kind: "verified", verification: { complete: true } });
    expect(asked.length).toBeGreaterThan(0);
    for (const one of asked.map(request)) expect(made).not.toContainEqual(one);
    // Nothing remains to be continued.
    expect(names()).toEqual([]);
  });

  it("can be interrupted again", { tags: "thorough" }, async () => {
    await interrupted(5);
    const second = window(gone);
    await second.follow();
    const going = second.verifications.start(target(text, "good"), null);
    await expect.poll(() => asked.length).toBeGreaterThan(2);
    second.verifications.dispose();
    await going;
    const more = fs.readdirSync(path.join(root, "runs", names()[0]!)).filter((name) => /^\d+$/.test(name)).length;
    expect(more).toBeGreaterThan(5);
    const third = window();
    await third.follow();
    expect(third.verifications.of(uri, "good")?.continuable).toBe(true);
  });

  it("is one window's alone, and none's while its own window exists", { tags: "thorough" }, async () => {
    await interrupted(5, alive);
    const early = window();
    await early.follow();
    expect(early.verifications.of(uri, "good")).toBeUndefined();
    early.unfinished.dispose();
    const [name] = names();
    const about = path.join(root, "runs", name!, "about.json");
    fs.writeFileSync(about, fs.readFileSync(about, "utf8").replace(`"pid":${alive}`, `"pid":${gone}`));
    const both = [window(), window()];
    await Promise.all(both.map(({ follow }) => follow()));
    expect(both.filter(({ verifications }) => verifications.of(uri, "good"))).toHaveLength(1);
  });

  it("is forgotten if it is stopped before its runs decide anything, and if its config is unreadable", async () => {
    const first = window();
    const going = first.verifications.start(target(text, "good"), null);
    first.verifications.stop(uri, "good");
    expect((await going).outcome).toEqual({ kind: "cancelled" });
    fs.mkdirSync(path.join(root, "runs", ".verifying-1-1-1"), { recursive: true });
    fs.writeFileSync(path.join(root, "runs", ".verifying-1-1-1", "about.json"), "{");
    await window().follow();
    expect(names()).toEqual([]);
  });

  it("keeps what a damaged run's neighbours decide", { tags: "thorough" }, async () => {
    await interrupted(5);
    const [name] = names();
    const damaged = path.join(root, "runs", name!, "5", "events.out.tfevents.1.gradlens");
    fs.writeFileSync(damaged, fs.readFileSync(damaged).subarray(0, 200));
    const next = window();
    await next.follow();
    const outcome = next.verifications.of(uri, "good")?.outcome;
    expect(outcome?.kind === "verified" && outcome.verification.conclusion.headline).toMatch(
      /^undecided: 4 of \d+ runs$/,
    );
  });
});
