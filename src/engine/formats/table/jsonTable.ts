/** Rows of a table in JSON: records, JSON Lines, lists of cells, or one list (or object) of values for each column. */

import { tableWords } from "../../../messages/tables.ts";
import type { JsonText } from "../jsonText.ts";
import { isList, isObject, type Place, parsed, valuesIn } from "../jsonWalk.ts";
import type { FileFault } from "../readFile.ts";
import { lengthOf, withListsBeside } from "./beside.ts";
import { maxRowBytes, RowFault } from "./csvRows.ts";
import { type Cell, type Cells, cellsOf, LineCounter, rowOf } from "./jsonCells.ts";
import { columnsIn } from "./jsonColumns.ts";
import { type JsonTable, layoutOf, sampleRows } from "./jsonLayout.ts";
import { chosenPlace, type ListFault, rowsInColumn } from "./jsonList.ts";
import { entryOf, type JsonPlace } from "./jsonPlaces.ts";
import { numbered } from "./layout.ts";
import { RepeatedKeys } from "./repeatedKeys.ts";
import type { TableQuestion } from "./tableQuestion.ts";

const lineFeed = 10;
/** Which list is read, whether the first of several lists holds names, and which columns are requested. */
export type HeaderQuestion = Pick<TableQuestion, "header" | "list" | "wanted">;

/** @param shown the file's name in messages. */
export function jsonTable(text: JsonText, shown: string, asked: HeaderQuestion): JsonTable | ListFault {
  const { wanted, list } = asked;
  const outer = list === null ? outerTable(text, shown, asked) : null;
  if (outer && !("fault" in outer) && wanted.every((name) => outer.layout.names.includes(name)))
    return rowsInColumn(text, shown, asked) ?? outer;
  const place = chosenPlace(text, shown, asked);
  if (place !== null && "fault" in place) return place;
  if (outer && (place === null || (place.path === "" && place.key === null))) return outer;
  if (place === null) throw new Error("A list was requested, and neither chosen nor missed.");
  const { at, columns, key, names, around } = place;
  const table =
    columns === null ? rowsIn(text.bytes, at, shown, names ?? asked, key) : columnsIn(text.bytes, columns, shown);
  if ("fault" in table) return table;
  const noted = { ...table, notes: [placeNote(place), ...table.notes] };
  return withListsBeside(text.bytes, noted, around.flat().map(entryOf));
}

function placeNote({ path, key, columns }: JsonPlace): string {
  if (columns !== null) return tableWords().columnsAt(path);
  return key === null ? tableWords().rowsAt(path) : tableWords().entriesAt({ path, key });
}

/** The table that the outermost list or object is, without looking further. */
function outerTable(text: JsonText, shown: string, asked: HeaderQuestion): JsonTable | FileFault {
  const { bytes, at, entries } = text;
  if (entries === null) return rowsIn(bytes, at, shown, asked);
  const lists = entries.filter((entry) => isList(bytes, entry.at));
  const names = lists.find(({ name }) => name === "columns" || name === "fields");
  const rows = lists.find(({ name }) => name === "data" || name === "rows" || name === "values");
  // The form of pandas with orient="split".
  if (names && rows && entries.length <= 4) {
    const listed = [...valuesIn(bytes, names.at)].map(({ from, to }) => parsed(bytes, from, to, String));
    const table = rowsIn(bytes, rows.at, shown, listed);
    const others = entries.filter((entry) => entry !== names && entry !== rows);
    return "fault" in table ? table : withListsBeside(bytes, table, others);
  }
  const holders = lists.filter((entry) => {
    const first = valuesIn(bytes, entry.at).next();
    return !first.done && isObject(bytes, first.value.from);
  });
  const [holder] = holders;
  if (holder && holders.length === 1) {
    const table = rowsIn(bytes, holder.at, shown, asked);
    if ("fault" in table) return table;
    return withListsBeside(bytes, { ...table, notes: [tableWords().rowsAt(holder.name)] }, lists);
  }
  const columns = entries.filter((entry) => isList(bytes, entry.at) || isObject(bytes, entry.at));
  if (columns.length === 0) return { fault: tableWords().noLists(shown) };
  // Lists of other lengths beside the requested columns belong to something else.
  const [main] = columns.filter(({ name }) => asked.wanted.includes(name));
  const length = main && lengthOf(bytes, main.at);
  return columnsIn(
    bytes,
    columns.filter(({ name, at: from }) => !main || asked.wanted.includes(name) || lengthOf(bytes, from) === length),
    shown,
  );
}

/**
 * Rows that are records, or lists of cells.
 *
 * @param given names of the cells of a list, or how to find them.
 * @param key the column with the keys of an object of records; null: they are in a list
 */
function rowsIn(
  bytes: Uint8Array,
  at: number,
  shown: string,
  given: readonly string[] | HeaderQuestion,
  key: string | null = null,
): JsonTable | FileFault {
  const first = valuesIn(bytes, at).next();
  if (first.done) return { fault: tableWords().emptyList(shown) };
  const records = isObject(bytes, first.value.from);
  if (!records && !isList(bytes, first.value.from)) return { fault: tableWords().notRows(shown) };
  const repeated = new RepeatedKeys();
  const cells = (place: Place, twice?: (name: string) => void): Cells => {
    const own = cellsOf(bytes, place, twice);
    return key === null || !(own instanceof Map) ? own : new Map([[key, place.key], ...own]);
  };
  const sample: Cells[] = [];
  const places: Place[] = [];
  for (const place of valuesIn(bytes, at)) {
    sample.push(cells(place));
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
    notes: [],
    repeated,
    each: (visit) => {
      repeated.forget();
      const lines = new LineCounter(bytes);
      let index = 0;
      for (const place of valuesIn(bytes, at)) {
        const line = counted === "row" ? ++index : lines.at(place.from);
        if (place.to - place.from > maxRowBytes)
          throw new RowFault(tableWords().longRecord({ counted, line, most: maxRowBytes / 2 ** 20 }));
        if (skipped > 0 && place.from === places[0]?.from) continue;
        if (records ? isList(bytes, place.from) : isObject(bytes, place.from))
          throw new RowFault(tableWords().mixedRows({ counted, line, records }));
        const row = ordered(cells(place, (name) => repeated.add(name, line)));
        if (!visit(rowOf(row, line))) return;
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
