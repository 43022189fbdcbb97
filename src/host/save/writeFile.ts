/** Writes files that the user named, without following links in their place. */

import path from "node:path";
import { SafeFolder } from "../../files/safeFolder.ts";
import { createFile, writeWhole } from "../../files/writeSafely.ts";

/**
 * Creates or replaces a file. @throws UnsafePlace if a link, a folder or a device is in its place, else the system's
 * error.
 */
export function replaceFile(file: string, bytes: Uint8Array): void {
  inFolderOf(file, (folder, name) => writeWhole(folder, name, bytes));
}

/** Creates a file. @throws the system's EEXIST if anything has its name, including a dangling link. */
export function newFile(file: string, bytes: Uint8Array): void {
  inFolderOf(file, (folder, name) => createFile(folder, name, bytes));
}

function inFolderOf(file: string, write: (folder: SafeFolder, name: string) => void): void {
  const folder = SafeFolder.open(path.dirname(file), ".");
  try {
    write(folder, path.basename(file));
  } finally {
    folder.close();
  }
}
