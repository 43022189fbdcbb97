/** Deletes runs so that they can be brought back: their folders get another name until they are removed for good. */

import fs from "node:fs";
import path from "node:path";
import { SafeFolder } from "../../files/safeFolder.ts";
import { deletedPrefix } from "./runFolders.ts";

/** Milliseconds after which a deleted run is not brought back by another window any more. */
const undoTime = 3_600_000;

/** Hides a run's folder. */
export function hideFolder(folder: string): void {
  rename(path.dirname(folder), path.basename(folder), hidden(folder));
}

/** Brings a hidden folder back. */
export function restoreFolder(folder: string): void {
  rename(path.dirname(folder), hidden(folder), path.basename(folder));
}

/** Removes a hidden folder for good, if it is one. */
export function removeHidden(folder: string): void {
  removeFolder(path.dirname(folder), hidden(folder));
}

/** Removes what was deleted long ago in a window that did not come to it. @param now milliseconds since 1970 */
export function removeOldHidden(root: string, now: number): void {
  const names = fs.existsSync(root) ? fs.readdirSync(root).filter((name) => name.startsWith(deletedPrefix)) : [];
  for (const name of names) if (now - fs.lstatSync(path.join(root, name)).ctimeMs > undoTime) removeFolder(root, name);
}

/** Removes a folder and its files. */
export function removeFolder(root: string, name: string): void {
  if (!fs.existsSync(path.join(root, name))) return;
  const folder = SafeFolder.open(root, root);
  try {
    folder.removeFolder(name);
  } finally {
    folder.close();
  }
}

function rename(root: string, from: string, to: string): void {
  const folder = SafeFolder.open(root, root);
  try {
    folder.rename(from, to);
  } finally {
    folder.close();
  }
}

function hidden(folder: string): string {
  return `${deletedPrefix}${path.basename(folder)}`;
}
