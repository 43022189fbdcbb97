/** Files that the user has named, written without following whatever links stand in their place. */

import path from "node:path";
import { SafeFolder } from "../../files/safeFolder.ts";
import { createFile, writeWhole } from "../../files/writeSafely.ts";

/** Replaces a file or makes it. @throws UnsafePlace where a link, a folder or a device stands, else what the system says. */
export function replaceFile(file: string, bytes: Uint8Array): void {
  inFolderOf(file, (folder, name) => writeWhole(folder, name, bytes));
}

/** Makes a file. @throws the system's EEXIST where anything has its name, a link that leads nowhere included. */
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
