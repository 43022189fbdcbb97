/** The card of a run on disk. */

import { restoredRun } from "./restoredRun.ts";
import { cardOfRun, cardOfStored, type RunCard } from "./runCard.ts";
import { readRunFolder } from "./runFolders.ts";

/** Null if the folder holds no run. @param uriOf URI of a config's path */
export async function cardOfFolder(
  folder: string,
  runId: string,
  uriOf: (configPath: string) => string,
): Promise<RunCard | null> {
  const stored = await readRunFolder(folder, runId);
  const run = stored && restoredRun(stored, uriOf);
  return run ? cardOfRun(run, stored.label) : stored && cardOfStored(stored);
}
