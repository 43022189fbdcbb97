/** Groups runs by config and model for the runs view, and filters them. Independent of VS Code. */

import path from "node:path";
import { byStart } from "../runs/startOrder.ts";
import type { ListedRun } from "./runList.ts";

export interface ModelGroup {
  readonly model: string;
  /** Pinned ones first, then the newest. */
  readonly runs: readonly ListedRun[];
}

export interface ConfigGroup {
  /** Path of the config or the program; empty if unknown. */
  readonly config: string;
  readonly models: readonly ModelGroup[];
}

/** The groups with the newest runs first. */
export function groupRuns(runs: readonly ListedRun[]): readonly ConfigGroup[] {
  const newest = [...runs].sort((a, b) => byStart(b, a));
  const configs = new Map<string, Map<string, ListedRun[]>>();
  for (const run of newest) {
    const models = configs.get(run.config) ?? new Map<string, ListedRun[]>();
    configs.set(run.config, models);
    const group = models.get(run.model) ?? [];
    models.set(run.model, group);
    group.push(run);
  }
  const pinned = (run: ListedRun): number => Number(run.label.pinned);
  return [...configs].map(([config, models]) => ({
    config,
    models: [...models].map(([model, group]) => ({ model, runs: group.sort((a, b) => pinned(b) - pinned(a)) })),
  }));
}

/** The runs that have every word of the filter in their name, note, model, config, kind, verdict or backend. */
export function filterRuns(runs: readonly ListedRun[], filter: string): readonly ListedRun[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return runs;
  return runs.filter((run) => {
    const { name, note, pinned } = run.label;
    const parts = [name, note, run.model, path.basename(run.config), path.basename(path.dirname(run.config))];
    const text = [...parts, run.kind, run.backend, run.verdict, pinned ? "pinned" : ""].join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
