/** Which ended runs a window forgets, and which results it keeps in any case. */

import type { Run } from "./run.ts";

/** At most this many models keep their newest run beyond the limit. */
const mostModels = 100;

/** The ended runs beyond the newest `keep`, without the newest result of each model: the editor shows it. */
export function oldestRuns(runs: readonly Run[], keep: number): readonly Run[] {
  const ended = runs.filter((run) => run.state === "ended");
  const newest = new Map<string, Run>();
  for (const run of ended.filter(saysSomething)) {
    const key = `${run.uri}\n${run.name}`;
    // Re-insert at the end to keep the map in order of time.
    newest.delete(key);
    newest.set(key, run);
  }
  // A long session sees many models; results of the oldest are dropped eventually.
  const shown = new Set([...newest.values()].slice(-mostModels));
  return ended.slice(0, Math.max(0, ended.length - keep)).filter((run) => !shown.has(run));
}

/** Whether an ended run measured something, or ended in a way that says something about its model. */
export function saysSomething(run: Run): boolean {
  return (run.history?.lastStep ?? 0) > 0 || run.end?.kind === "refused" || run.end?.kind === "failed";
}
