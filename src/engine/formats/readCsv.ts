/**
 * Reads selected columns of a CSV file as numbers. Every fault is reported with its line and column; nothing is
 * guessed, and no file can take more memory than its numbers need.
 */

import { CsvError, parse } from "csv-parse/sync";
import { didYouMean } from "../../config/didYouMean.ts";
import { textStart } from "../reading/utf8.ts";
import { isPlainCsv, plainRows, quickDecimal } from "./plainCsv.ts";
import { readTextBytes } from "./readFile.ts";

/** Most cells that are kept as numbers; with one column, most rows. */
const maxCells = 20_000_000;
/** Limit of one row: otherwise an open quote would keep the rest of the file in memory, cell by cell. */
const maxRowBytes = 4 * 2 ** 20;
/** Most faults of one kind that are listed one by one. */
const maxListed = 10;
/** Reading stops after this many faults: nobody repairs more of them one by one, and each costs time. */
const maxFaults = 1000;

export interface CsvColumns {
  readonly rows: number;
  /** One array per requested column, in the requested order. */
  readonly columns: readonly Float64Array[];
}

/** A fault of the file, or of a requested column (`column`, its index). */
export interface CsvFault {
  readonly message: string;
  readonly column: number | null;
}

/**
 * @param file path of the file.
 * @param shown the file's name as its author writes it.
 * @param wanted names of the columns, in the order of the result.
 */
export async function readCsv(
  file: string,
  shown: string,
  wanted: readonly string[],
): Promise<CsvColumns | CsvFault[]> {
  const read = await readTextBytes(file, shown, "CSV");
  if ("fault" in read) return [{ message: read.fault, column: null }];
  const { bytes } = read;
  if (isBlank(bytes))
    return [
      { message: `"${shown}" is empty. It needs a header row with column names, then rows of numbers.`, column: null },
    ];
  return parseColumns(Buffer.from(bytes.buffer), shown, wanted);
}

function isBlank(bytes: Uint8Array): boolean {
  const first = bytes.subarray(textStart(bytes)).findIndex((c) => c > 32);
  return first < 0;
}

/** Upper bound of the number of rows: a row ends in a line feed, a carriage return, or both. */
function mostRows(bytes: Uint8Array): number {
  let count = 1;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 10 || (bytes[i] === 13 && bytes[i + 1] !== 10)) count++;
  return count;
}

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Ends the parser early; it never leaves this file. */
class Stop extends Error {}

function parseColumns(text: Buffer, shown: string, wanted: readonly string[]): CsvColumns | CsvFault[] {
  const faults = new FaultList();
  const most = Math.min(mostRows(text), Math.floor(maxCells / Math.max(1, wanted.length)));
  const kept = wanted.map(() => new Float64Array(most));
  let header: readonly string[] | null = null;
  let indices: readonly number[] = [];
  let rows = 0;

  function readHeader(names: readonly string[]): void {
    header = names;
    indices = wanted.map((name) => names.indexOf(name));
    indices.forEach((index, column) => {
      if (index < 0) faults.add("column", missingColumn(wanted[column]!, names, shown), column);
      else if (names.lastIndexOf(wanted[column]!) !== index) {
        faults.add("column", `"${shown}" has two columns named "${wanted[column]}"; rename one.`, column);
      }
    });
    if (faults.any) throw new Stop();
  }

  /** @param numberAt the cell's number if it is known without its text, otherwise NaN. */
  function readRow(cells: number, line: number, textAt: (i: number) => string, numberAt: (i: number) => number): void {
    rows++;
    if (cells !== header?.length) {
      faults.add("ragged", `"${shown}", line ${line}: ${cells} cells, but the header has ${header?.length}.`, null);
      return;
    }
    if (rows * wanted.length > maxCells) {
      faults.add(
        "size",
        `"${shown}" has more than ${maxCells} numbers in these columns, the limit. Use a part of it.`,
        null,
      );
      throw new Stop();
    }
    for (let column = 0; column < indices.length; column++) {
      const index = indices[column]!;
      const quick = numberAt(index);
      if (!Number.isNaN(quick)) {
        kept[column]![rows - 1] = quick;
        continue;
      }
      const cell = textAt(index);
      const value = decimal.test(cell) ? Math.fround(Number(cell)) : Number.NaN;
      if (Number.isFinite(value)) kept[column]![rows - 1] = Number(cell);
      else faults.add("cell", `"${shown}", line ${line}, column "${wanted[column]}": ${whyNoNumber(cell)}.`, null);
    }
  }

  function readPlain(): void {
    const bounds: number[] = [];
    const textAt = (i: number) => text.toString("utf8", bounds[2 * i], bounds[2 * i + 1]);
    const numberAt = (i: number) => quickDecimal(text, bounds[2 * i]!, bounds[2 * i + 1]!);
    for (const { line, cells, long } of plainRows(text, textStart(text), maxRowBytes, bounds)) {
      if (long) {
        faults.add("syntax", longRow(shown, line), null);
        return;
      }
      if (header === null) readHeader(Array.from({ length: cells }, (_, i) => textAt(i)));
      else readRow(cells, line, textAt, numberAt);
    }
  }

  function readQuoted(): void {
    parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: maxRowBytes,
      on_record: (cells: readonly string[], context) => {
        if (header === null) readHeader(cells);
        else
          readRow(
            cells.length,
            context.lines,
            (i) => cells[i]!,
            () => Number.NaN,
          );
        return null;
      },
    });
  }

  try {
    if (isPlainCsv(text)) readPlain();
    else readQuoted();
  } catch (error) {
    if (!(error instanceof Stop)) faults.add("syntax", notCsv(shown, error), null);
  }
  if (!faults.any && rows === 0) {
    faults.add("rows", `"${shown}" has a header row but no rows of data.`, null);
  }
  return faults.any ? faults.list() : { rows, columns: kept.map((values) => cutTo(values, rows)) };
}

