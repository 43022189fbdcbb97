/** Counts the numbers, the words and the missing values of each requested column, and says what they mean for it. */

import type { Layout } from "./layout.ts";
import { showCell } from "./layoutText.ts";
import type { Remedy, TableFault, TableQuestion } from "./tableQuestion.ts";

/** Words of a column that may be classes. */
const maxLabels = 100;

/** A fault of a whole column. */
export interface ColumnFault extends TableFault {
  /** Index of the requested column. */
  readonly column: number;
  readonly remedies: Remedy[];
}

export class ColumnCells {
  readonly #wanted: readonly string[];
  readonly #targets: readonly number[];
  readonly #missing: { count: number; line: number; mark: string }[];
  readonly #words: { count: number; numbers: number; first: string; readonly distinct: Set<string> }[];

  /**
   * @param wanted names of the requested columns
   * @param targets indices of those that are targets
   */
  constructor({ wanted, targets }: Pick<TableQuestion, "wanted" | "targets">) {
    this.#wanted = wanted;
    this.#targets = targets;
    this.#missing = wanted.map(() => ({ count: 0, line: 0, mark: "" }));
    this.#words = wanted.map(() => ({ count: 0, numbers: 0, first: "", distinct: new Set<string>() }));
  }

  /** Forgets all cells. */
  reset(): void {
    for (const each of this.#missing) each.count = 0;
    for (const each of this.#words) {
      Object.assign(each, { count: 0, numbers: 0 });
      each.distinct.clear();
    }
  }

  number(column: number): void {
    this.#words[column]!.numbers++;
  }

  word(column: number, cell: string): void {
    const told = this.#words[column]!;
    if (told.count++ === 0) told.first = cell;
    if (told.distinct.size <= maxLabels) told.distinct.add(cell);
  }

  /** @param mark the cell's text */
  missing(column: number, line: number, mark: string): void {
    const told = this.#missing[column]!;
    if (told.count++ > 0) return;
    told.line = line;
    told.mark = mark;
  }

  /** Whether a column has only words, and few: they may be classes, and then all of them are to be known. */
  mayBeClasses(column: number): boolean {
    const { numbers, distinct } = this.#words[column]!;
    return numbers === 0 && distinct.size <= maxLabels;
  }

  /** Faults of columns that hold words or dates instead of numbers. @param dated whether a column holds dates */
  wordFaults(shown: string, dated: (column: number) => boolean): readonly ColumnFault[] {
    return this.#words.flatMap(({ count, numbers, first, distinct }, column) => {
      if (count === 0 || numbers > count / 9) return [];
      const name = this.#wanted[column]!;
      const dates = dated(column);
      const labels = dates || distinct.size < 2 || distinct.size > maxLabels ? [] : [...distinct].sort();
      const listed =
        labels.length > 0
          ? `list its ${labels.length} words in "oneHot": each becomes an input of 0 and 1`
          : "replace its words in the file";
      const advice = !this.#targets.includes(column)
        ? `An input must be a number: remove it from this list, or ${listed}.`
        : labels.length > 0
          ? `If these are classes, list its ${labels.length} words as "classes".`
          : "Replace each word in the file with a number.";
      const message = dates
        ? `"${shown}": column "${name}" holds dates ("${showCell(first)}"), not numbers. To sort the rows by time, set "order": { "by": "${name}" } and remove the column from this list.`
        : `"${shown}": column "${name}" holds words ("${showCell(first)}"), not numbers. ${advice}`;
      const classes =
        labels.length > 0
          ? [{ set: this.#targets.includes(column) ? ("classes" as const) : ("oneHot" as const), value: labels }]
          : [];
      const remedies = dates ? [{ set: "notAnInput" as const }] : classes;
      return [{ message, column, remedies }];
    });
  }

  /** Faults of columns with missing values, for tables whose config does not say what becomes of them. */
  missingFaults(shown: string, counted: Layout["counted"]): readonly ColumnFault[] {
    return this.#missing.flatMap(({ count, line, mark }, column) => {
      if (count === 0) return [];
      const cells = count === 1 ? "a cell" : `${count} cells`;
      const message = `"${shown}": column "${this.#wanted[column]}" has ${cells} without a value${markText(mark)}, ${count === 1 ? "in" : "the first in"} ${counted} ${line}. Set "missing" to fill them or to leave out the samples that contain them.`;
      return [{ message, column, remedies: [{ set: "fill" as const }] }];
    });
  }

  /** Notes about columns with missing values. */
  missingNotes(): readonly string[] {
    return this.#missing.flatMap(({ count, mark }, column) => {
      if (count === 0) return [];
      const cells = count === 1 ? "cell" : "cells";
      return [`"${this.#wanted[column]}" has ${count} ${cells} without a value${markText(mark)}.`];
    });
  }
}

function markText(mark: string): string {
  return mark === "" ? "" : ` ("${showCell(mark)}")`;
}
