/** Rows of a table in text, one at a time, with any separator between the cells. */

import { CsvError, parse } from "csv-parse/sync";
import { fileWords } from "../../../messages/files.ts";
import { textStart } from "../../reading/utf8.ts";
import { isPlain, plainRows, quickDecimal } from "./plainRows.ts";
import { lineBreaks, swallowedRows } from "./swallowedRows.ts";

/** Limit of one row: otherwise an open quote would keep the rest of the file in memory, cell by cell. */
export const maxRowBytes = 4 * 2 ** 20;

/** The separator between cells; a space stands for any number of blanks. */
export type Separator = "," | ";" | "\t" | "|" | " ";

/** A row, valid until the next one. */
export interface Row {
  /** Counted from 1, including empty lines; the number of the row if the layout counts rows. */
  readonly line: number;
  readonly cells: number;
  /** Without the blanks around it. */
  text(cell: number): string;
  isEmpty(cell: number): boolean;
  /** The cell's number if it is a decimal that can be read without its text, otherwise NaN. */
  quick(cell: number, point: number): number;
}

/** Thrown if a row cannot be read. */
export class RowFault extends Error {}

/** Ends the parser early; it never leaves this file. */
class Stop extends Error {}

/**
 * Walks through the rows that are not empty.
 *
 * @param bytes UTF-8.
 * @param visit returns false to end the walk.
 * @throws RowFault with a message that begins with the line
 */
export function eachRow(bytes: Buffer, separator: Separator, visit: (row: Row) => boolean): void {
  if (isPlain(bytes)) eachPlainRow(bytes, separator, visit);
  else eachQuotedRow(bytes, separator, visit);
}

/** Walks through the rows as if quotes were ordinary characters. */
export function eachPlainRow(bytes: Buffer, separator: Separator, visit: (row: Row) => boolean): void {
  const bounds: number[] = [];
  const at = {
    line: 0,
    cells: 0,
    text: (i: number) => bytes.toString("utf8", bounds[2 * i], bounds[2 * i + 1]),
    isEmpty: (i: number) => bounds[2 * i] === bounds[2 * i + 1],
    quick: (i: number, point: number) => quickDecimal(bytes, bounds[2 * i]!, bounds[2 * i + 1]!, point),
  };
  const options = { from: textStart(bytes), separator: separator.charCodeAt(0), maxBytes: maxRowBytes };
  for (const { line, cells, long } of plainRows(bytes, options, bounds)) {
    if (long) throw new RowFault(longRow(line));
    at.line = line;
    at.cells = cells;
    if (!visit(at)) return;
  }
}

function eachQuotedRow(bytes: Buffer, separator: Separator, visit: (row: Row) => boolean): void {
  let cells: readonly string[] = [];
  /** Place of the row that is being read. */
  let from = textStart(bytes);
  const at = {
    line: 0,
    cells: 0,
    text: (i: number) => cells[i]!,
    isEmpty: (i: number) => cells[i] === "",
    quick: () => Number.NaN,
  };
  try {
    parse(bytes, {
      bom: true,
      delimiter: separator === " " ? [" ", "\t"] : separator,
      // In a cell that does not begin with a quote, quotes are ordinary characters. Blanks before a quote do not count.
      relax_quotes: true,
      ltrim: separator !== " ",
      relax_column_count: true,
      // Otherwise the first line decides, and a file that was put together from several may have others.
      record_delimiter: ["\r\n", "\n", "\r"],
      max_record_size: maxRowBytes,
      on_record: (record: readonly string[], { lines, bytes: end }) => {
        from = end;
        const swallowed = swallowedRows(record, separator);
        if (swallowed > 0)
          throw new RowFault(
            fileWords().inLine({ line: lines - lineBreaks(record), fault: fileWords().swallowedRows(swallowed) }),
          );
        const trimmed = record.map(withoutQuotes);
        cells = separator === " " ? trimmed.filter((cell) => cell !== "") : trimmed;
        at.line = lines;
        at.cells = cells.length;
        if ((cells.length > 1 || (cells[0] ?? "") !== "") && !visit(at)) throw new Stop();
        return null;
      },
    });
  } catch (error) {
    if (error instanceof RowFault) throw error;
    if (!(error instanceof Stop)) throw asRowFault(error, lineOf(bytes, openQuote(bytes, from, separator)));
  }
}

/** A cell without the blanks around it. Blanks after its closing quote make the parser keep the quotes. */
function withoutQuotes(cell: string): string {
  const trimmed = cell.trim();
  const quoted = trimmed.length > 1 && trimmed.length < cell.length && trimmed.startsWith('"') && trimmed.endsWith('"');
  return quoted ? trimmed.slice(1, -1).replaceAll('""', '"').trim() : trimmed;
}

/** @param quote the line of a quote that is never closed; null: there is none. */
function asRowFault(error: unknown, quote: number | null): unknown {
  if (!(error instanceof CsvError)) return error;
  const lines: unknown = Reflect.get(error, "lines");
  const line = quote ?? (typeof lines === "number" ? lines : null);
  if (error.code === "CSV_QUOTE_NOT_CLOSED")
    return new RowFault(fileWords().inLine({ line, fault: fileWords().openQuote }));
  if (error.code === "CSV_MAX_RECORD_SIZE") return new RowFault(longRow(line));
  return new RowFault(fileWords().badCsv({ line, why: error.message }));
}

const [tab, lineFeed, carriageReturn, blank, quote] = [9, 10, 13, 32, 34];

/**
 * Place of the quote at the beginning of a cell that nothing closes; -1: there is none. The parser only knows where the
 * file ends.
 *
 * @param from beginning of the row that it could not read.
 */
function openQuote(bytes: Uint8Array, from: number, separator: Separator): number {
  const mark = separator.charCodeAt(0);
  const isPadding = (c: number | undefined) => c === blank || c === tab;
  const ends = (c: number | undefined) => c === undefined || c === mark || c === lineFeed || c === carriageReturn;
  for (let at = from; at < bytes.length; at++) {
    while (isPadding(bytes[at]) && !ends(bytes[at])) at++;
    if (bytes[at] === quote) {
      const opened = at;
      at = bytes.indexOf(quote, at + 1);
      while (at >= 0 && bytes[at + 1] === quote) at = bytes.indexOf(quote, at + 2);
      if (at < 0) return opened;
      at++;
    }
    while (!ends(bytes[at])) at++;
  }
  return -1;
}

/** The line of a place, counted from 1; null if it is -1. */
function lineOf(bytes: Uint8Array, place: number): number | null {
  if (place < 0) return null;
  let line = 1;
  for (let i = 0; i < place; i++)
    if (bytes[i] === lineFeed || (bytes[i] === carriageReturn && bytes[i + 1] !== lineFeed)) line++;
  return line;
}

/** @param line null: unknown. */
function longRow(line: number | null): string {
  return fileWords().inLine({ line, fault: fileWords().longRow(maxRowBytes / 2 ** 20) });
}
