/** Where the data files of this process's entries are: a folder of its own, which goes with the process. */

import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { ZooEntry } from "./entry.ts";

let root: string | null = null;

function rootFolder(): string {
  if (root === null) {
    const made = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-zoo-"));
    process.on("exit", removeDataFolder);
    root = made;
  }
  return root;
}

/** For programs whose process goes on, or ends without a word. */
export function removeDataFolder(): void {
  if (root !== null) fs.rmSync(root, { recursive: true, force: true });
  root = null;
}

/** A name for files and folders that tells entries apart: letters, digits and hyphens, with a digest of the whole. */
export function slugOf(name: string): string {
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  const readable = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return `${readable.slice(0, 60)}-${digest}`;
}

/** Writes what the entry's config names, once, and says which path the config has beside it. */
export function configPathOf(entry: Pick<ZooEntry, "name" | "files">): string {
  const files = Object.entries(entry.files);
  if (files.length === 0) return path.resolve("gradlens.json");
  const folder = path.join(rootFolder(), slugOf(entry.name));
  if (!fs.existsSync(folder)) {
    fs.mkdirSync(folder);
    for (const [file, make] of files) fs.writeFileSync(path.join(folder, file), make());
  }
  return path.join(folder, "gradlens.json");
}
