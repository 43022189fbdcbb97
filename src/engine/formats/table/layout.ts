/** Detects a table's layout from its first rows: the separator of its cells, and the row of its names. */

import { fileWords } from "../../../messages/files.ts";
import { eachPlainRow, eachRow, type Row, RowFault, type Separator } from "./csvRows.ts";
import { type SplitNumbers, splitNumbers } from "./decimalCommas.ts";
import type { Decimal } from "./numberFormat.ts";

/** Number of rows to examine. */
const sampleRows = 100;
/** The order of preference of separators if nothing else decides. */
const separators: readonly Separator[] = ["\t", ";", "|", ",", " "];

export interface LayoutOptions {
  /** Null: detect it. */
  readonly separator: Separator | null;
  /** Null: detect it. */
  readonly decimal: Decimal | null;
  /** Whether there is a row of names; null: detect it. */
  readonly header: boolean | null;
  /** Names of columns that the table must have. */
  readonly wanted: readonly string[];
}

export interface Layout {
  /** What the number of a row counts: the lines of a text, or the rows of a JSON text in one line. */
  readonly counted: "line" | "row";
  readonly separator: Separator;
  /** Names of the columns; a column without a name, or all without a header, have their number, from 1. */
  readonly names: readonly string[];
  /** Line of the names; null: there is none. */
  readonly headerLine: number | null;
  /** Rows before the header that are left out. */
  readonly before: readonly number[];
  /** Some rows of data, for further detection. */
  readonly sample: readonly (readonly string[])[];
  /** Set if the first row could also be data: whether all requested names, or all names, are numbers. */
  readonly doubt: "no header" | "names are numbers" | null;
  /** Whether the rows have one cell more than there are names: their first cell then has no name. */
  readonly rowNames: boolean;
  /** Numbers that may have been cut at their decimal commas; null: there are none. */
  readonly split: SplitNumbers | null;
}

interface SampleRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** @throws RowFault if the first rows cannot be read */
export function layoutOf(bytes: Buffer, options: LayoutOptions): Layout {
  const candidates = options.separator === null ? separators : [options.separator];
  let best: { readonly rows: readonly SampleRow[]; readonly separator: Separator; readonly score: number } | null =
    null;
  let fault: { readonly of: RowFault; readonly score: number } | null = null;
  for (const separator of candidates) {
    try {
      const rows = firstRows(bytes, separator);
      const score = scoreOf(rows, options.wanted);
      if (best === null || score > best.score) best = { rows, separator, score };
    } catch (error) {
      if (!(error instanceof RowFault)) throw error;
      const score = scoreOf(unquotedRows(bytes, separator), options.wanted);
      if (fault === null || score > fault.score) fault = { of: error, score };
    }
  }
  // With the right separator a quote may be open that is an ordinary character with the others.
  if (fault !== null && (best === null || best.score <= 0 || fault.score > best.score)) throw fault.of;
  if (best === null) throw new RowFault(fileWords().withoutRows);
  const separator = best.score <= 0 && options.separator === null ? "," : best.separator;
  const layout = laidOut(best.rows, separator, bytes, options);
  // One column of numbers, whose commas are said to be decimal.
  const alone = options.separator === null && options.decimal === "," && layout.split?.names === 1;
  return alone ? laidOut(firstRows(bytes, ";"), ";", bytes, options) : layout;
}

/** Whether some rows after the first begin with a quote. */
function beginQuoted(bytes: Buffer): boolean {
  return bytes.subarray(0, 100_000).includes('\n"');
}

function firstRows(bytes: Buffer, separator: Separator): readonly SampleRow[] {
  return sampled((visit) => eachRow(bytes, separator, visit));
}

function sampled(each: (visit: (row: Row) => boolean) => void): readonly SampleRow[] {
  const rows: SampleRow[] = [];
  each((row) => {
    rows.push({ line: row.line, cells: Array.from({ length: row.cells }, (_, i) => row.text(i)) });
    return rows.length < sampleRows;
  });
  return rows;
}

/** The first rows as if quotes were ordinary characters, without those around whole cells. */
function unquotedRows(bytes: Buffer, separator: Separator): readonly SampleRow[] {
  const rows = sampled((visit) => eachPlainRow(bytes.subarray(0, 100_000), separator, visit));
  return rows.map(({ line, cells }) => ({ line, cells: cells.map((cell) => cell.replace(/^"|"$/g, "")) }));
}

/**
 * Score of a separator: the number of requested columns that were found, then the number of rows with the same number
 * of cells; 0: one cell per row.
 */
