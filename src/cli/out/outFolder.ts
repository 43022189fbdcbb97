/** The folder of `--out`: one folder for each model, which TensorBoard shows as a run each. */

import path from "node:path";
import { FolderLock } from "../../files/lock/folderLock.ts";
import { isBelow, makeFolders, SafeFolder } from "../../files/safeFolder.ts";
import { isWritten } from "./runWriter.ts";

/** Descriptors are few on some systems (256 for a process on macOS); of more models than this no folder is held by one. */
const mostHeld = 100;

/** The folder of one model, which this process alone writes into. */
export interface OutFolder {
  readonly folder: SafeFolder;
  readonly lock: FolderLock;
}

/**
 * Makes the folders of the models, in their order, and becomes their owner; or says why it could not.
 *
 * @param out absolute. The user may name any place; but what lies in the working directory or beside the config came with
 * them, so links there must not lead out of them.
 * @param homes those two, absolute.
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
        return refused(`${shown}: ${lock.message}. Wait for its end, or name another folder with --out.`);
      }
      made.push({ folder, lock });
      // What cannot be replaced is to be known before the run, and not after it.
      for (const entry of folder.names()) if (isWritten(entry)) folder.expectFile(entry);
    }
    return made;
  } catch (error) {
    return refused(`${out}: cannot be written to: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function releaseOutFolders(folders: readonly OutFolder[]): void {
  for (const { folder, lock } of folders) {
    lock.release();
    folder.close();
  }
}

function innermost(folders: readonly string[]): string | undefined {
  return folders.reduce<string | undefined>(
    (most, of) => (most !== undefined && most.length > of.length ? most : of),
    undefined,
  );
}

/** Names that every file system takes and tells apart, as like the models' as can be. */
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
