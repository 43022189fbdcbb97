/** The host writes on a disk that takes no more: labels, the list of runs, and what a verification is about. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newFile, replaceFile } from "../../../../src/host/save/writeFile.ts";
import { KeptVerifications } from "../../../../src/host/store/keptVerifications.ts";
import { RunStore } from "../../../../src/host/store/runStore.ts";
import { RunEncoder } from "../../../../src/tensorboard/runEncoder.ts";
import { type Fault, fullDisk } from "../../files/fullDisk.ts";
import { configText, ended, harness, target, uri } from "../runHarness.ts";

let top = "";
let disk: ReturnType<typeof fullDisk> | null = null;
const opened: { dispose(): void }[] = [];

beforeEach(() => {
  top = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-full-store-"));
});
afterEach(() => {
  disk?.free();
  disk = null;
  for (const one of opened.splice(0)) one.dispose();
  fs.rmSync(top, { recursive: true, force: true });
});

function window() {
  const logged: string[] = [];
  const root = path.join(top, "runs");
  const h = harness();
  const options = {
    root: () => root,
    limits: () => ({ bytes: 2 ** 30, age: 1e12 }),
    keep: () => 10,
    uriOf: () => uri,
    log: (_: string, message: string) => logged.push(message),
  };
  const kept = new RunStore(options, h.runs, h.verifications);
  const verifications = new KeptVerifications(options);
  opened.push(kept, verifications, h);
  return { ...h, root, kept, verifications, logged };
}

/** A run of this window, with a file as the engine would write it. */
async function made({ runs, kept, root }: ReturnType<typeof window>) {
  const run = await ended(runs, runs.start("probe", target(configText(), "good"), "user"));
  const history = run.history?.snapshot();
  if (!history || !kept.place("probe", run.runId)) throw new Error("the run has no place");
  const encoder = new RunEncoder(history.info, { writer: "test", bound: 2 ** 20 });
  const begun = encoder.begin({ path: run.configPath, text: run.configText }, run.model);
  const folder = path.join(root, run.runId);
  fs.mkdirSync(folder);
  const end = encoder.end("completed", null, { kind: "completed" });
  fs.writeFileSync(path.join(folder, "events.out.tfevents.1.gradlens"), Buffer.concat([begun, end]));
  await kept.ended(run);
  return run;
}

const faults: readonly (readonly [Fault, number])[] = [
  ["ENOSPC", 0],
  ["ENOSPC", 20],
  ["EDQUOT", 0],
  ["EROFS", 0],
  ["EIO", 7],
];

describe.each(faults)("a disk that says %s after %d bytes", (fault, room) => {
  it("costs what the host writes, says each in the log, and loses no run", { tags: "thorough" }, async () => {
    const first = window();
    const run = await made(first);
    const begun = { configPath: run.configPath, configText: run.configText, model: "good", finding: null };

    disk = fullDisk(fault, room);
    await first.kept.label(run.runId, { name: "a name that is longer than the room" });
    expect(first.verifications.begin(begun).next()).toBeUndefined();
    await expect.poll(() => first.logged.some((line) => line.startsWith("The list of runs is not kept"))).toBe(true);
    disk.free();
    expect(new Set(first.logged.map((line) => line.replace(/: .*/, "")))).toEqual(
      new Set(["The label is not kept", "The runs of a verification are not kept", "The list of runs is not kept"]),
    );
    expect(first.logged.filter((line) => !line.includes(fault))).toEqual([]);
    const left = fs.readdirSync(top, { recursive: true }).map(String);
    expect(left.filter((name) => name.endsWith(".tmp"))).toEqual([]);

    // The window still knows the name, and writes it once there is room.
    expect(first.kept.labelOf(run.runId).name).toMatch(/^a name/);
    await first.kept.label(run.runId, { pinned: true });
    expect(first.verifications.begin(begun).next()).toMatchObject({ folder: "1" });
    const next = window();
    await next.kept.restore();
    expect(next.kept.index.entries.map(({ card }) => card)).toMatchObject([
      { runId: run.runId, label: { name: expect.stringMatching(/^a name/), pinned: true } },
    ]);
    expect(next.logged).toEqual([]);
  });

  it("costs a picture, a table or an example that is saved, and leaves the former one", () => {
    const file = path.join(top, "saved.csv");
    fs.writeFileSync(file, "former");
    const bytes = new Uint8Array(100).fill(65);
    disk = fullDisk(fault, room);
    expect(() => replaceFile(file, bytes)).toThrow(fault);
    disk.free();
    disk = fullDisk(fault, room);
    expect(() => newFile(path.join(top, "new.json"), bytes)).toThrow(fault);
    disk.free();
    expect(fs.readdirSync(top)).toEqual(["saved.csv"]);
    expect(fs.readFileSync(file, "utf8")).toBe("former");
  });
});
