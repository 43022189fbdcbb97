/** A folder of runs that is a link to anything, or that somebody has filled with folders. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { listFolders } from "../../../../src/host/store/runFolders.ts";
import { RunIndex } from "../../../../src/host/store/runIndex.ts";

const top = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-folders-"));
const groups = 30;

beforeAll(() => {
  for (let i = 0; i < groups; i++)
    for (let j = 0; j < groups; j++) fs.mkdirSync(path.join(top, "many", `g${i}`, `f${j}`), { recursive: true });
  fs.symlinkSync(path.join(top, "many"), path.join(top, "runs"));
});
afterAll(() => fs.rmSync(top, { recursive: true }));

describe("thousands of folders without runs", () => {
  it("are searched up to a limit, the outer ones first", async () => {
    const looks = vi.spyOn(fs.promises, "readdir");
    const found = await listFolders(path.join(top, "runs"), 500);
    const searched = looks.mock.calls.length;
    looks.mockRestore();
    expect(found).toHaveLength(groups + groups * groups);
    expect(found.slice(0, groups).every((folder) => path.dirname(folder) === path.join(top, "runs"))).toBe(true);
    expect(searched).toBeGreaterThan(groups);
    expect(searched).toBeLessThan(500 + 64);
  });

  it("are not read again unless they change", { tags: "thorough" }, async () => {
    // What was touched a moment ago may still get its first file without its time telling.
    const past = new Date(Date.now() - 60_000);
    for (const folder of await listFolders(path.join(top, "runs"))) fs.utimesSync(folder, past, past);
    const read = vi.fn(async () => null);
    const report = (what: string, error: unknown) => {
      throw new Error(`${what}: ${error}`);
    };
    const index = new RunIndex({ roots: () => [path.join(top, "runs")], read, isOwn: () => false, report });
    const readdir = vi.spyOn(fs.promises, "readdir");
    const looks = async () => {
      readdir.mockClear();
      await index.refresh();
      return readdir.mock.calls.length;
    };
    const first = await looks();
    const second = await looks();
    expect(first - second).toBe(groups + groups * groups);
    const changed = path.join(top, "many/g3/f5");
    fs.writeFileSync(path.join(changed, "events.out.tfevents.1.x.1.0"), "");
    await looks();
    expect(read.mock.calls).toEqual([[path.join(top, "runs/g3/f5"), path.join(top, "runs/g3/f5")]]);
    readdir.mockRestore();
    index.dispose();
  });
});
