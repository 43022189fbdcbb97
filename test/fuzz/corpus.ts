/** What is changed: the project's own examples and recorded files. */

import fs from "node:fs";
import path from "node:path";
import { root } from "../../tools/root.ts";

/** The files below a folder of the project whose names match, smaller than `most` bytes. */
function filesBelow(folder: string, name: RegExp, most: number): readonly string[] {
  const all = fs.readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map(({ parentPath, name: file }) => path.join(parentPath, file))
    .filter((file) => fs.statSync(file).size <= most)
    .sort();
}

export function exampleTexts(): readonly string[] {
  return filesBelow("examples", /^gradlens\.json$/, 40_000).map((file) => fs.readFileSync(file, "utf8"));
}

export function recordedFiles(folder: string, name: RegExp, most = 60_000): readonly Uint8Array[] {
  return filesBelow(path.join("test/fixtures", folder), name, most).map(
    (file) => new Uint8Array(fs.readFileSync(file)),
  );
}
