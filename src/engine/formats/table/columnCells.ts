/** Counts the numbers, the words and the missing values of each requested column, and says what they mean for it. */

import { fileWords } from "../../../messages/files.ts";
import { tableWords } from "../../../messages/tables.ts";
import { doubtfulNumber } from "./cellReader.ts";
import type { Layout } from "./layout.ts";
import { columnsText, maxApart, showCell } from "./layoutText.ts";
import { MixedSigns } from "./mixedSigns.ts";
import { type Decimal, numberOf } from "./numberFormat.ts";
import type { Remedy, TableFault, TableQuestion } from "./tableQuestion.ts";
import { isNumberWithText, readingsOf } from "./vocabulary/amounts.ts";

/** Words of a column that may be classes. */
const maxLabels = 100;

/** Hours, minutes and seconds, also beyond a day. */
const duration = /^-?\d{1,5}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?$/;

/** A column that lacks values, with the first place and its mark. */
interface Lacking {
  readonly name: string;
  readonly column: number;
  readonly count: number;
  readonly line: number;
  readonly mark: string;
}

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
  #signs: readonly MixedSigns[];
  readonly #words: { count: number; numbers: number; first: string; readonly distinct: Set<string> }[];

  /**
   * @param wanted names of the requested columns
   * @param targets indices of those that are targets
   */
  constructor({ wanted, targets }: Pick<TableQuestion, "wanted" | "targets">) {
    this.#wanted = wanted;
    this.#targets = targets;
    this.#missing = wanted.map(() => ({ count: 0, line: 0, mark: "" }));
    this.#signs = wanted.map(() => new MixedSigns());
    this.#words = wanted.map(() => ({ count: 0, numbers: 0, first: "", distinct: new Set<string>() }));
  }

  /** Forgets all cells. */
  reset(): void {
    for (const each of this.#missing) each.count = 0;
    this.#signs = this.#wanted.map(() => new MixedSigns());
    for (const each of this.#words) {
      Object.assign(each, { count: 0, numbers: 0 });
      each.distinct.clear();
    }
  }

  /** @param cell its text; undefined: only digits and a decimal mark */
  number(column: number, line: number, value: number, cell: string | undefined): void {
    this.#words[column]!.numbers++;
    this.#signs[column]!.number(line, value, cell);
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

  /** Faults of columns that hold words or dates instead of numbers. @param dated whether a column holds dates, or times of day */
  wordFaults(shown: string, dated: (column: number) => "dates" | "times" | null): readonly ColumnFault[] {
    return this.#words.flatMap(({ count, numbers, first, distinct }, column) => {
      if (count === 0 || numbers > count / 9) return [];
      const name = this.#wanted[column]!;
      const dates = dated(column) !== null;
      const labels = dates || distinct.size < 2 || distinct.size > maxLabels ? [] : [...distinct].sort();
      const cells = { file: shown, column: name, cell: showCell(first) };
      if (first === "[…]" || first === "{…}")
        return [{ message: fileWords().listsInCells(cells), column, remedies: [] }];
      // A few of them may be categories, such as "3rd class".
      const most = (is: (cell: string) => boolean) => [...distinct].filter(is).length > distinct.size / 2;
      if (dated(column) === "times" || most((cell) => duration.test(cell)))
        return [{ message: tableWords().timesOfDay(cells), column, remedies: [] }];
      const factor = [...distinct].find((cell) => readings(cell).length > 0);
      if (!dates && factor !== undefined && most((cell) => readings(cell).length > 0)) {
        const fault = fileWords().ofColumn({ column: name, fault: doubtfulNumber(factor, readings(factor)) });
        const message = fileWords().ofFile({ file: shown, fault: fileWords().sentence(fault) });
        return [{ message, column, remedies: [] }];
      }
      if (!dates && distinct.size > 10) {
        if (most(isNumberWithText)) return [{ message: tableWords().numbersWithText(cells), column, remedies: [] }];
        if (most((cell) => /^[+-]?\d/.test(cell)))
          return [{ message: fileWords().textsNotNumbers(cells), column, remedies: [] }];
      }
      const target = this.#targets.includes(column);
      const message = dates
        ? tableWords().datesNotNumbers(cells)
        : tableWords().wordsNotNumbers({ ...cells, target, n: labels.length });
      const classes =
        labels.length > 0
          ? [{ set: this.#targets.includes(column) ? ("classes" as const) : ("oneHot" as const), value: labels }]
          : [];
      const remedies = dates ? [{ set: "notAnInput" as const }] : classes;
      return [{ message, column, remedies }];
    });
  }

  /** Faults of columns that mix numbers with and without a per cent sign. */
  signFaults(shown: string, counted: Layout["counted"], decimal: (column: number) => Decimal): readonly ColumnFault[] {
    return this.#signs.flatMap((signs, column) => {
      const message = signs.fault(shown, this.#wanted[column]!, { counted, decimal: decimal(column) });
      return message === null ? [] : [{ message, column, remedies: [] }];
    });
  }

  /** Faults of columns with missing values, for tables whose config does not say what becomes of them. */
  missingFaults(shown: string, counted: Layout["counted"]): readonly ColumnFault[] {
    const lacking = this.#lacking();
    const [first] = lacking;
    if (first && lacking.length > maxApart) {
      const cells = lacking.reduce((sum, { count }) => sum + count, 0);
      const line = Math.min(...lacking.map((each) => each.line));
      const message = tableWords().missingInColumns({
        file: shown,
        columns: columnsText(lacking.map(({ name }) => name)),
        cells,
        counted,
        line,
      });
      return [{ message, column: first.column, remedies: [{ set: "fill" as const }] }];
    }
    return lacking.map(({ name, column, count, line, mark }) => {
      const message = tableWords().missingIn({ file: shown, name, n: count, mark: showCell(mark), counted, line });
      return { message, column, remedies: [{ set: "fill" as const }] };
    });
  }

  /** Notes about columns with missing values. */
  missingNotes(): readonly string[] {
    const lacking = this.#lacking();
    if (lacking.length > maxApart) {
      const cells = lacking.reduce((sum, { count }) => sum + count, 0);
      return [tableWords().missingNotes({ columns: columnsText(lacking.map(({ name }) => name)), cells })];
    }
    return lacking.map(({ name, count, mark }) => tableWords().missingNote({ name, n: count, mark: showCell(mark) }));
  }

  /** The columns that lack values. */
  #lacking(): readonly Lacking[] {
    return this.#missing.flatMap((each, column) =>
      each.count === 0 ? [] : [{ ...each, column, name: this.#wanted[column]! }],
    );
  }
}

/** Numbers that a cell with a doubtful factor may mean, with whatever decimal mark. */
function readings(cell: string): readonly number[] {
  const read = (text: string) => {
    const point = numberOf(text, { decimal: ".", thousands: "" });
    return Number.isNaN(point) ? numberOf(text, { decimal: ",", thousands: "" }) : point;
  };
  return readingsOf(cell, read);
}
