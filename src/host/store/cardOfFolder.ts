/** The card of a run on disk. */

import { restoredRun } from "./restoredRun.ts";
import { cardOfRun, cardOfStored, type RunCard } from "./runCard.ts";
import { readRunFolder } from "./runFolders.ts";

/** Null if the folder holds no run. A run without an end may still be going on. @param uriOf URI of a config's path */
export async function cardOfFolder(
  folder: string,
  runId: string,
  uriOf: (configPath: string) => string,
): Promise<RunCard | null> {
  const stored = await readRunFolder(folder, runId);
  const run = stored && restoredRun(stored, uriOf);
  if (!run) return stored && cardOfStored(stored);
  const card = cardOfRun(run, stored.label);
  return stored.end === null ? { ...card, end: null } : card;
}
