/** A workspace comes with a run that names a config elsewhere: whoever made it must not choose where a training goes on. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { RunStore } from "../../../../src/host/store/runStore.ts";
import { isResumable, RunList } from "../../../../src/host/views/runList.ts";
import { RunEncoder } from "../../../../src/tensorboard/runEncoder.ts";
import { configText, ended, harness, target } from "../runHarness.ts";

const top = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-strange-"));
afterAll(() => fs.rmSync(top, { recursive: true }));

const workspace = path.join(top, "workspace");
const text = configText().replace('"steps": 5,', '"steps": 5, "checkpoint": { "folder": "kept" },');

/** Writes a training that was interrupted at its second step. */
async function write(folder: string, configPath: string): Promise<void> {
  const h = harness();
  const run = await ended(h.runs, h.runs.start("train", target(text, "good"), "user"));
  h.dispose();
  const { info, steps, rows } = run.history?.snapshot() ?? {};
  if (!info || !steps || !rows) throw new Error("the run has no history");
  const encoder = new RunEncoder({ ...info, kind: "train" }, { writer: "gradlens", bound: 2 ** 20 });
  const begun = encoder.begin({ path: configPath, text }, run.model);
  const row = rows.slice(0, info.columns.length);
  const step = encoder.step({ runId: info.runId, seq: 1, steps: steps.slice(0, 1), rows: row, profiles: [] });
  fs.mkdirSync(folder, { recursive: true });
  const bytes = Buffer.concat([begun, step ?? new Uint8Array(0), encoder.lastStep() ?? new Uint8Array(0)]);
  fs.writeFileSync(path.join(folder, "events.out.tfevents.1.gradlens"), bytes);
}

describe("a run that comes with a workspace", () => {
  it("can be resumed only if its config lies in the workspace, too", { tags: "thorough" }, async () => {
    const brought = path.join(workspace, ".gradlens/runs");
    const kept = path.join(top, "storage/runs");
    await write(path.join(brought, "train-1-1"), path.join(workspace, "gradlens.json"));
    await write(path.join(brought, "train-2-1"), path.join(top, "home/gradlens.json"));
    await write(path.join(kept, "train-3-1"), path.join(top, "home/gradlens.json"));
    const h = harness();
    const isInWorkspace = (file: string) => file.startsWith(`${workspace}${path.sep}`);
    const logged: string[] = [];
    const store = new RunStore(
      {
        root: () => kept,
        others: () => [brought],
        limits: () => ({ bytes: 2 ** 30, age: 1e12 }),
        keep: () => 10,
        uriOf: (file) => `file://${file}`,
        mayBeOf: (folder, config) => !isInWorkspace(folder) || isInWorkspace(config),
        log: (_, message) => logged.push(message),
      },
      h.runs,
      h.verifications,
    );
    const list = new RunList(h.runs, store);
    await store.restore();
    const found = list.all().map((run) => {
      const { folder = "" } = store.index.get(run.runId) ?? {};
      return [path.basename(folder), isResumable(run)] as const;
    });
    expect(new Map(found)).toEqual(
      new Map([
        ["train-1-1", true],
        ["train-2-1", false],
        ["train-3-1", true],
      ]),
    );
    const strange = list.all().find(({ config }) => config.includes("home") && config !== "");
    expect(strange).toBeDefined();
    const loaded = await store.load(path.join(brought, "train-2-1"));
    expect(loaded).toMatchObject({ uri: "", model: null });
    expect(logged).toEqual([]);
    list.dispose();
    store.dispose();
    h.dispose();
  });
});
