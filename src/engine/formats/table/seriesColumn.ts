/** Finds the column that names the series of a table whose times occur several times. */

import type { Row } from "./csvRows.ts";
import type { Layout } from "./layout.ts";

/** Rows that are looked at; the result is a suggestion. */
const maxRows = 100_000;
const maxCandidates = 6;
/** A longer cell is a text, not a name. */
const maxName = 60;

/**
 * The column, or two of them, with which every time occurs once; null: there is none.
 *
 * @param each walks through the rows that are read.
 * @param times positions of the columns with the times.
 * @param excluded positions of columns that hold values, such as the targets.
 */
export function seriesColumn(
  each: (visit: (row: Row) => boolean) => void,
  { names, sample, headerLine, before }: Layout,
  times: readonly number[],
  excluded: readonly number[],
): readonly string[] | null {
  const candidates = names
    .map((_, i) => i)
    .filter((i) => !times.includes(i) && !excluded.includes(i) && namesSeries(sample.map((row) => row[i] ?? "")))
    .slice(0, maxCandidates);
  const pairs = candidates.flatMap((a, k) => candidates.slice(k + 1).map((b) => [a, b]));
  const groups = [...candidates.map((a) => [a]), ...pairs].map((columns) => ({
    columns,
    series: new Set<string>(),
    moments: new Set<string>(),
    again: 0,
  }));
  const start = headerLine ?? before.at(-1) ?? 0;
  let rows = 0;
  each((row) => {
    if (row.line <= start || row.cells < names.length) return true;
    const time = times.map((i) => row.text(i)).join(" ");
    for (const group of groups) {
      if (group.again > 0) continue;
      const series = group.columns.map((i) => row.text(i)).join("\u0000");
      group.series.add(series);
      const moment = `${series}\u0000${time}`;
      if (group.moments.has(moment)) group.again++;
      else group.moments.add(moment);
    }
    return ++rows < maxRows;
  });
  const found = groups.find(({ again, series }) => again === 0 && series.size > 1 && series.size <= rows / 3);
  return found ? found.columns.map((i) => names[i]!) : null;
}

/** Whether cells may be names or whole numbers that stand for something. */
function namesSeries(cells: readonly string[]): boolean {
  const named = cells.filter((cell) => cell !== "" && cell.length <= maxName);
  return named.length === cells.length && !named.some((cell) => /^[+-]?\d*[.,]\d+$/.test(cell));
}
