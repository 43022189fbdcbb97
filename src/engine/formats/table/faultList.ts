/** The faults of a table in order, with the first few of each kind in full. */

import type { Remedy, TableFault } from "./tableQuestion.ts";

/** Most faults of one kind that are listed one by one. */
const maxListed = 10;
/** Reading stops after this many faults: more of them are not repaired one by one, and each costs time. */
const maxFaults = 1000;

export type FaultKind = "column" | "ragged" | "size" | "cell" | "syntax" | "rows" | "header";

interface FaultParts {
  readonly remedies?: readonly Remedy[];
  readonly cellOf?: number | null;
  /** Keys within the data section, if the fault is not at a column or the file. */
  readonly place?: readonly string[];
}

export class FaultList {
  readonly #listed: { readonly kind: FaultKind; readonly fault: TableFault; readonly cellOf: number | null }[] = [];
  readonly #counts = new Map<FaultKind, number>();
  /** Columns with one fault that covers everything. */
  readonly #whole = new Map<number, TableFault>();

  get any(): boolean {
    return this.#listed.length > 0;
  }

  /**
   * @param column the requested column at which the fault is reported.
   * @param cellOf the column of the faulty cell.
   * @returns whether to continue reading.
   */
  add(
    kind: FaultKind,
    message: string,
    column: number | null,
    { remedies = [], cellOf = null, place }: FaultParts = {},
  ): boolean {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (count <= maxListed || kind === "column")
      this.#listed.push({
        kind,
        cellOf,
        fault: { message, column, remedies: [...remedies], ...(place && { place: [...place] }) },
      });
    return count < maxFaults;
  }

  /** Replaces all faults of a column's cells by a single one. */
  replace(column: number, fault: TableFault): void {
    this.#whole.set(column, fault);
  }

  list(): TableFault[] {
    const kept = this.#listed.filter(({ cellOf }) => cellOf === null || !this.#whole.has(cellOf));
    const cells = kept.some(({ kind }) => kind === "cell");
    const more = (["ragged", "cell"] as const).flatMap((kind): TableFault[] => {
      const rest = (this.#counts.get(kind) ?? 0) - maxListed;
      if (rest <= 0 || (kind === "cell" && !cells)) return [];
      const most = rest + maxListed >= maxFaults ? "or more" : "more";
      const what = kind === "cell" ? "cells that are not numbers" : "rows of another length";
      return [{ message: `… and ${rest} ${most} ${what}.`, column: null }];
    });
    return [...this.#whole.values(), ...kept.map(({ fault }) => fault), ...more];
  }
}
