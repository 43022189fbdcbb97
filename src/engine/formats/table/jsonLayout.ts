/** What all tables in JSON have in common. */

import type { Row } from "./csvRows.ts";
import type { Cell } from "./jsonCells.ts";
import type { Layout } from "./layout.ts";
import type { RepeatedKeys } from "./repeatedKeys.ts";

export interface JsonTable {
  readonly layout: Layout;
  /** Which part of the text the table is. */
  readonly notes: readonly string[];
  /** Keys that records have twice, after a walk. */
  readonly repeated: RepeatedKeys;
  /** Walks through the rows; `visit` returns false to end it. */
  each(visit: (row: Row) => boolean): void;
}

/** Number of rows that show a layout. */
export const sampleRows = 100;

/** A name for the column with the keys of an object. @param names of its other columns */
export function keyName(names: readonly string[]): string {
  return ["key", "name", "record"].find((name) => !names.includes(name)) ?? "keys of the records";
}

export function layoutOf(
  names: readonly string[],
  sample: readonly (readonly Cell[])[],
  counted: Layout["counted"],
): Layout {
  return {
    counted,
    separator: ",",
    names,
    headerLine: null,
    before: [],
    sample: sample.map((row) => row.map(String)),
    doubt: null,
    rowNames: false,
    split: null,
  };
}
