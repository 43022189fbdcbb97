/** Checks that a single module opens files for writing, and that all others use it. */

import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../tools/root.ts";

/** The modules that may change files, and by which means. */
const WRITERS: Readonly<Record<string, string>> = {
  "src/files/safeFolder.ts": "folders and removals below a root",
  "src/files/writeSafely.ts": "files below a root",
  "src/host/save/writeUri.ts": "file systems of other extensions, which have no paths",
  "src/engine/readingThread/build.mjs": "the build, which is not shipped",
  "src/kernels/build.mjs": "the build, which is not shipped",
};

/** The functions of `node:fs` that only read. `openSync` and `open` count as reading with "r". */
const LOOKS = new Set([
  ...["existsSync", "accessSync", "statSync", "lstatSync", "fstatSync", "readdirSync", "readlinkSync", "realpathSync"],
  ...["readFileSync", "readSync", "closeSync", "watch", "constants", "promises"],
  ...["access", "stat", "lstat", "fstat", "readdir", "readlink", "realpath", "readFile", "read", "close"],
  ...["createReadStream", "Stats", "BigIntStats", "Dirent", "ReadStream", "FSWatcher", "FileHandle"],
]);

/** The names in a text that change files, or may do so. */
function changes(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const found: string[] = [];
  const judge = (name: string, after: string): void => {
    const opens = name === "openSync" || name === "open";
    if (LOOKS.has(name) || (opens && /^\s*\([^;"]*?,\s*(?:"r"|(?:fs\.)?(?:constants\.)?O_RDONLY\b)/.test(after)))
      return;
    // Writes to a descriptor that the process was started with.
    if (name === "writeSync" && /^\s*\(\s*[12]\s*,/.test(after)) return;
    found.push(name);
  };
  const imports = /import\s+(?:type\s+)?([^;"']*?)\s*from\s*["'](?:node:)?fs(?:\/promises)?["']/g;
  for (const [whole, clause = ""] of code.matchAll(imports)) {
    const rest = code.replace(whole, "");
    const named = /\{([^}]*)\}/.exec(clause)?.[1] ?? "";
    for (const one of named.split(",").map((part) => part.trim().replace(/^type\s+/, ""))) {
      if (one === "") continue;
      const [name = "", alias = name] = one.split(/\s+as\s+/);
      if (LOOKS.has(name)) continue;
      const uses = [...rest.matchAll(new RegExp(`(?<![\\w.])${alias}\\b`, "g"))];
      for (const { index } of uses) judge(name, rest.slice(index + alias.length));
    }
    const namespace = /(?:\*\s+as\s+)?([A-Za-z_$][\w$]*)\s*(?:,|$)/.exec(clause.replace(/\{[^}]*\}/, "").trim())?.[1];
    if (namespace === undefined) continue;
    // The module is passed on, or a member has a computed name: its use is unknown.
    for (const { 0: use, 1: name, index } of rest.matchAll(
      new RegExp(`(?<![\\w.])${namespace.replace("$", "\\$")}(?:\\.promises)?(?:\\.(\\w+)|\\b)`, "g"),
    ))
      if (name === undefined) found.push(namespace);
      else judge(name, rest.slice(index + use.length));
  }
  for (const [, name = ""] of code.matchAll(/workspace\s*\.\s*fs\s*\.\s*(\w+)/g))
    if (!["stat", "readFile", "readDirectory", "isWritableFileSystem"].includes(name))
      found.push(`workspace.fs.${name}`);
  if (/(?:require|import)\s*\(\s*["'](?:node:)?fs(?:\/promises)?["']/.test(code))
    found.push("fs, by require or import()");
  return found;
}

describe("writing files", () => {
  it.each([
    ['import fs from "node:fs"; fs.writeFileSync(a, b);', ["writeFileSync"]],
    ['import * as fs from "fs"; fs.promises.writeFile(a, b);', ["writeFile"]],
    ['import { open } from "node:fs/promises"; await open(a, "w");', ["open"]],
    ['import { open as o } from "node:fs/promises"; await o(a, flags);', ["open"]],
    ['import fs from "node:fs"; f(fs.openSync(a, "w"), "r");', ["openSync"]],
    ['import { openSync, rmSync } from "node:fs"; openSync(f(a), "r+"); rmSync(a);', ["openSync", "rmSync"]],
    ['import fs, { cpSync } from "node:fs"; cpSync(a, b); const w = fs["writeFileSync"];', ["cpSync", "fs"]],
    [
      'import fs from "node:fs"; fs.writeSync(descriptor, a); fs.createWriteStream(a);',
      ["writeSync", "createWriteStream"],
    ],
    ['const fs = require("node:fs");', ["fs, by require or import()"]],
    ["await vscode.workspace.fs.writeFile(a, b);", ["workspace.fs.writeFile"]],
    ['import fs from "node:fs"; fs.openSync(path.join(a, b), "r"); fs.readFileSync(a); fs.writeSync(2, "x");', []],
    ['import { type Stats, open } from "node:fs/promises"; await open(a, "r");', []],
    ["module.FS.writeFile(name, bytes);", []],
  ])("is detected in every form: %s", (text, found) => {
    expect(changes(text)).toEqual(found);
  });

  it("happens nowhere else", () => {
    const files = fs
      .readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" })
      .map((file) => path.posix.join("src", file.split(path.sep).join("/")))
      .filter((file) => /\.m?ts$|\.mjs$/.test(file) && !file.endsWith(".d.mts"));
    const found = files.flatMap((file) => {
      const names = changes(fs.readFileSync(path.join(root, file), "utf8"));
      return names.length > 0 ? [{ file, names }] : [];
    });
    expect(found.filter(({ file }) => !(file in WRITERS))).toEqual([]);
    expect(found.map(({ file }) => file).sort()).toEqual(Object.keys(WRITERS).sort());
  });
});
