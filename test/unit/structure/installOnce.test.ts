import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { root } from "../../../tools/root.ts";
import { installOnce } from "../../../tools/vscode/installOnce.ts";

const cache = path.join(root, ".cache");

describe("a package that the tests install from npm", () => {
  let name = "";
  beforeEach(() => {
    name = `test-${randomUUID()}`;
  });
  const left = () => fs.readdirSync(cache).filter((entry) => entry.startsWith(name));
  afterEach(() => {
    for (const entry of left()) fs.rmSync(path.join(cache, entry), { recursive: true });
  });
  const write = async (dir: string) => fs.writeFileSync(path.join(dir, "a"), "whole");

  it("is installed once by processes that start together, and is available to all", async () => {
    let fills = 0;
    const slow = async (dir: string) => {
      fills++;
      await sleep(50);
      await write(dir);
    };
    const dirs = await Promise.all([1, 2, 3].map(() => installOnce(name, "v1", slow)));
    expect(fills).toBe(1);
    expect(dirs.map((dir) => fs.readFileSync(path.join(dir, "a"), "utf8"))).toEqual(["whole", "whole", "whole"]);
  });

  it("does not count as complete if its installation was interrupted", async () => {
    const half = async (dir: string) => {
      fs.writeFileSync(path.join(dir, "a"), "ha");
      throw new Error("network gone");
    };
    await expect(installOnce(name, "v1", half)).rejects.toThrow("network gone");
    const dir = await installOnce(name, "v1", write);
    expect(fs.readFileSync(path.join(dir, "a"), "utf8")).toBe("whole");
  });

  it("ignores the lock and the leftovers of a dead process", async () => {
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    fs.mkdirSync(path.join(cache, `${name}.partial-${dead}`), { recursive: true });
    fs.writeFileSync(path.join(cache, `${name}.lock`), String(dead));
    const dir = await installOnce(name, "v1", write);
    expect(left()).toEqual([path.basename(dir)]);
  });

  it("is installed again if another version is needed", async () => {
    const first = await installOnce(name, "v1", write);
    expect(await installOnce(name, "v2", write)).not.toBe(first);
  });
});
