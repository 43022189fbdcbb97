/** Lists beside a table in JSON that give each of its rows one more cell: `{ "dates": […], "series": { … } }`. */

import type { JsonEntry } from "../../reading/scanJson.ts";
import { isList, isObject, valuesIn } from "../jsonWalk.ts";
import type { Row } from "./csvRows.ts";
import { type Cell, cellAt, rowOf } from "./jsonCells.ts";
import { type JsonTable, sampleRows } from "./jsonLayout.ts";

/** Most lists that are added to a table. */
const maxBeside = 50;

/** The table with a column in front for each of `entries` that is a list of as many values as it has rows. */
export function withListsBeside(bytes: Uint8Array, table: JsonTable, entries: readonly JsonEntry[]): JsonTable {
  const { names } = table.layout;
  const known = new Set(names);
  const lists: JsonEntry[] = [];
  for (const entry of entries) {
    if (lists.length === maxBeside || known.has(entry.name) || !isListOfValues(bytes, entry.at, names)) continue;
    known.add(entry.name);
    lists.push(entry);
  }
  if (lists.length === 0) return table;
  const rows = rowsOf(table);
  const beside = lists.filter(({ at }) => lengthOf(bytes, at, rows + 1) === rows);
  if (beside.length === 0) return table;
  const samples = [...cellsBeside(bytes, beside, sampleRows)];
  return {
    ...table,
    layout: {
      ...table.layout,
      names: [...beside.map(({ name }) => name), ...names],
      sample: table.layout.sample.map((cells, i) => [...(samples[i] ?? []).map(String), ...cells]),
    },
    each: (visit) => {
      const cells = cellsBeside(bytes, beside, Number.POSITIVE_INFINITY);
      table.each((row) => {
        const step = cells.next();
        return visit(joined(step.done ? [] : step.value, beside.length, row));
      });
    },
  };
}

/** Whether it is a list of numbers or texts other than the names of the table's columns. */
function isListOfValues(bytes: Uint8Array, at: number, names: readonly string[]): boolean {
  if (!isList(bytes, at)) return false;
  const first = valuesIn(bytes, at).next();
  if (first.done || isList(bytes, first.value.from) || isObject(bytes, first.value.from)) return false;
  return cellAt(bytes, first.value) !== names[0];
}

function rowsOf(table: JsonTable): number {
  let count = 0;
  table.each(() => {
    count++;
    return true;
  });
  return count;
}

/** Number of values of a list or object, at most `most`. */
export function lengthOf(bytes: Uint8Array, at: number, most = Number.POSITIVE_INFINITY): number {
  let count = 0;
  for (const _ of valuesIn(bytes, at)) if (++count === most) break;
  return count;
}

function* cellsBeside(bytes: Uint8Array, lists: readonly JsonEntry[], most: number): Generator<readonly Cell[]> {
  const cursors = lists.map(({ at }) => valuesIn(bytes, at));
  for (let i = 0; i < most; i++) {
    const steps = cursors.map((cursor) => cursor.next());
    if (steps.some(({ done }) => done)) return;
    yield steps.map((step) => (step.done ? "" : cellAt(bytes, step.value)));
  }
}

/** A row with cells in front. */
function joined(cells: readonly Cell[], width: number, row: Row): Row {
  const front = rowOf(cells, row.line);
  return {
    line: row.line,
    cells: width + row.cells,
    text: (i) => (i < width ? front.text(i) : row.text(i - width)),
    isEmpty: (i) => (i < width ? front.isEmpty(i) : row.isEmpty(i - width)),
    quick: (i, point) => (i < width ? front.quick(i, point) : row.quick(i - width, point)),
  };
}
