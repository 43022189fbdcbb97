/** The loss over the steps as an SVG whose colours suit a light and a dark background. */

import { documentWords } from "../../messages/documents.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatCount, formatNumber } from "../../protocol/numberText.ts";

const width = 600;
const height = 180;
const left = 56;
const right = width - 12;
const top = 12;
const bottom = height - 26;
const ink = "#8a8a8a";

/** Most points of the curve: of each column of pixels the lowest and the highest loss. */
const columns = right - left;

/** Null if fewer than two losses are finite. */
export function lossPicture(history: RunHistory): string | null {
  const losses = history.series("loss") ?? new Float64Array(0);
  const { steps } = history;
  const known = [...losses.keys()].filter((i) => Number.isFinite(losses[i]));
  if (known.length < 2) return null;
  const baseline = history.info.baselineLoss;
  const lossAt = (i: number): number => losses[i] ?? Number.NaN;
  const values = known.map(lossAt);
  const positive = values.every((v) => v > 0);
  const low = values.reduce((a, b) => Math.min(a, b), baseline ?? Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), baseline ?? Number.NEGATIVE_INFINITY);
  const scale = positive && low > 0 && high / low > 50 ? Math.log10 : (v: number): number => v;
  const [from, to] = [scale(low), scale(high)];
  const first = steps[0] ?? 0;
  const last = Math.max(steps.at(-1) ?? 1, first + 1);
  const x = (step: number): number => round(left + ((step - first) / (last - first)) * (right - left));
  const y = (v: number): number => round(bottom - ((scale(v) - from) / Math.max(to - from, 1e-12)) * (bottom - top));
  const points = thinned(known, (i) => x(steps[i] ?? 0), lossAt).map((i) => `${x(steps[i] ?? 0)},${y(lossAt(i))}`);
  const text = (at: number, height_: number, anchor: string, label: string): string =>
    `<text x="${at}" y="${height_}" text-anchor="${anchor}" fill="${ink}">${label}</text>`;
  const level =
    baseline === null
      ? ""
      : `<line x1="${left}" y1="${y(baseline)}" x2="${right}" y2="${y(baseline)}" stroke="${ink}" stroke-dasharray="5 4"/>${text(right, y(baseline) - 4, "end", documentWords().baseline)}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11"><path d="M${left} ${top}V${bottom}H${right}" fill="none" stroke="${ink}"/>${text(left - 6, top + 8, "end", formatNumber(high))}${text(left - 6, bottom, "end", formatNumber(low))}${text(left, height - 8, "start", documentWords().step(formatCount(first)))}${text(right, height - 8, "end", formatCount(last))}${level}<polyline fill="none" stroke="#3d85c6" stroke-width="1.5" points="${points.join(" ")}"/></svg>`;
}

/** The rows with the lowest and the highest loss of each column of pixels, in their order. */
function thinned(rows: readonly number[], x: (row: number) => number, value: (row: number) => number): number[] {
  if (rows.length <= 2 * columns) return [...rows];
  const byColumn = new Map<number, { low: number; high: number }>();
  for (const row of rows) {
    const column = Math.floor(x(row));
    const kept = byColumn.get(column);
    if (!kept) byColumn.set(column, { low: row, high: row });
    else if (value(row) < value(kept.low)) kept.low = row;
    else if (value(row) > value(kept.high)) kept.high = row;
  }
  return [...byColumn.values()].flatMap(({ low, high }) =>
    low === high ? [low] : [Math.min(low, high), Math.max(low, high)],
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
