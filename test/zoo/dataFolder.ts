/** The folder with the data files of this process's entries; it is removed when the process ends. */

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

/** For programs whose process continues, or ends without exit events. */
export function removeDataFolder(): void {
  if (root !== null) fs.rmSync(root, { recursive: true, force: true });
  root = null;
}

/** A unique file or folder name for an entry: letters, digits and hyphens, with a digest of the full name. */
export function slugOf(name: string): string {
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  const readable = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return `${readable.slice(0, 60)}-${digest}`;
}

/** Writes the files that the entry's config names, once, and returns the path of the config beside them. */
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
