/** Rows that may be no data, which depends on whether data follow. */

import type { LeftOutRow } from "./leftOut.ts";
import type { Values } from "./rowReader.ts";
import { isTotal } from "./vocabulary/totals.ts";

/**
 * Most rows at the end that are left out as footers; more are a fault. Any number of empty rows is allowed, because
 * spreadsheets write them.
 */
const maxFooters = 20;
const maxEmpty = 1000;

/** A row's values, times and series. */
export interface Taken extends Values {
  readonly times: readonly string[];
  /** Cells that name its series. */
  readonly series: readonly string[];
  /** Whether it lacks the label that rows have. */
  readonly unlabelled: boolean;
}

export interface Pending extends LeftOutRow {
  /** Whether it cannot be a row of data: it has too few cells, or words instead of numbers. */
  readonly odd: boolean;
  readonly row: Taken;
  readonly faults: readonly (() => boolean)[];
}

export class PendingRows {
  #rows: Pending[] = [];
  /** How many of these contain something. */
  #filled = 0;

  get rows(): readonly Pending[] {
    return this.#rows;
  }

  /** @returns whether they are too many for footers */
  add(pending: Pending): boolean {
    if (!pending.empty) this.#filled++;
    this.#rows.push(pending);
    return this.#filled > maxFooters || this.#rows.length > maxEmpty;
  }

  /** Rows of numbers that lack a label and are not called totals. */
  totals(): readonly Pending[] {
    return this.#rows.filter(
      ({ odd, row, first }) => row.unlabelled && !odd && !isTotal(first) && !row.numbers.every(Number.isNaN),
    );
  }

  /** Removes all of them. */
  removed(): readonly Pending[] {
    return this.#removed(this.#rows.length);
  }

  /** Removes those up to the last of the totals. */
  removedToLastTotal(): readonly Pending[] {
    const last = this.totals().at(-1);
    return this.#removed(last ? this.#rows.indexOf(last) + 1 : 0);
  }

  #removed(count: number): readonly Pending[] {
    const rows = this.#rows;
    this.#rows = rows.slice(count);
    this.#filled = this.#rows.filter(({ empty }) => !empty).length;
    return rows.slice(0, count);
  }
}
