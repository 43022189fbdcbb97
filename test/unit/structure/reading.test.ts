/** Checks that a single module reads foreign files, and that all others use it. */

import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../tools/root.ts";

/** The modules that may read files, and which files. */
const READERS: Readonly<Record<string, string>> = {
  "src/engine/reading/boundedFile.ts": "foreign files, up to a limit",
  "src/engine/data/tasks/digits.ts": "images that come with the engine",
  "src/engine/formats/models/packedHdf5Library.ts": "the library that comes with the reading thread",
  "src/engine/backend/tensorflow.ts": "the manifest of a package that is loaded next",
  "src/engine/training/checkpoint/writeArtifacts.ts": "none, it writes",
  "src/kernels/wasm.ts": "the kernels that come with the engine",
  "src/host/inline/findingDocs.ts": "a page that comes with the extension",
  "src/host/store/runIndex.ts": "the list of runs that this program has written, up to a limit",
  "src/host/store/reading/thread.ts": "event files, streamed, up to a limit",
  "src/files/writeSafely.ts": "none, it writes",
  "src/files/safeFolder.ts": "files that this program has written, up to a limit",
  "src/files/lock/system.ts": "what Linux says of a process",
  "src/files/nativePackage.ts": "the manifest of a package that is loaded next",
};

/** The functions of `node:fs` that give a file's content. */
const reading =
  /\b(?:readFile(?:Sync)?|createReadStream|ReadStream|readSync|readvSync|openAsBlob|readLines)\b|\bfs(?:\.promises)?\.(?:read|open|readv)\b|\{[^}]*\bopen\b[^}]*\}\s*from\s*["'](?:node:)?fs\/promises["']/;

function reads(text: string): boolean {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  return /["'](?:node:)?fs(?:\/promises)?["']/.test(code) && reading.test(code);
}

function sources(): string[] {
  return fs
    .readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" })
    .map((file) => path.posix.join("src", file.split(path.sep).join("/")))
    .filter((file) => file.endsWith(".ts") && !file.startsWith("src/kernels/assembly"));
}

describe("reading files", () => {
  it.each([
    ['import fs from "node:fs"; fs.readFileSync(a);', true],
    ['import { readFile as r } from "fs/promises"; await r(a);', true],
    ['import { type FileHandle, open } from "node:fs/promises"; await open(a, "r");', true],
    ['import * as fs from "fs"; fs.promises.open(a);', true],
    ['import { createReadStream } from "node:fs"; createReadStream(a);', true],
    ['const { readFileSync } = require("fs");', true],
    ['import { stat } from "node:fs/promises"; await stat(a);', false],
    ['import fs from "node:fs"; fs.existsSync(a); backend.readSync(id);', true],
    ["backend.readSync(id);", false],
  ])("is detected in every form: %s", (text, found) => {
    expect(reads(text)).toBe(found);
  });

  it("happens nowhere else", () => {
    const found = sources().filter((file) => reads(fs.readFileSync(path.join(root, file), "utf8")));
    expect(found.filter((file) => !(file in READERS))).toEqual([]);
    expect(found).toContain("src/engine/reading/boundedFile.ts");
  });

  it("with HDF5's library, zip and table parsers happens only in the reading thread", () => {
    const parsers = ["hdf5.ts", "readSaved.ts", "readTable.ts", "readArray.ts"];
    const importers = sources().filter((file) => {
      const text = fs.readFileSync(path.join(root, file), "utf8");
      return parsers.some((parser) => new RegExp(`import \\{[^}]*\\} from "[^"]*/${parser}"`).test(text));
    });
    const inThread = [
      "src/engine/readingThread/worker.ts",
      "src/engine/formats/models/readHdf5.ts",
      "src/engine/formats/models/readKeras.ts",
      "src/engine/formats/models/readWeights.ts",
    ];
    expect(importers.filter((file) => !inThread.includes(file))).toEqual([]);
  });
});
