/** The card of a run on disk. */

import { setImmediate } from "node:timers/promises";
import type { Run } from "../runs/run.ts";
import type { ReadRun } from "./reading/messages.ts";
import { foreignRun, restoredRun } from "./restoredRun.ts";
import { cardOfRun, cardOfStored, type RunCard } from "./runCard.ts";
import { isBeingWritten, readRunFolder } from "./runFolders.ts";

export interface ConfigPlaces {
  /** URI of a config's path. */
  readonly uriOf: (configPath: string) => string;
  /**
   * Whether a run in that folder may be of a config with that path. A workspace may come with runs, and whoever made them
   * must not choose the folder in which a training is resumed. Default: a run may be of any config.
   */
  readonly mayBeOf?: (folder: string, configPath: string) => boolean;
}

/** Null for a run that nobody describes, or of a config that is not understood, or that it must not be of. */
export function ownRun(
  stored: ReadRun,
  folder: string,
  { uriOf, mayBeOf }: ConfigPlaces,
  isWritten = false,
): Run | null {
  if (stored.config !== null && mayBeOf?.(folder, stored.config.path) === false) return null;
  return restoredRun(stored, uriOf, isWritten);
}

/**
 * Null if the folder holds no run. A run without an end may still be going on.
 *
 * @param follow takes the run of a program, described or not, which is read at once
 */
export async function cardOfFolder(
  folder: string,
  runId: string,
  places: ConfigPlaces,
  follow?: (run: Run) => void,
): Promise<RunCard | null> {
  const stored = await readRunFolder(folder, runId);
  if (!stored) return null;
  const isWritten = stored.end === null && (await isBeingWritten(folder));
  const run = ownRun(stored, folder, places, isWritten);
  if (!run) {
    follow?.(foreignRun(stored, isWritten));
    await setImmediate();
    return cardOfStored(stored);
  }
  if (run.program) follow?.(run);
  // Views have drawn the run by now: the editor may go on before it is summed up.
  await setImmediate();
  const card = cardOfRun(run, stored.label);
  return stored.end === null ? { ...card, end: null } : card;
}
