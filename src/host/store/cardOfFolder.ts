/** The card of a run on disk. */

import type { Run } from "../runs/run.ts";
import { foreignRun, restoredRun } from "./restoredRun.ts";
import { cardOfRun, cardOfStored, type RunCard } from "./runCard.ts";
import { isBeingWritten, readRunFolder } from "./runFolders.ts";

/**
 * Null if the folder holds no run. A run without an end may still be going on.
 *
 * @param uriOf URI of a config's path
 * @param follow takes the run of a program, described or not, which is read at once
 */
export async function cardOfFolder(
  folder: string,
  runId: string,
  uriOf: (configPath: string) => string,
  follow?: (run: Run) => void,
): Promise<RunCard | null> {
  const stored = await readRunFolder(folder, runId);
  if (!stored) return null;
  const isWritten = stored.end === null && (await isBeingWritten(folder));
  const run = restoredRun(stored, uriOf, isWritten);
  if (!run) {
    follow?.(foreignRun(stored, isWritten));
    return cardOfStored(stored);
  }
  if (run.program) follow?.(run);
  const card = cardOfRun(run, stored.label);
  return stored.end === null ? { ...card, end: null } : card;
}
