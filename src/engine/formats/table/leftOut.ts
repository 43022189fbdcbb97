/** Notes about rows of a table that are left out. */

import type { Layout } from "./layout.ts";
import { linesText, showCell } from "./layoutText.ts";

export interface LeftOutRow {
  readonly line: number;
  readonly empty: boolean;
  /** Text of the first cell. */
  readonly first: string;
}

/** A note about rows between the header and the data. */
export function underNotes(lines: readonly number[]): readonly string[] {
  if (lines.length === 0) return [];
  const one = lines.length === 1;
  return [`${linesText(lines)} under the header ${one ? "holds" : "hold"} no data and ${one ? "is" : "are"} left out.`];
}

/** A note about rows at the end that are no data. */
export function footerNotes(footers: readonly LeftOutRow[], counted: Layout["counted"]): readonly string[] {
  if (footers.length === 0) return [];
  const lines = linesText(
    footers.map(({ line }) => line),
    counted,
  );
  const one = footers.length === 1;
  const words = footers.find(({ first }) => first !== "")?.first;
  const shown = words === undefined ? "" : `: "${showCell(words)}"`;
  const what = footers.every(({ empty }) => empty)
    ? one
      ? "is empty"
      : "are empty"
    : one
      ? "is no row of data"
      : "are no rows of data";
  return [`${lines} at the end ${what} and ${one ? "is" : "are"} left out${shown}.`];
}
