/** The file of a run on a disk that takes no more, at any byte of it: the run goes on, and what was written can be read. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { RunFile } from "../../../../src/engine/process/runFile.ts";
import { readRunFolder } from "../../../../src/host/store/runFolders.ts";
import type { Frame } from "../../../../src/protocol/frame.ts";
import { budget, sampled } from "../../../budget.ts";
import { type Fault, fullDisk } from "../../files/fullDisk.ts";
import { configText, ended, harness, target } from "../../host/runHarness.ts";

const top = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-run-file-"));
afterAll(() => fs.rmSync(top, { recursive: true }));

let disk: ReturnType<typeof fullDisk> | null = null;
afterEach(() => {
  disk?.free();
  disk = null;
});

const steps = 2000;

/** Facts and frames of a run, and the bytes that its file takes. */
async function measured() {
  const h = harness();
  const run = await ended(h.runs, h.runs.start("probe", target(configText(), "good"), "user"));
  h.dispose();
  const info = run.history?.info;
  if (!info) throw new Error("the run has no facts");
  const frames = Array.from({ length: steps }, (_, i): Frame => {
    const rows = new Float64Array(info.columns.length).fill(Math.sin(i));
    return { runId: run.runId, seq: i + 1, steps: Float64Array.of(i + 1), rows, profiles: [] };
  });
  return { run, info, frames };
}

function descriptors(): number {
  return process.platform === "linux" ? fs.readdirSync("/proc/self/fd").length : 0;
}

describe("the file of a run on a disk that takes no more", () => {
  it.each(sampled<Fault>(["ENOSPC", "EDQUOT", "EROFS", "EIO"], 4, 0, 1))(
    "says %s once, and keeps what it has",
    { tags: "thorough" },
    async (fault) => {
      const { run, info, frames } = await measured();
      const content = { configPath: run.configPath, configText: run.configText, model: run.model };
      const rooms = [0, 1, 30, 200, 1000, 5000, 20_000, 50_000, 66_000, 70_000].filter(
        (_, i) => i % budget(4, 1, 2) === 0,
      );
      const before = descriptors();
      for (const room of rooms) {
        const folder = `${fault}-${room}`;
        const said: string[] = [];
        const file = new RunFile({ root: top, folder, bound: 2 ** 22 }, content, (text) => said.push(text));
        disk = fullDisk(fault, room);
        file.started(info);
        for (const frame of frames) file.step(frame);
        file.ended({ kind: "completed" });
        disk.free();
        expect([room, said]).toEqual([room, [expect.stringMatching(new RegExp(`not kept on disk: ${fault}`))]]);
        const left = fs.existsSync(path.join(top, folder)) ? fs.readdirSync(path.join(top, folder)) : [];
        expect(left.filter((name) => name.endsWith(".tmp"))).toEqual([]);
        const stored = left.length === 0 ? null : await readRunFolder(path.join(top, folder), folder);
        if (!stored) continue;
        expect(stored.end).toBeNull();
        expect(stored.damaged).toBe(0);
        const read = [...stored.history.steps];
        expect(read).toEqual([...read.keys()].map((i) => i + 1));
      }
      expect(descriptors()).toBeLessThanOrEqual(before);
    },
  );
});
