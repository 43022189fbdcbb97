/** Rows of a table in JSON: records, JSON Lines, lists of cells, or one list (or object) of values for each column. */

import type { JsonText } from "../jsonText.ts";
import { isList, isObject, type Place, parsed, valuesIn } from "../jsonWalk.ts";
import type { FileFault } from "../readFile.ts";
import { maxRowBytes, type Row, RowFault } from "./csvRows.ts";
import { type Layout, numbered } from "./layout.ts";
import type { TableQuestion } from "./tableQuestion.ts";

export interface JsonTable {
  readonly layout: Layout;
  /** Walks through the rows; `visit` returns false to end it. */
  each(visit: (row: Row) => boolean): void;
}

const sampleRows = 100;
const lineFeed = 10;
/** Depth of objects within records whose values are columns, such as `main.temp`. */
const maxNesting = 3;

type Cell = string | number;
/** A record's cells by name, or those of a list. */
type Cells = readonly Cell[] | Map<string, Cell>;

/** Whether the first of several lists holds names, and which columns are requested. */
type HeaderQuestion = Pick<TableQuestion, "header" | "wanted">;

/** @param shown the file's name in messages. */
export function jsonTable(text: JsonText, shown: string, asked: HeaderQuestion): JsonTable | FileFault {
  const { bytes, at, entries } = text;
  if (entries === null) return rowsIn(bytes, at, shown, asked);
  const lists = entries.filter((entry) => isList(bytes, entry.at));
  const names = lists.find(({ name }) => name === "columns" || name === "fields");
  const rows = lists.find(({ name }) => name === "data" || name === "rows" || name === "values");
  // The form of pandas with orient="split".
  if (names && rows && entries.length <= 4) {
    const listed = [...valuesIn(bytes, names.at)].map(({ from, to }) => parsed(bytes, from, to, String));
    return rowsIn(bytes, rows.at, shown, listed);
  }
  const holders = lists.filter((entry) => {
    const first = valuesIn(bytes, entry.at).next();
    return !first.done && isObject(bytes, first.value.from);
  });
  const [holder] = holders;
  if (holder && holders.length === 1) return rowsIn(bytes, holder.at, shown, asked);
  const columns = entries.filter((entry) => isList(bytes, entry.at) || isObject(bytes, entry.at));
  if (columns.length === 0) return { fault: `${shown} is one JSON object without lists; a table needs rows.` };
  // Lists of other lengths beside the requested columns belong to something else.
  const [main] = columns.filter(({ name }) => asked.wanted.includes(name));
  const length = main && lengthOf(bytes, main.at);
  return columnsIn(
    bytes,
    columns.filter(({ name, at: from }) => !main || asked.wanted.includes(name) || lengthOf(bytes, from) === length),
    shown,
  );
}

/** Number of values of a list or object. */
function lengthOf(bytes: Uint8Array, at: number): number {
  let count = 0;
  for (const _ of valuesIn(bytes, at)) count++;
  return count;
}

/**
 * Rows that are records, or lists of cells.
 *
 * @param given names of the cells of a list, or how to find them.
 */
function rowsIn(
  bytes: Uint8Array,
  at: number,
  shown: string,
  given: readonly string[] | HeaderQuestion,
): JsonTable | FileFault {
  const first = valuesIn(bytes, at).next();
  if (first.done) return { fault: `${shown} is an empty list.` };
  const records = isObject(bytes, first.value.from);
  if (!records && !isList(bytes, first.value.from))
    return { fault: `${shown} is a list of values, not of records or rows.` };
  const sample: Cells[] = [];
  const places: Place[] = [];
  for (const place of valuesIn(bytes, at)) {
    sample.push(cellsOf(bytes, place));
    places.push(place);
    if (sample.length === sampleRows) break;
  }
  const counted = inOneLine(bytes, places) ? "row" : "line";
  const header = records || "length" in given ? null : headerOf(sample, given);
  const names = records
    ? [...new Set(sample.flatMap((row) => (row instanceof Map ? [...row.keys()] : [])))]
    : namesOf(sample, header ?? given);
  const ordered = (row: Cells): readonly Cell[] =>
    row instanceof Map ? names.map((name) => row.get(name) ?? "") : [...row];
  const skipped = header === null ? 0 : 1;
  return {
    layout: layoutOf(names, sample.slice(skipped).map(ordered), counted),
    each: (visit) => {
      const lines = new LineCounter(bytes);
      let index = 0;
      for (const place of valuesIn(bytes, at)) {
        const line = counted === "row" ? ++index : lines.at(place.from);
        if (place.to - place.from > maxRowBytes)
          throw new RowFault(`, ${counted} ${line}: a record has more than ${maxRowBytes / 2 ** 20} MB.`);
        if (skipped > 0 && place.from === places[0]?.from) continue;
        if (records ? isList(bytes, place.from) : isObject(bytes, place.from))
          throw new RowFault(`, ${counted} ${line}: ${records ? "a list among records" : "a record among lists"}.`);
        if (!visit(rowOf(ordered(cellsOf(bytes, place)), line))) return;
      }
    },
  };
}

