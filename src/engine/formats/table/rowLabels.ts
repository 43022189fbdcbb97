/**
 * The column that says what each row is: its time, or its name in the first column. A total at the end often has none, and
 * its figures would be learnt like those of a row.
 */

import type { Row } from "./csvRows.ts";
import type { MissingMarks } from "./missing.ts";
import { isTotal } from "./vocabulary/totals.ts";

/** Numbers with a part behind the point are measured; a label is a word, a date or a whole number. */
const measured = /^[+-]?\d*[.,]\d+$/;

interface Sources {
  readonly names: readonly string[];
  readonly sample: readonly (readonly string[])[];
  readonly marks: MissingMarks;
  /** Positions of the columns with the times of the rows. */
  readonly times: readonly number[];
  /** Positions of the requested columns. */
  readonly wanted: readonly number[];
}

export class RowLabels {
  /** Name of the column; null: no column has labels. */
  readonly name: string | null;
  readonly #index: number;
  readonly #marks: MissingMarks;
  /** Whether all rows of data so far have a label. */
  #complete = true;

  constructor({ names, sample, marks, times, wanted }: Sources) {
    const [time] = times;
    this.#marks = marks;
    this.#index = time ?? 0;
    // A first column that is learnt from may lack values like any other.
    const first = !wanted.includes(0) && !sample.some((row) => measured.test(row[0] ?? ""));
    this.name = time !== undefined || first ? (names[this.#index] ?? null) : null;
  }

  /** Whether a row lacks the label that all rows before it have, or is called a total. */
  lackedBy(row: Row): boolean {
    if (this.name === null || !this.#complete || this.#index >= row.cells) return false;
    const cell = row.text(this.#index);
    return this.#marks.isText(cell) || isTotal(cell);
  }

  /** Takes note of a row of data. */
  took(unlabelled: boolean): void {
    if (unlabelled) this.#complete = false;
  }
}
