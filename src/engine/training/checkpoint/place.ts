/** The place of a run's checkpoints: `<folder>/<model>`, below the config's folder. Only this run writes there. */

import path from "node:path";
import type { Problem } from "../../../config/problem.ts";
import type { CheckpointConfig, ResolvedModel } from "../../../config/resolved.ts";
import { FolderLock } from "../../../files/lock/folderLock.ts";
import { codeOf, SafeFolder, UnsafePlace } from "../../../files/safeFolder.ts";
import { buildingWords } from "../../../messages/building.ts";
import { checkpointFolder, type Kept, kinds } from "./folder.ts";
import { isArtifact } from "./writeArtifacts.ts";

/** Thrown if the folder has another owner. */
class TakenError extends Error {}

export class CheckpointPlace {
  readonly #root: string;
  readonly #home: string;
  #folder: SafeFolder;
  #lock: FolderLock;

  private constructor(root: string, home: string, folder: SafeFolder, lock: FolderLock) {
    this.#root = root;
    this.#home = home;
    this.#folder = folder;
    this.#lock = lock;
  }

  /**
   * Makes the folder and locks it, so that a run learns before its first step whether checkpoints can be written.
   *
   * @returns a problem at the config's `folder` if it is outside the config's folder, cannot be made, belongs to
   * another run, or contains something in the place of a file that will be written.
   */
  static async take(
    { folder, path: place }: CheckpointConfig,
    model: ResolvedModel,
    configPath: string,
  ): Promise<CheckpointPlace | Problem> {
    const root = path.dirname(configPath);
    const home = path.dirname(checkpointFolder(model, configPath, folder, "last"));
    try {
      const own = new CheckpointPlace(root, home, ...(await take(root, home)));
      try {
        own.#expectFiles();
        return own;
      } catch (error) {
        own.release();
        throw error;
      }
    } catch (error) {
      const message = buildingWords().cannotWriteCheckpoints({ folder, why: refusal(error) });
      return { severity: "error", message, path: [...place, "folder"], on: "value" };
    }
  }

  /** Opens a folder that the caller must close. If it was removed or moved meanwhile, it is made and locked again. */
  async open(kept: Kept): Promise<SafeFolder> {
    if (!this.#folder.present) {
      this.release();
      [this.#folder, this.#lock] = await take(this.#root, this.#home);
    }
    return this.#folder.inside(kept);
  }

  release(): void {
    this.#lock.release();
    this.#folder.close();
  }

  #expectFiles(): void {
    for (const kept of kinds) {
      const entry = this.#folder.look(kept);
      if (entry !== "folder" && entry !== "link") continue;
      const folder = this.#folder.inside(kept, { make: false });
      try {
        for (const name of folder.names()) if (isArtifact(name)) folder.expectFile(name);
      } finally {
        folder.close();
      }
    }
  }
}

async function take(root: string, home: string): Promise<[SafeFolder, FolderLock]> {
  const folder = SafeFolder.open(root, home);
  try {
    const lock = await FolderLock.take(folder);
    if (lock instanceof FolderLock) return [folder, lock];
    throw new TakenError(lock.message);
  } catch (error) {
    folder.close();
    throw error;
  }
}

function refusal(error: unknown): string {
  if (error instanceof TakenError) return buildingWords().taken(error.message);
  if (error instanceof UnsafePlace) return buildingWords().unsafe(error.message);
  return buildingWords().notMade(codeOf(error));
}
