/** Reads single cells: numbers, labels of classes, marks of missing values. */

import { type ColumnFormats, isNumberOfSomeForm } from "./columnFormats.ts";
import { showCell } from "./layoutText.ts";
import type { MissingMarks } from "./missing.ts";
import { numberOf } from "./numberFormat.ts";
import type { TableQuestion } from "./tableQuestion.ts";

export class CellReader {
  /** Whether a number had a per cent sign. */
  percent = false;
  readonly #marks: MissingMarks;
  readonly #formats: ColumnFormats;
  /** Classes by their words, and the columns that hold them. */
  readonly #labels: ReadonlyMap<string, number>;
  readonly #labelled: ReadonlySet<number>;

  constructor({ labels, targets }: TableQuestion, marks: MissingMarks, formats: ColumnFormats) {
    this.#marks = marks;
    this.#formats = formats;
    this.#labels = new Map((labels ?? []).map((word, i) => [word, i]));
    this.#labelled = new Set(labels === null ? [] : targets);
  }

  /** Whether a column holds words that stand for classes. */
  holdsLabels(column: number): boolean {
    return this.#labelled.has(column);
  }

  /** A number, NaN if it is missing, or what is wrong; "form": a number in another format than expected. */
  value(cell: string, column: number): number | "form" | { readonly wrong: string; readonly word: boolean } {
    if (this.#labelled.has(column)) {
      const known = this.#labels.get(cell);
      if (known !== undefined) return known;
      if (this.#marks.isText(cell)) return Number.NaN;
      return { wrong: `"${showCell(cell)}" is a label that "classes" does not list`, word: false };
    }
    if (this.#marks.isText(cell)) return Number.NaN;
    const value = numberOf(cell, this.#formats.of(column));
    if (!Number.isNaN(value)) {
      if (!Number.isFinite(Math.fround(value)))
        return { wrong: `${showCell(cell)} is too large for a 32-bit number`, word: false };
      if (cell.endsWith("%")) this.percent = true;
      return this.#marks.isNumber(value) ? Number.NaN : value;
    }
    if (cell.length === 4 && /^true$/i.test(cell)) return 1;
    if (cell.length === 5 && /^false$/i.test(cell)) return 0;
    if (!this.#formats.known && isNumberOfSomeForm(cell)) return "form";
    if (/^[+-]?inf(?:inity)?$/i.test(cell))
      return { wrong: "an infinite value cannot be learnt from; fill in a number", word: false };
    const { decimal } = this.#formats.of(column);
    const number = isNumberOfSomeForm(cell);
    const form = number ? ` with "${decimal}" as its decimal mark, as others of this column are` : "";
    return { wrong: `"${showCell(cell)}" is not a number${form}`, word: !number };
  }
}
