/** The folder of `--out`: one subfolder per model, which TensorBoard shows as a run each. */

import path from "node:path";
import { FolderLock } from "../../files/lock/folderLock.ts";
import { isBelow, makeFolders, SafeFolder } from "../../files/safeFolder.ts";
import { cliWords } from "../../messages/cli.ts";
import { isWritten } from "./runWriter.ts";

/** Most models whose folders are held open: some systems allow few descriptors (macOS: 256 per process). */
const mostHeld = 100;

/** The folder of one model; only this process writes into it. */
export interface OutFolder {
  readonly folder: SafeFolder;
  readonly lock: FolderLock;
}

/**
 * Makes the models' folders, in their order, and locks them, or returns the reason why it could not.
 *
 * @param out absolute. The user may name any place, but contents of the working directory or of the config's folder
 * came with them, so links there must not lead out of them.
 * @param homes those two folders, absolute.
 */
export async function makeOutFolders(
  out: string,
  models: readonly string[],
  homes: readonly string[],
): Promise<readonly OutFolder[] | { readonly message: string }> {
  const made: OutFolder[] = [];
  const refused = (message: string) => {
    releaseOutFolders(made);
    return { message };
  };
  try {
    const home = innermost(homes.filter((folder) => isBelow(folder, out)));
    if (home === undefined) makeFolders(out);
    for (const name of folderNames(models)) {
      const shown = path.join(out, name);
      const folder = SafeFolder.open(home ?? out, shown, models.length > mostHeld ? { hold: false } : {});
      const lock = await FolderLock.take(folder).catch((error: unknown) => {
        folder.close();
        throw error;
      });
      if (!(lock instanceof FolderLock)) {
        folder.close();
        return refused(cliWords().waitOrName({ folder: shown, reason: lock.message }));
      }
      made.push({ folder, lock });
      // Find out before the run, not after it, what cannot be replaced.
      for (const entry of folder.names()) if (isWritten(entry)) folder.expectFile(entry);
    }
    return made;
  } catch (error) {
    return refused(
      cliWords().cannotWrite({ folder: out, reason: error instanceof Error ? error.message : String(error) }),
    );
  }
}

export function releaseOutFolders(folders: readonly OutFolder[]): void {
  for (const { folder, lock } of folders) {
    lock.release();
    folder.close();
  }
}

/** Removes those released folders into which nothing was written. */
export function removeEmptyFolders(folders: readonly OutFolder[]): void {
  for (const { folder } of folders) {
    const [root, name] = [path.dirname(folder.path), path.basename(folder.path)];
    try {
      const parent = SafeFolder.open(root, root, { make: false });
      try {
        parent.removeEmptyFolder(name);
      } finally {
        parent.close();
      }
    } catch {
      // It holds what was there before, or another process uses it.
    }
  }
}

function innermost(folders: readonly string[]): string | undefined {
  return folders.reduce<string | undefined>(
    (most, of) => (most !== undefined && most.length > of.length ? most : of),
    undefined,
  );
}

/** Folder names that every file system accepts and distinguishes, as close to the models' names as possible. */
export function folderNames(models: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return models.map((model) => {
    const plain = model.replaceAll(/[^\p{L}\p{N}_. -]+/gu, "_").replace(/^[. ]+|(?<![. ])[. ]+$/g, "") || "model";
    let name = plain;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${plain}_${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
