/**
 * The folders in which runs are kept: listed, read, bounded in size and age, and removed. Independent of VS Code; the
 * engine writes them.
 */

import fs from "node:fs";
import path from "node:path";
import { SafeFolder } from "../../files/safeFolder.ts";
import { type EventFile, readRun } from "../../tensorboard/readRun.ts";
import type { StoredRun } from "../../tensorboard/storedRun.ts";

/** Name of a run's folder; anything else in the root is not ours and stays. */
const folderName = /^(?:probe|train)-\d{10,16}-\d{1,6}$/;

/** Most event files of one run that are read, and their size together. */
const mostFiles = 64;
const mostBytes = 2 ** 30;

export interface RunFolder {
  readonly name: string;
  /** Milliseconds since 1970 of its newest file. */
  readonly changed: number;
  readonly bytes: number;
}

/** The runs' folders, the newest last. An unreadable root has none. */
export async function listRunFolders(root: string): Promise<readonly RunFolder[]> {
  const names = (await fs.promises.readdir(root).catch(() => [])).filter((name) => folderName.test(name));
  const folders = await Promise.all(names.map((name) => measureFolder(path.join(root, name), name)));
  return folders.filter((folder) => folder !== null).sort((a, b) => startOf(a.name) - startOf(b.name));
}

async function measureFolder(folder: string, name: string): Promise<RunFolder | null> {
  try {
    const files = (await fs.promises.readdir(folder)).filter(isEventFile);
    const stats = await Promise.all(files.map((file) => fs.promises.lstat(path.join(folder, file))));
    const plain = stats.filter((stat) => stat.isFile());
    if (plain.length === 0) return null;
    return {
      name,
      changed: Math.max(...plain.map(({ mtimeMs }) => mtimeMs)),
      bytes: plain.reduce((sum, { size }) => sum + size, 0),
    };
  } catch {
    // Another window may be removing it.
    return null;
  }
}

/** The run in a folder, whoever wrote it; null if it holds none. */
export async function readRunFolder(folder: string, runId: string): Promise<StoredRun | null> {
  const names = (await fs.promises.readdir(folder).catch(() => [])).filter(isEventFile).sort();
  return await readEventFiles(
    names.slice(0, mostFiles).map((name) => path.join(folder, name)),
    runId,
    path.basename(folder),
  );
}

/** @param model what stands for the model's name if the files do not say it. */
export async function readEventFiles(
  files: readonly string[],
  runId: string,
  model: string,
): Promise<StoredRun | null> {
  const readable = await Promise.all(
    files.map(async (file) => ({ file, stat: await fs.promises.stat(file).catch(() => null) })),
  );
  const plain = readable.filter(({ stat }) => stat?.isFile());
  if (plain.reduce((sum, { stat }) => sum + (stat?.size ?? 0), 0) > mostBytes) return null;
  return await readRun(
    plain.map(({ file, stat }) => eventFile(file, stat?.size ?? 0)),
    runId,
    model,
  );
}

/** @param size bytes that are read: the file may grow in the meantime. */
function eventFile(file: string, size: number): EventFile {
  return {
    name: file,
    open: () => (size === 0 ? nothing() : fs.createReadStream(file, { end: size - 1, highWaterMark: 2 ** 18 })),
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** TensorBoard finds files by this part of their names, too. */
export function isEventFile(name: string): boolean {
  return name.includes("tfevents");
}

/** Removes a run for good. */
export function removeRunFolder(root: string, name: string): void {
  if (!folderName.test(name) || !fs.existsSync(path.join(root, name))) return;
  const folder = SafeFolder.open(root, root);
  try {
    folder.removeFolder(name);
  } finally {
    folder.close();
  }
}

/**
 * The folders to remove so that the others keep within the limits; the oldest go first.
 *
 * @param now milliseconds since 1970.
 */
export function outdated(
  folders: readonly RunFolder[],
  limits: { readonly bytes: number; readonly age: number },
  now: number,
): readonly string[] {
  let bytes = 0;
  const kept = new Set<string>();
  for (const folder of [...folders].reverse()) {
    bytes += folder.bytes;
    if (bytes <= limits.bytes && now - folder.changed <= limits.age) kept.add(folder.name);
  }
  return folders.filter(({ name }) => !kept.has(name)).map(({ name }) => name);
}

function startOf(name: string): number {
  return Number(name.split("-")[1]);
}