/** Whether the second row begins in the line of the first. */
function inOneLine(bytes: Uint8Array, [first, second]: readonly Place[]): boolean {
  return first !== undefined && second !== undefined && !bytes.subarray(first.from, second.from).includes(lineFeed);
}

/** The names in the first of several lists: texts, with the requested ones among them. Null: it is data. */
function headerOf(sample: readonly Cells[], { wanted, header }: HeaderQuestion): readonly string[] | null {
  const [first] = sample;
  if (header === false || first === undefined || first instanceof Map) return null;
  const texts = first.filter((cell): cell is string => typeof cell === "string");
  if (header === true) return first.map(String);
  return texts.length === first.length && wanted.some((name) => texts.includes(name)) ? texts : null;
}

function namesOf(sample: readonly Cells[], known: readonly string[] | HeaderQuestion): readonly string[] {
  if ("length" in known) return known;
  const width = Math.max(0, ...sample.map((row) => (row instanceof Map ? 0 : row.length)));
  return numbered(Array.from({ length: width }, () => ""));
}

/** Columns with a list of values each or, in another form of pandas, an object of values by row name. */
function columnsIn(
  bytes: Uint8Array,
  columns: readonly { readonly name: string; readonly at: number }[],
  shown: string,
): JsonTable | FileFault {
  const names = columns.map(({ name }) => name);
  function* rows(): Generator<readonly Cell[], string | null> {
    const cursors = columns.map(({ at }) => valuesIn(bytes, at));
    for (;;) {
      const steps = cursors.map((cursor) => cursor.next());
      const ended = steps.filter(({ done }) => done).length;
      if (ended === steps.length) return null;
      if (ended > 0) return names[steps.findIndex(({ done }) => done)] ?? "";
      yield steps.map((step) => (step.done ? "" : cellAt(bytes, step.value)));
    }
  }
  const sample: (readonly Cell[])[] = [];
  for (const row of rows()) {
    sample.push(row);
    if (sample.length === sampleRows) break;
  }
  if (sample.length === 0) return { fault: `${shown} has no values in "${names[0] ?? ""}".` };
  return {
    layout: layoutOf(names, sample, "row"),
    each: (visit) => {
      const walk = rows();
      for (let line = 1; ; line++) {
        const step = walk.next();
        if (step.done) {
          if (step.value === null) return;
          throw new RowFault(
            `: column "${step.value}" has ${line - 1} values, which is fewer than other columns have.`,
          );
        }
        if (!visit(rowOf(step.value, line))) return;
      }
    },
  };
}

function layoutOf(names: readonly string[], sample: readonly (readonly Cell[])[], counted: Layout["counted"]): Layout {
  return {
    counted,
    separator: ",",
    names,
    headerLine: null,
    before: [],
    sample: sample.map((row) => row.map(String)),
    doubt: null,
    rowNames: false,
  };
}

function cellsOf(bytes: Uint8Array, { from, to }: Place): Cells {
  if (isList(bytes, from)) return [...valuesIn(bytes, from)].map((place) => cellAt(bytes, place));
  const cells = new Map<string, Cell>();
  const visit = (at: number, end: number, prefix: string, depth: number): void => {
    if (!isObject(bytes, at)) {
      cells.set(prefix, cellAt(bytes, { from: at, to: end, key: "" }));
      return;
    }
    for (const inner of valuesIn(bytes, at)) {
      const name = prefix === "" ? inner.key : `${prefix}.${inner.key}`;
      if (depth < maxNesting) visit(inner.from, inner.to, name, depth + 1);
    }
  };
  if (isObject(bytes, from)) visit(from, to, "", 0);
  return cells;
}

/** A number, or the text of anything else; null is an empty cell. */
function cellAt(bytes: Uint8Array, { from, to }: Place): Cell {
  if (isList(bytes, from) || isObject(bytes, from)) return isList(bytes, from) ? "[…]" : "{…}";
  return parsed(bytes, from, to, (value) => (typeof value === "number" ? value : value === null ? "" : String(value)));
}

function rowOf(cells: readonly Cell[], line: number): Row {
  return {
    line,
    cells: cells.length,
    text: (i) => String(cells[i] ?? "").trim(),
    isEmpty: (i) => cells[i] === "" || cells[i] === undefined,
    quick: (i) => {
      const cell = cells[i];
      return typeof cell === "number" && Number.isFinite(Math.fround(cell)) ? cell : Number.NaN;
    },
  };
}

/** Counts the lines of places that follow one another. */
class LineCounter {
  readonly #bytes: Uint8Array;
  #line = 1;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  at(place: number): number {
    for (; this.#at < place; this.#at++) if (this.#bytes[this.#at] === lineFeed) this.#line++;
    return this.#line;
  }
}
