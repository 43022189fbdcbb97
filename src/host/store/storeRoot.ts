/** The folder in which all runs are kept. */

import { makeFolders, SafeFolder } from "../../files/safeFolder.ts";
import { createFile } from "../../files/writeSafely.ts";

/** Makes it if it is missing. It may lie within a project, whose history the runs do not belong to. */
export function makeStoreRoot(root: string): void {
  makeFolders(root);
  const folder = SafeFolder.open(root, root);
  try {
    if (folder.look(".gitignore") === "nothing") createFile(folder, ".gitignore", Buffer.from("*\n"));
  } finally {
    folder.close();
  }
}
