/** The numbers behind a chart as a table. */

import { el } from "../dom.ts";

export interface ChartTable {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Most rows; a longer table is thinned, because it is for reading, and the export has everything. */
export const mostTableRows = 200;

/** At most `most` evenly spread indices out of `n`, including both ends. */
export function spread(n: number, most: number): number[] {
  if (n <= most) return Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (n - 1)) / (most - 1)));
}

/** Builds the table; the first cell of each row is its heading. */
export function dataTable(data: ChartTable): HTMLTableElement {
  const head = el("tr", {}, ...data.columns.map((c) => el("th", { scope: "col" }, c)));
  const body = data.rows.map((row) =>
    el("tr", {}, ...row.map((cell, i) => (i === 0 ? el("th", { scope: "row" }, cell) : el("td", {}, cell)))),
  );
  return el(
    "table",
    { class: "data" },
    el("caption", {}, data.caption),
    el("thead", {}, head),
    el("tbody", {}, ...body),
  );
}
