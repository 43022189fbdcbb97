/** Reads the requested cells of one row. */

import type { CellReader } from "./cellReader.ts";
import type { ColumnCells } from "./columnCells.ts";
import type { ColumnFormats } from "./columnFormats.ts";
import type { Row } from "./csvRows.ts";
import type { FaultList } from "./faultList.ts";
import type { Layout } from "./layout.ts";
import type { MissingMarks } from "./missing.ts";
import type { TableQuestion } from "./tableQuestion.ts";

/** The values that are read from a row. */
export interface Values {
  readonly line: number;
  /** NaN if the value is missing. */
  readonly numbers: readonly number[];
  /** Texts of the cells with missing values. */
  readonly marks: readonly (string | undefined)[];
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
    const header = layout.headerLine === null ? "the first row" : "the header";
    const message = `"${question.shown}", ${layout.counted} ${line}: ${cells} ${cells === 1 ? "cell" : "cells"}, but ${header} has ${width}.`;
    const faults = [() => list.add("ragged", message, null)];
    return { values: { line, numbers: [], marks: [] }, odd: true, numbers: 0, words: 0, faults };
  }

  #cells(row: Row): RowRead | "form" {
    const { question, indices, cells: reader, formats, marks: missing } = this.#of;
    const { line } = row;
    const faults: (() => boolean)[] = [];
    const values: number[] = [];
    const marks: (string | undefined)[] = [];
    let numbers = 0;
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
          if (Number.isNaN(read)) marks[column] = cell;
        } else faults.push(() => this.#wrong(line, column, cell, read));
      } else if (missing.isNumber(quick)) {
        value = Number.NaN;
        marks[column] = String(quick);
      }
      if (!Number.isNaN(value)) numbers++;
      values.push(value);
    }
    const words = faults.length;
    return { values: { line, numbers: values, marks }, odd: numbers === 0 && words > 0, numbers, words, faults };
  }

  #wrong(
    line: number,
    column: number,
    cell: string,
    read: { readonly wrong: string; readonly word: boolean },
  ): boolean {
    const { question, layout, faults, columns } = this.#of;
    if (read.word) columns.word(column, cell);
    const advice = read.word ? ' If it marks a missing value, add it to "marks" in "missing".' : "";
    const message = `"${question.shown}", ${layout.counted} ${line}, column "${question.wanted[column]}": ${read.wrong}.${advice}`;
    const going = faults.add("cell", message, null, { cellOf: column });
    return going || (read.word && columns.mayBeClasses(column));
  }
}
