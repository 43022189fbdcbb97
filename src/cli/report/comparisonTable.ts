/** The table that compares runs, with as many columns as fit the terminal. */

import { reportWords } from "../../messages/report.ts";
import type { FigureName, RunFigures } from "../../protocol/figures.ts";
import { formatDecades, formatGain, formatNumber } from "../../protocol/numberText.ts";
import { type RankedRun, type ReportedRun, ranked } from "./comparedRuns.ts";
import { atRight, columnWidths, displayWidth, fill, padded, wrap } from "./layout.ts";
import type { Style } from "./style.ts";

type Heads = ReturnType<typeof reportWords>["heads"];
type ColumnName = keyof Heads;

const number = (name: FigureName) => (f: RunFigures) => known(f[name], formatNumber);

const cellOf: { readonly [column in ColumnName]: (figures: RunFigures) => string } = {
  steps: (f) => String(f.steps),
  loss: (f) => formatNumber(f.loss),
  best: number("bestLoss"),
  test: number("testLoss"),
  baseline: number("baselineLoss"),
  reach: (f) => (Number.isNaN(f.horizon) ? "–" : `${f.horizon}/${f.requiredLag}`),
  decades: (f) => known(f.decades, formatDecades),
  gain: (f) => known(f.gain, formatGain),
  largest: (f) => formatNumber(f.largestGradientNorm),
  findings: findingsText,
};

/** Explanation of a column's head; null if it needs none. */
function meaningOf(column: ColumnName): string | null {
  const meanings: { readonly [column in ColumnName]?: string } = reportWords().meanings;
  const meaning = meanings[column];
  return meaning === undefined ? null : reportWords().meaning({ head: reportWords().heads[column], meaning });
}

/** Columns dropped one after the other if there is no room for all. */
const dispensable: readonly ColumnName[] = ["baseline", "steps", "gain", "best", "decades", "largest", "test"];

const widestName = 28;
const narrowestName = 8;
const gap = 2;

/** Lines without line ends: the head, one row per run, and the meaning of the columns. */
export function comparisonTable(runs: readonly ReportedRun[], width: number, style: Style): string[] {
  const rows = ranked(runs);
  const names = rows.map(nameText);
  const longest = Math.max(displayWidth(reportWords().model), ...names.map(displayWidth));
  const shown = fitting(rows, Math.min(widestName, longest), width);
  const cells = rows.map(({ run }) => shown.map((c) => (run.figures ? cellOf[c](run.figures) : "")));
  const widths = columnWidths([shown.map((c) => reportWords().heads[c]), ...cells]);
  const room = width - total(widths);
  const nameWidth = Math.max(Math.min(narrowestName, longest), Math.min(room, longest));
  const line = (name: string, texts: readonly string[]): string =>
    [fill(name, nameWidth), ...texts.map((t, i) => align(shown[i], t, widths[i] ?? 0))].join(" ".repeat(gap)).trimEnd();
  return [
    style.dim(
      line(
        reportWords().model,
        shown.map((c) => reportWords().heads[c]),
      ),
    ),
    ...rows.map(({ run }, i) => {
      const name = names[i] ?? run.name;
      if (!run.figures) return fill(`${fill(name, nameWidth)}${" ".repeat(gap)}${run.end}`, width).trimEnd();
      return painted(run.figures, style)(line(name, cells[i] ?? []));
    }),
    ...wrap(meanings(rows, shown), width, "").map(style.dim),
  ];
}

/** `1 error +2`: the number of the gravest findings, and of the others. */
export function findingsText({ errors, warnings, notes }: RunFigures): string {
  const others = errors + warnings + notes - (errors || warnings || notes);
  const and = others > 0 ? ` +${others}` : "";
  if (errors > 0) return `${reportWords().errors(errors)}${and}`;
  if (warnings > 0) return `${reportWords().warnings(warnings)}${and}`;
  return notes > 0 ? reportWords().notes(notes) : reportWords().none;
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
  let shown = all.filter((c) => rows.some(({ run }) => run.figures && cellOf[c](run.figures) !== "–"));
  for (const next of dispensable) {
    const cells = rows.map(({ run }) => shown.map((c) => (run.figures ? cellOf[c](run.figures) : "")));
    if (nameWidth + total(columnWidths([shown.map((c) => reportWords().heads[c]), ...cells])) <= width) break;
    shown = shown.filter((c) => c !== next);
  }
  return shown;
}

/** Total width of the columns beside the name, with the gaps before them. */
function total(widths: readonly number[]): number {
  return widths.reduce((sum, w) => sum + w + gap, 0);
}

function align(column: ColumnName | undefined, text: string, width: number): string {
  return column === "findings" ? padded(text, width) : atRight(text, width);
}

function meanings(rows: readonly RankedRun[], shown: readonly ColumnName[]): string {
  const baselines = [...new Set(rows.flatMap(({ run }) => (run.figures ? [run.figures.baselineLoss] : [])))];
  const [common] = baselines;
  const hidden =
    !shown.includes("baseline") && baselines.length === 1 && common !== undefined && !Number.isNaN(common)
      ? [reportWords().meaning({ head: reportWords().heads.baseline, meaning: formatNumber(common) })]
      : [];
  const explained = shown.flatMap((column) => meaningOf(column) ?? []);
  return [...hidden, ...explained].join(" · ");
}

function painted({ errors, warnings }: RunFigures, style: Style): (text: string) => string {
  if (errors > 0) return style.severity.error;
  return warnings > 0 ? style.severity.warning : (text) => text;
}

function known(value: number, format: (value: number) => string): string {
  return Number.isNaN(value) ? "–" : format(value);
}
