/** Notes about rows of a table that are left out. */

import { tableWords } from "../../../messages/tables.ts";
import type { Layout } from "./layout.ts";
import { linesText, showCell } from "./layoutText.ts";

export interface LeftOutRow {
  readonly line: number;
  readonly empty: boolean;
  /** Text of the first cell that is not empty. */
  readonly first: string;
}

/** A note about rows between the header and the data. */
export function underNotes(lines: readonly number[]): readonly string[] {
  return lines.length === 0 ? [] : [tableWords().underHeader({ lines: linesText(lines), n: lines.length })];
}

/** A note about rows at the end that are no data. */
export function footerNotes(footers: readonly LeftOutRow[], counted: Layout["counted"]): readonly string[] {
  if (footers.length === 0) return [];
  const lines = linesText(
    footers.map(({ line }) => line),
    counted,
  );
  const n = footers.length;
  if (footers.every(({ empty }) => empty)) return [tableWords().emptyFooters({ lines, n })];
  const cell = footers.find(({ first }) => first !== "")?.first ?? "";
  return [tableWords().footers({ lines, n, cell: showCell(cell) })];
}

/** A note about rows of numbers at the end that lack the label of a row. */
export function totalNotes(
  totals: readonly LeftOutRow[],
  counted: Layout["counted"],
  column: string,
): readonly string[] {
  if (totals.length === 0) return [];
  const lines = linesText(
    totals.map(({ line }) => line),
    counted,
  );
  return [tableWords().totals({ lines, n: totals.length, column, cell: showCell(totals[0]!.first) })];
}
