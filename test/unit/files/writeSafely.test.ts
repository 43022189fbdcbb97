/** Writing below a root, with everything that a hostile repository can plant. */

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SafeFolder, UnsafePlace } from "../../../src/files/safeFolder.ts";
import { createFile, FreshFile, removeLeftovers, writeDurably, writeWhole } from "../../../src/files/writeSafely.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const posix = process.platform !== "win32";

/** With descriptors only where the system has them; with identities everywhere. */
const holds = process.platform === "linux" ? [true, false] : [false];

let top = "";
let root = "";
let elsewhere = "";
const opened: SafeFolder[] = [];

beforeEach(() => {
  top = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-files-")));
  root = path.join(top, "root");
  elsewhere = path.join(top, "elsewhere");
  fs.mkdirSync(root);
  fs.mkdirSync(elsewhere);
  fs.writeFileSync(path.join(elsewhere, "mine.txt"), "precious");
});
afterEach(() => {
  for (const folder of opened.splice(0)) folder.close();
  expect(fs.readdirSync(elsewhere)).toEqual(["mine.txt"]);
  expect(fs.readFileSync(path.join(elsewhere, "mine.txt"), "utf8")).toBe("precious");
  fs.rmSync(top, { recursive: true });
});

function open(folder: string, hold: boolean): SafeFolder {
  const made = SafeFolder.open(root, folder, { hold });
  opened.push(made);
  return made;
}

const text = (...parts: readonly string[]): string => fs.readFileSync(path.join(root, ...parts), "utf8");

