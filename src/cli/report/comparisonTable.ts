/** The table that compares runs, with as many columns as fit the terminal. */

import type { FigureName, RunFigures } from "../../protocol/figures.ts";
import { formatDecades, formatGain, formatNumber } from "../../protocol/numberText.ts";
import { type RankedRun, type ReportedRun, ranked } from "./comparedRuns.ts";
import { columnWidths, fill, wrap } from "./layout.ts";
import type { Style } from "./style.ts";

interface Column {
  readonly head: string;
  /** Explanation of the head, if it needs one. */
  readonly meaning?: string;
  readonly cell: (figures: RunFigures) => string;
}

const number = (name: FigureName) => (f: RunFigures) => known(f[name], formatNumber);

const columns = {
  steps: { head: "steps", cell: (f) => String(f.steps) },
  loss: { head: "loss", meaning: "mean of the newest", cell: (f) => formatNumber(f.loss) },
  best: { head: "best", meaning: "lowest loss of a step", cell: number("bestLoss") },
  test: { head: "test", meaning: "newest loss on the samples kept for testing", cell: number("testLoss") },
  baseline: { head: "baseline", meaning: "loss of the best constant", cell: number("baselineLoss") },
  reach: {
    head: "reach",
    meaning: "timesteps back, of those required, in the layer that reaches farthest",
    cell: (f) => (Number.isNaN(f.horizon) ? "–" : `${f.horizon}/${f.requiredLag}`),
  },
  decades: {
    head: "decades",
    meaning: "powers of ten lost (−) or gained (+) down to timestep 1",
    cell: (f) => known(f.decades, formatDecades),
  },
  gain: { head: "gain", meaning: "mean factor per timestep", cell: (f) => known(f.gain, formatGain) },
  largest: {
    head: "max ‖∇‖",
    meaning: "largest norm of all weight gradients before clipping",
    cell: (f) => formatNumber(f.largestGradientNorm),
  },
  findings: { head: "findings", cell: findingsText },
} as const satisfies { readonly [name: string]: Column };
type ColumnName = keyof typeof columns;

/** Columns dropped one after the other if there is no room for all. */
const dispensable: readonly ColumnName[] = ["baseline", "steps", "gain", "best", "decades", "largest", "test"];

const widestName = 28;
const narrowestName = 8;
/** `model`, the head of the names. */
const shortestName = 5;
const gap = 2;

/** Lines without line ends: the head, one row per run, and the meaning of the columns. */
export function comparisonTable(runs: readonly ReportedRun[], width: number, style: Style): string[] {
  const rows = ranked(runs);
  const names = rows.map(nameText);
  const longest = Math.max(shortestName, ...names.map((n) => n.length));
  const shown = fitting(rows, Math.min(widestName, longest), width);
  const cells = rows.map(({ run }) => shown.map((c) => (run.figures ? columns[c].cell(run.figures) : "")));
  const widths = columnWidths([shown.map((c) => columns[c].head), ...cells]);
  const room = width - total(widths);
  const nameWidth = Math.max(Math.min(narrowestName, longest), Math.min(room, longest));
  const line = (name: string, texts: readonly string[]): string =>
    [fill(name, nameWidth), ...texts.map((t, i) => align(shown[i], t, widths[i] ?? 0))].join(" ".repeat(gap)).trimEnd();
  return [
    style.dim(
      line(
        "model",
        shown.map((c) => columns[c].head),
      ),
    ),
    ...rows.map(({ run }, i) => {
      const name = names[i] ?? run.name;
      if (!run.figures) return `${fill(name, nameWidth)}${" ".repeat(gap)}${run.end}`.slice(0, width);
      return painted(run.figures, style)(line(name, cells[i] ?? []));
    }),
    ...wrap(meanings(rows, shown), width, "").map(style.dim),
  ];
}

/** `1 error +2`: the number of the gravest findings, and of the others. */
export function findingsText({ errors, warnings, notes }: RunFigures): string {
  const counts = [
    [errors, "error"],
    [warnings, "warning"],
    [notes, "note"],
  ] as const;
  const gravest = counts.find(([n]) => n > 0);
  if (!gravest) return "none";
  const [n, noun] = gravest;
  const others = errors + warnings + notes - n;
  return `${n} ${noun}${n === 1 ? "" : "s"}${others > 0 ? ` +${others}` : ""}`;
}

function nameText({ run, depth }: RankedRun): string {
  return depth === 0 ? run.name : `${"  ".repeat(depth - 1)}└ ${run.name}`;
}

function fitting(rows: readonly RankedRun[], nameWidth: number, width: number): readonly ColumnName[] {
  const all: readonly ColumnName[] = [
    "steps",
    "loss",
    "best",
    "test",
    "baseline",
    "reach",
    "decades",
    "gain",
    "largest",
    "findings",
  ];
  let shown = all.filter((c) => rows.some(({ run }) => run.figures && columns[c].cell(run.figures) !== "–"));
  for (const next of dispensable) {
    const cells = rows.map(({ run }) => shown.map((c) => (run.figures ? columns[c].cell(run.figures) : "")));
    if (nameWidth + total(columnWidths([shown.map((c) => columns[c].head), ...cells])) <= width) break;
    shown = shown.filter((c) => c !== next);
  }
  return shown;
}

/** Total width of the columns beside the name, with the gaps before them. */
function total(widths: readonly number[]): number {
  return widths.reduce((sum, w) => sum + w + gap, 0);
}

function align(column: ColumnName | undefined, text: string, width: number): string {
  return column === "findings" ? text.padEnd(width) : text.padStart(width);
}

function meanings(rows: readonly RankedRun[], shown: readonly ColumnName[]): string {
  const baselines = [...new Set(rows.flatMap(({ run }) => (run.figures ? [run.figures.baselineLoss] : [])))];
  const [common] = baselines;
  const hidden =
    !shown.includes("baseline") && baselines.length === 1 && common !== undefined && !Number.isNaN(common)
      ? [`baseline: ${formatNumber(common)}`]
      : [];
  const explained = shown.flatMap((c) => {
    const column: Column = columns[c];
    return column.meaning === undefined ? [] : [`${column.head}: ${column.meaning}`];
  });
  return [...hidden, ...explained].join(" · ");
}

function painted({ errors, warnings }: RunFigures, style: Style): (text: string) => string {
  if (errors > 0) return style.severity.error;
  return warnings > 0 ? style.severity.warning : (text) => text;
}

function known(value: number, format: (value: number) => string): string {
  return Number.isNaN(value) ? "–" : format(value);
}
