/** Runs side by side: the figures compared, and the order of the rows. */

import type { RunFigures } from "../../protocol/figures.ts";

export interface ReportedRun {
  readonly name: string;
  /** Name of the run it is compared with; null if there is none. */
  readonly base: string | null;
  /** Null if it was refused or stopped before its first step. */
  readonly figures: RunFigures | null;
  /** How it ended, in place of figures. */
  readonly end: string;
}

export interface RankedRun {
  readonly run: ReportedRun;
  /** 0, or more for a run shown below its base. */
  readonly depth: number;
}

/**
 * The lowest loss first, runs without a loss last. Every run stands directly below the one it is compared with; such a
 * family is placed by its best member.
 */
export function ranked(runs: readonly ReportedRun[]): readonly RankedRun[] {
  const names = new Set(runs.map((r) => r.name));
  const below = (base: string): readonly ReportedRun[] => runs.filter((r) => r.base === base && r.name !== base);
  const roots = runs.filter((r) => r.base === null || r.base === r.name || !names.has(r.base));
  const family = (run: ReportedRun): number =>
    Math.min(rank(run), ...below(run.name).map((child) => (child.base === run.name ? family(child) : rank(child))));
  const sorted = (siblings: readonly ReportedRun[]): readonly ReportedRun[] =>
    [...siblings].sort((a, b) => compare(family(a), family(b)));
  const walk = (run: ReportedRun, depth: number): readonly RankedRun[] => [
    { run, depth },
    ...sorted(below(run.name)).flatMap((child) => walk(child, depth + 1)),
  ];
  return sorted(roots).flatMap((root) => walk(root, 0));
}

/** Finite losses come before others, and those before missing ones. */
function rank({ figures }: ReportedRun): number {
  if (!figures) return Number.POSITIVE_INFINITY;
  return Number.isFinite(figures.loss) ? figures.loss : Number.MAX_VALUE;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