describe.each(holds)("a file below a root (held by a descriptor: %s)", (hold) => {
  it("is written into new folders, replaces what was there, and leaves nothing beside it", async () => {
    const folder = open("a/b", hold);
    writeWhole(folder, "x.csv", bytes("one"));
    expect(text("a/b/x.csv")).toBe("one");
    await writeDurably(folder, "x.csv", [bytes("t"), bytes("wo")]);
    expect(text("a/b/x.csv")).toBe("two");
    expect(fs.readdirSync(path.join(root, "a/b"))).toEqual(["x.csv"]);
    expect(folder.path).toBe(path.join(root, "a/b"));
  });

  it("can grow after it has its name", () => {
    const folder = open("a", hold);
    const file = new FreshFile(folder, "x.csv");
    file.write(bytes("head\n"));
    expect(fs.existsSync(path.join(root, "a/x.csv"))).toBe(false);
    file.publish();
    file.write(bytes("row\n"));
    file.close();
    expect(text("a/x.csv")).toBe("head\nrow\n");
  });

  it("that was never published is removed, and so are a killed process's leftovers", () => {
    const folder = open("a", hold);
    new FreshFile(folder, "x").close();
    expect(folder.names()).toEqual([]);
    const killed = new FreshFile(folder, "x");
    expect(folder.names()).toEqual([expect.stringMatching(/^\.gradlens-[0-9a-f]{32}\.tmp$/)]);
    fs.writeFileSync(path.join(root, "a/.gradlens-mine.tmp"), "");
    removeLeftovers(folder);
    expect(folder.names()).toEqual([".gradlens-mine.tmp"]);
    killed.close();
  });

  it.each(["mine.txt", "not-there.txt"])("is not written through a link at its own name, to %s", async (target) => {
    const folder = open("a", hold);
    fs.symlinkSync(path.join(elsewhere, target), path.join(root, "a/x"));
    expect(() => writeWhole(folder, "x", bytes("evil"))).toThrow(/x" is a link, which is never followed; remove it/);
    await expect(writeDurably(folder, "x", [bytes("evil")])).rejects.toThrow(UnsafePlace);
    expect(() => createFile(folder, "x", bytes("evil"))).toThrow(/EEXIST/);
    expect(folder.names()).toEqual(["x"]);
  });

  it("is not published over a link that is planted after writing has begun", () => {
    const file = new FreshFile(open("a", hold), "x");
    file.write(bytes("evil"));
    fs.symlinkSync(path.join(elsewhere, "mine.txt"), path.join(root, "a/x"));
    expect(() => file.publish()).toThrow(/is a link, which is never followed; remove it/);
    file.close();
    expect(fs.readdirSync(path.join(root, "a"))).toEqual(["x"]);
  });

  it("does not change a file's other hard links", () => {
    const folder = open("a", hold);
    fs.linkSync(path.join(elsewhere, "mine.txt"), path.join(root, "a/x"));
    writeWhole(folder, "x", bytes("own"));
    expect(text("a/x")).toBe("own");
  });

  it.runIf(posix)("is refused in the place of a pipe or a folder, without waiting for a reader", () => {
    const folder = open("a", hold);
    execFileSync("mkfifo", [path.join(root, "a/pipe")]);
    fs.mkdirSync(path.join(root, "a/folder"));
    expect(() => writeWhole(folder, "pipe", bytes("x"))).toThrow(/is not a plain file; remove it/);
    expect(() => folder.read("pipe", 10)).toThrow(/is not a plain file; remove it/);
    expect(() => writeWhole(folder, "folder", bytes("x"))).toThrow(/is a folder; remove it/);
    expect(() => SafeFolder.open(root, "a/pipe", { hold })).toThrow(/ENOTDIR/);
  });

  it.each(["", "/not-there"])("is not written through a link at any parent, to elsewhere%s", (more) => {
    for (const link of ["a", "a/b", "a/b/c"]) {
      const place = path.join(root, link);
      fs.mkdirSync(path.dirname(place), { recursive: true });
      fs.symlinkSync(`${elsewhere}${more}`, place, "junction");
      expect(() => open("a/b/c", hold)).toThrow(/a link leads elsewhere/);
      fs.rmSync(path.join(root, "a"), { recursive: true });
    }
    fs.symlinkSync("a", path.join(root, "a"));
    expect(() => open("a/b", hold)).toThrow(/a link leads elsewhere/);
  });

  it("is written through a link that stays below the root", () => {
    fs.mkdirSync(path.join(root, "disk"));
    fs.symlinkSync(path.join(root, "disk"), path.join(root, "a"), "junction");
    writeWhole(open("a/b", hold), "x", bytes("own"));
    expect(text("disk/b/x")).toBe("own");
  });

  it.each(["../elsewhere", "a/../../elsewhere", ".."])("is not written to %s", (folder) => {
    expect(() => open(folder, hold)).toThrow(/is outside the permitted folder/);
    expect(() => open(path.join(root, folder), hold)).toThrow(/is outside the permitted folder/);
  });

  it.each(["../x", "..", ".", "", "b/x", "x\0"])("has a name and not a path: %j", (name) => {
    expect(() => writeWhole(open("a", hold), name, bytes("x"))).toThrow(/is not a file name/);
  });

  it("is not written elsewhere if its folder is replaced by a link meanwhile", () => {
    const folder = open("a/b", hold);
    const file = new FreshFile(folder, "mine.txt");
    file.write(bytes("evil"));
    fs.renameSync(path.join(root, "a/b"), path.join(root, "a/moved"));
    fs.symlinkSync(elsewhere, path.join(root, "a/b"), "junction");
    expect(folder.present).toBe(false);
    if (hold) {
      // The folder itself is still the one that was checked.
      file.publish();
      file.close();
      expect(text("a/moved/mine.txt")).toBe("evil");
    } else {
      expect(() => file.publish()).toThrow(/is no longer the same folder/);
      expect(() => writeWhole(folder, "mine.txt", bytes("evil"))).toThrow(/is no longer the same folder/);
      expect(() => file.close()).toThrow(/is no longer the same folder/);
    }
  });

  it("is named by its path in the system's errors", () => {
    const folder = open("a", hold);
    fs.mkdirSync(path.join(root, "a/x"));
    expect(() => folder.remove("x")).toThrow(path.join(root, "a/x"));
    expect(() => createFile(folder, "x", bytes(""))).toThrow(path.join(root, "a/x"));
  });

  it("is read whole up to a limit, and never through a link", () => {
    const folder = open("a", hold);
    expect(folder.read("x", 3)).toBeNull();
    writeWhole(folder, "x", bytes("four"));
    expect(folder.read("x", 4)?.toString()).toBe("four");
    expect(() => folder.read("x", 3)).toThrow(/was not written by Gradient Lens/);
    fs.symlinkSync(path.join(elsewhere, "mine.txt"), path.join(root, "a/link"));
    expect(() => folder.read("link", 100)).toThrow(/is a link/);
  });
});
