/** Reads the requested cells of one row. */

import { fileWords } from "../../../messages/files.ts";
import { tableWords } from "../../../messages/tables.ts";
import type { CellReader, WrongCell } from "./cellReader.ts";
import type { ColumnCells } from "./columnCells.ts";
import type { ColumnFormats } from "./columnFormats.ts";
import type { Row } from "./csvRows.ts";
import type { FaultList } from "./faultList.ts";
import type { Layout } from "./layout.ts";
import type { MissingMarks } from "./missing.ts";
import { lineBreaks } from "./swallowedRows.ts";
import type { TableQuestion } from "./tableQuestion.ts";

/** The values that are read from a row. */
export interface Values {
  readonly line: number;
  /** NaN if the value is missing. */
  readonly numbers: readonly number[];
  /** Texts of the cells with missing values. */
  readonly marks: readonly (string | undefined)[];
  /** Texts of the cells with numbers that are more than digits and a decimal mark. */
  readonly texts: readonly (string | undefined)[];
}

export interface RowRead {
  readonly values: Values;
  /** Whether it cannot be a row of data: it has too few cells, or words instead of numbers. */
  readonly odd: boolean;
  /** Number of values that are present. */
  readonly numbers: number;
  /** Number of cells that hold something else than a number. */
  readonly words: number;
  /** Adds the row's faults, in case that it is a row of data; each says whether to continue reading. */
  readonly faults: readonly (() => boolean)[];
}

interface RowParts {
  readonly question: TableQuestion;
  readonly layout: Layout;
  /** Positions of the requested columns. */
  readonly indices: readonly number[];
  readonly marks: MissingMarks;
  readonly formats: ColumnFormats;
  readonly cells: CellReader;
  readonly columns: ColumnCells;
  readonly faults: FaultList;
}

export class RowReader {
  readonly #of: RowParts;

  constructor(parts: RowParts) {
    this.#of = parts;
  }

  /** @returns "form": a number has another format than expected. */
  read(row: Row): RowRead | "form" {
    const { question, layout, faults: list } = this.#of;
    const width = layout.names.length;
    let extra = false;
    for (let i = width; i < row.cells && !extra; i++) extra = !row.isEmpty(i);
    if (row.cells >= width && !extra) return this.#cells(row);
    const { line, cells } = row;
    const header = layout.headerLine !== null;
    const texts = Array.from({ length: cells }, (_, i) => row.text(i));
    const message = fileWords().raggedRow({
      file: question.shown,
      counted: layout.counted,
      // The row begins where its first quote does.
      line: line - lineBreaks(texts),
      cells,
      header,
      width,
      quote: holdsQuote(texts, layout.separator),
    });
    const faults = [() => list.add("ragged", message, null)];
    return { values: { line, numbers: [], marks: [], texts: [] }, odd: true, numbers: 0, words: 0, faults };
  }

  #cells(row: Row): RowRead | "form" {
    const { question, indices, cells: reader, formats, marks: missing } = this.#of;
    const { line } = row;
    const faults: (() => boolean)[] = [];
    const values: number[] = [];
    const marks: (string | undefined)[] = [];
    const texts: (string | undefined)[] = [];
    let numbers = 0;
    // A row of units or a footer has no such cells.
    let factor = false;
    for (let column = 0; column < question.wanted.length; column++) {
      const index = indices[column]!;
      const quick = reader.holdsWords(column) ? Number.NaN : row.quick(index, formats.point(column));
      let value = quick;
      if (Number.isNaN(quick)) {
        const cell = row.text(index);
        const read = reader.value(cell, column);
        if (read === "form") return "form";
        if (typeof read === "number") {
          value = read;
          (Number.isNaN(read) ? marks : texts)[column] = cell;
        } else {
          factor ||= read.factor ?? false;
          faults.push(() => this.#wrong(line, column, cell, read));
        }
      } else if (missing.isNumber(quick)) {
        value = Number.NaN;
        marks[column] = String(quick);
      }
      if (!Number.isNaN(value)) numbers++;
      values.push(value);
    }
    const words = faults.length;
    return {
      values: { line, numbers: values, marks, texts },
      odd: numbers === 0 && words > 0 && !factor,
      numbers,
      words,
      faults,
    };
  }

  #wrong(line: number, column: number, cell: string, read: WrongCell): boolean {
    const { question, layout, faults, columns } = this.#of;
    if (read.word) columns.word(column, cell);
    const message = tableWords().wrongCell({
      file: question.shown,
      counted: layout.counted,
      line,
      column: question.wanted[column] ?? "",
      wrong: read.wrong,
      mayBeMark: read.word && !read.factor,
    });
    const going = faults.add("cell", message, null, { cellOf: column });
    return going || (read.word && columns.mayBeClasses(column));
  }
}

/** Whether a quoted cell of a row was meant to end before: it holds a quote and a separator, or a line break. */
function holdsQuote(cells: readonly string[], separator: string): boolean {
  return cells.some((cell) => cell.includes("\n") || (cell.includes('"') && cell.includes(separator)));
}
