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
  /** The columns that hold words: their indices, and the key of the config that lists them. */
  readonly #words: ReadonlyMap<number, { readonly of: ReadonlyMap<string, number>; readonly listed: string }>;

  constructor({ labels, targets, words }: TableQuestion, marks: MissingMarks, formats: ColumnFormats) {
    this.#marks = marks;
    this.#formats = formats;
    const indices = (list: readonly string[]) => new Map(list.map((word, i) => [word, i]));
    this.#words = new Map<number, { readonly of: ReadonlyMap<string, number>; readonly listed: string }>([
      ...words.map((each) => [each.column, { of: indices(each.words), listed: 'a word that "oneHot"' }] as const),
      ...(labels === null ? [] : targets).map(
        (column) => [column, { of: indices(labels ?? []), listed: 'a label that "classes"' }] as const,
      ),
    ]);
  }

  /** Whether a column holds words that stand for classes or categories. */
  holdsWords(column: number): boolean {
    return this.#words.has(column);
  }

  /** A number, NaN if it is missing, or what is wrong; "form": a number in another format than expected. */
  value(cell: string, column: number): number | "form" | { readonly wrong: string; readonly word: boolean } {
    const words = this.#words.get(column);
    if (words) {
      const known = words.of.get(cell);
      if (known !== undefined) return known;
      if (this.#marks.isText(cell)) return Number.NaN;
      return { wrong: `"${showCell(cell)}" is ${words.listed} does not list`, word: false };
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
