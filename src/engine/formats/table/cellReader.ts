/** Reads single cells: numbers, labels of classes, marks of missing values. */

import { fileWords } from "../../../messages/files.ts";
import { listWords } from "../../../messages/lists.ts";
import { tableWords } from "../../../messages/tables.ts";
import { type ColumnFormats, isNumberOfSomeForm } from "./columnFormats.ts";
import { showCell } from "./layoutText.ts";
import type { MissingMarks } from "./missing.ts";
import { numberOf } from "./numberFormat.ts";
import type { TableQuestion } from "./tableQuestion.ts";
import { type AmountSign, amountOf, isNumberWithText, readingsOf } from "./vocabulary/amounts.ts";

const plainNumber = /^[+-]?[\d.,eE]+$/;

/** Yes and no as spreadsheets write them in several languages. */
const truths: ReadonlyMap<string, number> = new Map([
  ...["true", "wahr", "vrai", "verdadero", "verdadeiro", "vero", "waar", "prawda", "истина"].map(
    (w) => [w, 1] as const,
  ),
  ...["false", "falsch", "faux", "falso", "onwaar", "fałsz", "ложь"].map((w) => [w, 0] as const),
]);

/** Indices of the words that a key of the config lists. */
interface Listed {
  readonly of: ReadonlyMap<string, number>;
  readonly key: "oneHot" | "classes";
}

/** What is wrong with a cell. */
export interface WrongCell {
  readonly wrong: string;
  /** Whether it is a word, which may mark a missing value or name a class. */
  readonly word: boolean;
  /** Whether it is a number with letters that may be a factor. */
  readonly factor?: boolean;
}

export class CellReader {
  /** How numbers are written that are not plain, with the first cell of each kind and its value. */
  readonly currencies = new Set<string>();
  readonly signs = new Map<AmountSign, { readonly cell: string; readonly value: number }>();
  readonly #marks: MissingMarks;
  readonly #formats: ColumnFormats;
  /** The columns that hold words: their indices, and the key of the config that lists them. */
  readonly #words: ReadonlyMap<number, Listed>;

  constructor({ labels, targets, words }: TableQuestion, marks: MissingMarks, formats: ColumnFormats) {
    this.#marks = marks;
    this.#formats = formats;
    const indices = (list: readonly string[]) => new Map(list.map((word, i) => [word, i]));
    this.#words = new Map<number, Listed>([
      ...words.map((each) => [each.column, { of: indices(each.words), key: "oneHot" }] as const),
      ...(labels === null ? [] : targets).map(
        (column) => [column, { of: indices(labels ?? []), key: "classes" }] as const,
      ),
    ]);
  }

  /** Whether a column holds words that stand for classes or categories. */
  holdsWords(column: number): boolean {
    return this.#words.has(column);
  }

  /** A number, NaN if it is missing, or what is wrong; "form": a number in another format than expected. */
  value(cell: string, column: number): number | "form" | WrongCell {
    const words = this.#words.get(column);
    if (words) {
      const known = words.of.get(cell);
      if (known !== undefined) return known;
      if (this.#marks.isText(cell)) return Number.NaN;
      return { wrong: tableWords().notListed({ cell: showCell(cell), key: words.key }), word: false };
    }
    if (this.#marks.isText(cell)) return Number.NaN;
    const value = numberOf(cell, this.#formats.of(column));
    if (!Number.isNaN(value)) {
      if (!Number.isFinite(Math.fround(value)))
        return { wrong: tableWords().tooLargeNumber(showCell(cell)), word: false };
      if (!plainNumber.test(cell)) this.#note(cell, value);
      return this.#marks.isNumber(value) ? Number.NaN : value;
    }
    const truth = cell.length <= 9 ? truths.get(cell.toLowerCase()) : undefined;
    if (truth !== undefined) return truth;
    if (!this.#formats.known && isNumberOfSomeForm(cell)) return "form";
    if (/^[+-]?inf(?:inity)?$/i.test(cell)) return { wrong: tableWords().infinite, word: false };
    const { decimal } = this.#formats.of(column);
    const number = isNumberOfSomeForm(cell);
    const readings = readingsOf(cell, (text) => numberOf(text, this.#formats.of(column)));
    if (readings.length > 0) return { wrong: doubtfulNumber(cell, readings), word: true, factor: true };
    if (!number && isNumberWithText(cell)) return { wrong: tableWords().numberWithText(showCell(cell)), word: true };
    const wrong = tableWords().notANumber({ cell: showCell(cell), decimal: number ? decimal : null });
    return { wrong, word: !number };
  }

  #note(cell: string, value: number): void {
    const { sign, currency } = amountOf(cell);
    if (currency !== "") this.currencies.add(currency);
    if (sign !== null && !this.signs.has(sign)) this.signs.set(sign, { cell, value });
  }

  /** Notes about numbers that are not plain. */
  notes(): readonly string[] {
    const money = [...this.currencies].map((each) => `"${each}"`).join(", ");
    return [
      ...[...this.signs].map(([sign, { cell, value }]) =>
        fileWords().amounts[sign]({ cell: showCell(cell), value: String(value) }),
      ),
      ...(money === "" ? [] : [fileWords().currencies({ signs: money, several: this.currencies.size > 1 })]),
    ];
  }
}

/** Says what a number may mean whose last letters are a factor or a unit. */
export function doubtfulNumber(cell: string, readings: readonly number[]): string {
  return tableWords().doubtfulNumber({ cell: showCell(cell), readings: listWords().or(readings.map(String)) });
}
