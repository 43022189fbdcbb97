/** Rows of a table in text, one at a time, with any separator between the cells. */

import { CsvError, parse } from "csv-parse/sync";
import { textStart } from "../../reading/utf8.ts";
import { isPlain, plainRows, quickDecimal } from "./plainRows.ts";

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

function eachPlainRow(bytes: Buffer, separator: Separator, visit: (row: Row) => boolean): void {
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
      // In a cell that does not begin with a quote, quotes are ordinary characters.
      relax_quotes: true,
      relax_column_count: true,
      // Otherwise the first line decides, and a file that was put together from several may have others.
      record_delimiter: ["\r\n", "\n", "\r"],
      max_record_size: maxRowBytes,
      on_record: (record: readonly string[], { lines }) => {
        const trimmed = record.map((cell) => cell.trim());
        cells = separator === " " ? trimmed.filter((cell) => cell !== "") : trimmed;
        at.line = lines;
        at.cells = cells.length;
        if ((cells.length > 1 || (cells[0] ?? "") !== "") && !visit(at)) throw new Stop();
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof Stop)) throw asRowFault(error);
  }
}

function asRowFault(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const lines: unknown = Reflect.get(error, "lines");
  const line = typeof lines === "number" ? lines : null;
  const where = line === null ? "" : `, line ${line}`;
  if (error.code === "CSV_QUOTE_NOT_CLOSED") return new RowFault(`${where}: a quoted cell is never closed.`);
  if (error.code === "CSV_MAX_RECORD_SIZE") return new RowFault(longRow(line));
  return new RowFault(`${where} is not well-formed CSV: ${error.message}`);
}

/** @param line null: unknown. */
function longRow(line: number | null): string {
  const at = line === null ? "" : `, line ${line}`;
  return `${at}: a row, or a quoted cell that is never closed, has more than ${maxRowBytes / 2 ** 20} MB.`;
}
