/** Runs an entry in full and as a probe, and saves what the rules need. */

import type { RunHistory } from "../../src/protocol/history.ts";
import type { BackendInfo } from "../../src/protocol/run.ts";
import type { ZooEntry } from "./entry.ts";
import { rivals } from "./rivals.ts";
import { type RunSpec, runEntry, type ZooRun } from "./runEntry.ts";
import { type Look, lookAt, type SavedRun, save } from "./savedRun.ts";

/** The seed of the judged run; no outcome was recorded with it. */
export const askedSeed = 1;

/** Shares of the training budget at which the diagnosis is asked whether the net will learn. */
export const shares = [0.05, 0.1, 0.25, 0.5, 1] as const;

/** Numbers of probe steps after which verdicts are compared: as on a busy machine, and as on an idle one. */
export const probeSteps = [60, 600] as const;

export function stepOf(share: number, steps: number): number {
  return Math.max(1, Math.round(share * steps));
}

export async function saveEntry(folder: string, entry: ZooEntry, backend: BackendInfo): Promise<void> {
  const at = shares.map((share) => stepOf(share, entry.steps));
  const train = await watched(entry, { kind: "train", seed: askedSeed, steps: entry.steps }, at, backend);
  const probe = await watched(
    entry,
    { kind: "probe", seed: askedSeed, steps: Math.max(...probeSteps) },
    probeSteps,
    backend,
  );
  save(folder, {
    name: entry.name,
    config: entry.config,
    train: train.saved,
    probe: probe.saved,
    rivals: Object.fromEntries(rivals.map(({ name, fires }) => [name, fires(train.run.figures)])),
  });
}

async function watched(
  entry: ZooEntry,
  spec: RunSpec,
  at: readonly number[],
  backend: BackendInfo,
): Promise<{ readonly run: ZooRun; readonly saved: SavedRun }> {
  const looks: Look[] = [];
  const look = (history: RunHistory): void => void looks.push(lookAt(history));
  const run = await runEntry(entry, { ...spec, each: (step, history) => at.includes(step) && look(history) }, backend);
  const { history, end } = run;
  // A run that diverged or ended early also has a last state.
  if (history && history.lastStep > (looks.at(-1)?.step ?? 0)) look(history);
  const { columns = [], layers = [], plannedSteps = null } = history?.info ?? {};
  return {
    run,
    saved: { end, plannedSteps, columns: [...columns], layers: layers.map(({ name }) => name), looks },
  };
}
