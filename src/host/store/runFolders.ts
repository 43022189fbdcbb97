/** The folders in which runs are kept: listed, measured, read. Independent of VS Code; the engine writes them. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { ReadRun } from "./reading/messages.ts";
import { readRunFiles } from "./reading/runReader.ts";

/** Name of a folder that our engine has made. Only such folders are removed when they are outdated. */
const ownName = /^(?:probe|train)-\d{10,16}-\d{1,6}$/;

/** Folders that begin with this were deleted, and may be brought back. */
export const deletedPrefix = ".deleted-";

/** Most event files of one run that are read, and their size together. */
const mostFiles = 64;
const mostBytes = 2 ** 30;

/** Most folders beside each other that are searched for further ones. */
const mostGroups = 1000;

/** Most folders of one root that are listed. */
const mostFolders = 20_000;

export interface RunFolder {
  /** Absolute. */
  readonly folder: string;
  /** Milliseconds since 1970 of its newest file. */
  readonly changed: number;
  readonly bytes: number;
}

export function isOwnFolder(folder: string): boolean {
  return ownName.test(path.basename(folder));
}

/** Folders that are read together: a system call each, made by a few threads. */
const atOnce = 64;

/** Levels of folders below a root in which programs may group their runs. */
const deepest = 3;

/** Most folders of one root that are searched for further ones: it may be a link to anything. */
const mostSearched = 5000;

/**
 * Absolute paths of the folders with runs in a root. An unreadable root has none.
 *
 * @param most folders that are searched for further ones
 */
export async function listFolders(root: string, most = mostSearched): Promise<readonly string[]> {
  const found: string[] = [];
  let searched = 0;
  let level: readonly string[] = [root];
  for (let depth = 0; depth < deepest; depth++) {
    const next: string[] = [];
    for (let at = 0; at < level.length && searched < most && found.length < mostFolders; at += atOnce) {
      const some = level.slice(at, at + atOnce);
      searched += some.length;
      for (const folders of await Promise.all(some.map(foldersIn))) {
        found.push(...folders);
        if (folders.length <= mostGroups) next.push(...folders.filter((folder) => !isOwnFolder(folder)));
      }
    }
    level = next;
  }
  return found.slice(0, mostFolders);
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await fs.promises.readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .slice(0, mostFolders)
    .map(({ name }) => path.join(folder, name));
}

/** Null if it holds no event file. */
export async function measureFolder(folder: string): Promise<RunFolder | null> {
  try {
    const files = await eventFiles(folder);
    const stats = await Promise.all(files.map((file) => fs.promises.lstat(file)));
    const plain = stats.filter((stat) => stat.isFile());
    if (plain.length === 0) return null;
    return {
      folder,
      changed: Math.max(...plain.map(({ mtimeMs }) => mtimeMs)),
      bytes: plain.reduce((sum, { size }) => sum + size, 0),
    };
  } catch {
    // Another window may be removing it.
    return null;
  }
}

/** Absolute paths of a folder's event files. */
export async function eventFiles(folder: string): Promise<readonly string[]> {
  const names = (await fs.promises.readdir(folder).catch(() => [])).filter(isEventFile).sort();
  return names.slice(0, mostFiles).map((name) => path.join(folder, name));
}

/** The run in a folder, whoever wrote it; null if it holds none. */
export async function readRunFolder(folder: string, runId: string): Promise<ReadRun | null> {
  return await readEventFiles(await eventFiles(folder), runId, path.basename(folder));
}

/** @param model what stands for the model's name if the files do not say it. */
async function readEventFiles(files: readonly string[], runId: string, model: string): Promise<ReadRun | null> {
  const readable = await Promise.all(
    files.map(async (file) => ({ file, stat: await fs.promises.stat(file).catch(() => null) })),
  );
  const plain = readable.filter(({ stat }) => stat?.isFile());
  if (plain.reduce((sum, { stat }) => sum + (stat?.size ?? 0), 0) > mostBytes) return null;
  return await readRunFiles({
    files: plain.map(({ file, stat }) => ({ name: file, content: stat?.size ?? 0 })),
    runId,
    model,
  });
}

/** TensorBoard finds files by this part of their names, too. */
export function isEventFile(name: string): boolean {
  return name.includes("tfevents");
}

/** Milliseconds for which a file of another machine may rest while its process goes on. */
const rest = 10 * 60_000;

/** Whether a file's name names a process that still exists. A process of another machine counts while it writes. */
export async function isBeingWritten(folder: string): Promise<boolean> {
  const found = await Promise.all(
    (await eventFiles(folder)).map(async (file) => {
      const parts = /^events\.out\.tfevents\.\d+\.(.+)\.(\d+)\.(?:gradlens(?:\.\d+)?|\d+)$/.exec(path.basename(file));
      if (!parts) return false;
      // Writers replace characters of the host's name in ways of their own.
      if (plain(parts[1] ?? "") !== plain(os.hostname())) {
        const stat = await fs.promises.stat(file).catch(() => null);
        return stat !== null && Date.now() - stat.mtimeMs < rest;
      }
      try {
        return process.kill(Number(parts[2]), 0);
      } catch (error) {
        // The process of another user exists.
        return error instanceof Error && "code" in error && error.code === "EPERM";
      }
    }),
  );
  return found.includes(true);
}

function plain(host: string): string {
  return host.replaceAll(/[^A-Za-z0-9]/g, "-");
}