function scoreOf(rows: readonly SampleRow[], wanted: readonly string[]): number {
  const width = usualWidth(rows);
  if (width < 2) return 0;
  const found = Math.max(
    0,
    ...rows.slice(0, 10).map(({ cells }) => wanted.filter((name) => cells.includes(name)).length),
  );
  const agreeing = rows.filter(({ cells }) => cells.length === width).length / rows.length;
  return 1 + 10 * found + agreeing;
}

/** The most frequent number of cells per row. */
function usualWidth(rows: readonly SampleRow[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0])[0];
}

const isNumber = (cell: string): boolean => /^[+-]?(?:\d+(?:[.,]\d*)*|[.,]\d+)(?:e[+-]?\d+)?%?$/i.test(cell);

function laidOut(given: readonly SampleRow[], separator: Separator, bytes: Buffer, options: LayoutOptions): Layout {
  const rows = separator === "," && usualWidth(given) < 2 ? firstRows(bytes, ",") : given;
  const width = usualWidth(rows);
  const start =
    options.header === false
      ? firstOf(rows, (cells) => cells.length >= width && !isComment(cells))
      : headerOf(rows, width, options);
  const before = rows.slice(0, start).map(({ line }) => line);
  const first = rows[start];
  if (first === undefined) throw new RowFault(fileWords().withoutRows);
  const split = (names: number | null, from: number): SplitNumbers | null =>
    options.decimal === "."
      ? null
      : splitNumbers({
          separator,
          names,
          rows: rows.slice(from),
          wanted: options.wanted,
          quotedFirst: beginQuoted(bytes),
        });
  const headless = (doubt: Layout["doubt"]): Layout => ({
    counted: "line",
    separator,
    names: numbered(first.cells.map(() => "")),
    headerLine: null,
    before,
    sample: rows.slice(start).map(({ cells }) => cells),
    doubt,
    rowNames: false,
    split: split(null, start),
  });
  if (options.header === false) return headless(null);
  const below = rows.slice(start + 1).map(({ cells }) => cells);
  // Names can be in a comment: "# year month". A lone "#" is no name.
  const named = first.cells[0] === "#" ? first.cells.slice(1) : first.cells;
  const names = named.map((cell, i) => (i === 0 ? cell.replace(/^# ?/, "") : cell));
  // R's write.table: the column of row names has no name.
  const longer = below.filter((cells) => cells.length === names.length + 1 && cells.at(-1) !== "").length;
  const rowNames = below.length > 0 && longer > below.length / 2;
  return {
    counted: "line",
    separator,
    names: numbered(rowNames ? ["", ...names] : names),
    headerLine: first.line,
    before,
    sample: below,
    doubt: options.header === true ? null : doubtOf(first.cells, below, options.wanted),
    rowNames,
    // In quotes, the first cell of the longer rows is a name of its own.
    split: rowNames && beginQuoted(bytes) ? null : split(numbered(names).length, start + 1),
  };
}

function isComment(cells: readonly string[]): boolean {
  return cells[0]?.startsWith("#") ?? false;
}

function firstOf(rows: readonly SampleRow[], holds: (cells: readonly string[]) => boolean): number {
  return Math.max(
    0,
    rows.findIndex(({ cells }) => holds(cells)),
  );
}

/** The first row with the usual width: titles and comments come before it. */
function headerOf(rows: readonly SampleRow[], width: number, { wanted }: LayoutOptions): number {
  const named = rows
    .slice(0, 30)
    .findIndex(({ cells }) => wanted.length > 0 && wanted.every((name) => cells.includes(name)));
  if (named >= 0) return named;
  const start = rows.findIndex(({ cells }) => {
    if (cells.length < width - 1 || cells.length < 1) return false;
    const filled = cells.filter((cell) => cell !== "").length;
    return width < 2
      ? !cells[0]?.startsWith("#")
      : filled > 1 && (!cells[0]?.startsWith("#") || cells.length === width);
  });
  return Math.max(0, start);
}

/** Columns without a name get their number, from 1; columns after the last name do not count. */
export function numbered(names: readonly string[]): readonly string[] {
  const last = names.findLastIndex((name) => name !== "");
  const kept = last < 0 ? names : names.slice(0, last + 1);
  return kept.map((name, i) => (name === "" ? String(i + 1) : name));
}

function doubtOf(
  first: readonly string[],
  below: readonly (readonly string[])[],
  wanted: readonly string[],
): Layout["doubt"] {
  const numbers = first.filter(isNumber).length;
  const filled = first.filter((cell) => cell !== "").length;
  if (numbers === 0) return null;
  if (numbers === filled || (wanted.length > 0 && wanted.every((name) => first.includes(name) && isNumber(name))))
    return "names are numbers";
  const like = first.filter((cell, i) => isNumber(cell) && below.some((cells) => isNumber(cells[i] ?? ""))).length;
  return like > 0 && wanted.some((name) => !first.includes(name)) ? "no header" : null;
}