/** Most files have as many rows as lines; copying such a column would double the memory. */
function cutTo(values: Float64Array, rows: number): Float64Array {
  return 2 * rows > values.length ? values.subarray(0, rows) : values.slice(0, rows);
}

function missingColumn(name: string, header: readonly string[], shown: string): string {
  const only = header.length === 1 ? header[0]! : "";
  const separator = [";", "\t", "|"].find((s) => only.includes(s));
  if (separator !== undefined) {
    return `"${shown}" has no column "${name}": its cells are separated by ${separator === "\t" ? "tabs" : `"${separator}"`}, not by commas. Save it with commas.`;
  }
  const listed = header
    .slice(0, 20)
    .map((h) => `"${h}"`)
    .join(", ");
  return `"${shown}" has no column "${name}".${didYouMean(name, header)} Its columns are ${listed}${header.length > 20 ? ", …" : ""}.`;
}

function whyNoNumber(cell: string): string {
  if (cell === "") return "the cell is empty; fill in a number or leave the row out";
  if (/^[+-]?nan$/i.test(cell)) return "NaN is not a value a net can learn from; fill in a number or leave the row out";
  if (/^[+-]?inf(?:inity)?$/i.test(cell))
    return "an infinite value cannot be learnt from; fill in a number or leave the row out";
  const part = cell.length > 30 ? `${cell.slice(0, 30)}…` : cell;
  if (decimal.test(cell)) return `${part} is too large for a 32-bit number`;
  return `"${part}" is not a number`;
}

function notCsv(shown: string, error: unknown): string {
  if (!(error instanceof CsvError)) throw error;
  const lines: unknown = Reflect.get(error, "lines");
  const line = typeof lines === "number" ? `, line ${lines}` : "";
  if (error.code === "CSV_QUOTE_NOT_CLOSED") return `"${shown}"${line}: a quoted cell is never closed.`;
  if (error.code === "CSV_MAX_RECORD_SIZE") return longRow(shown, typeof lines === "number" ? lines : null);
  return `"${shown}"${line} is not well-formed CSV: ${error.message}`;
}

/** @param line null: unknown. */
function longRow(shown: string, line: number | null): string {
  const at = line === null ? "" : `, line ${line}`;
  return `"${shown}"${at}: a row, or a quoted cell that is never closed, has more than ${maxRowBytes / 2 ** 20} MB.`;
}

/** Faults in order, with the first few of each kind in full. */
class FaultList {
  readonly #listed: CsvFault[] = [];
  readonly #counts = new Map<string, number>();

  get any(): boolean {
    return this.#listed.length > 0;
  }

  add(kind: "column" | "ragged" | "size" | "cell" | "syntax" | "rows", message: string, column: number | null): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (count <= maxListed || kind === "column") this.#listed.push({ message, column });
    if (count === maxFaults) throw new Stop();
  }

  list(): CsvFault[] {
    const more = (["ragged", "cell"] as const).flatMap((kind): CsvFault[] => {
      const rest = (this.#counts.get(kind) ?? 0) - maxListed;
      if (rest <= 0) return [];
      return [
        {
          message: `… and ${rest} ${rest + maxListed === maxFaults ? "or more" : "more"} ${kind === "cell" ? "cells that are not numbers" : "rows of another length"}.`,
          column: null,
        },
      ];
    });
    return [...this.#listed, ...more];
  }
}
