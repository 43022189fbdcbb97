/** Faults of a table in order, the first few of each kind in full. */

import type { Remedy, TableFault } from "./tableQuestion.ts";

/** Faults of one kind that are listed one by one. */
const maxListed = 10;
/** Faults after which a file is not read on: nobody repairs more of them one by one, and each costs time. */
const maxFaults = 1000;

export type FaultKind = "column" | "ragged" | "size" | "cell" | "syntax" | "rows" | "header";

export class FaultList {
  readonly #listed: { readonly kind: FaultKind; readonly fault: TableFault; readonly cellOf: number | null }[] = [];
  readonly #counts = new Map<FaultKind, number>();
  /** Columns that one fault tells everything of. */
  readonly #whole = new Map<number, TableFault>();

  get any(): boolean {
    return this.#listed.length > 0;
  }

  /**
   * @param column that was asked for and that the fault is placed at.
   * @param cellOf the column that a cell is in.
   * @returns whether to read on.
   */
  add(
    kind: FaultKind,
    message: string,
    column: number | null,
    { remedies = [], cellOf = null }: { readonly remedies?: readonly Remedy[]; readonly cellOf?: number | null } = {},
  ): boolean {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (count <= maxListed || kind === "column")
      this.#listed.push({ kind, cellOf, fault: { message, column, remedies: [...remedies] } });
    return count < maxFaults;
  }

  /** One fault in place of all that are told of a column's cells. */
  replace(column: number, fault: TableFault): void {
    this.#whole.set(column, fault);
  }

  list(): TableFault[] {
    const kept = this.#listed.filter(({ cellOf }) => cellOf === null || !this.#whole.has(cellOf));
    const cells = kept.some(({ kind }) => kind === "cell");
    const more = (["ragged", "cell"] as const).flatMap((kind): TableFault[] => {
      const rest = (this.#counts.get(kind) ?? 0) - maxListed;
      if (rest <= 0 || (kind === "cell" && !cells)) return [];
      const most = rest + maxListed === maxFaults ? "or more" : "more";
      const what = kind === "cell" ? "cells that are not numbers" : "rows of another length";
      return [{ message: `… and ${rest} ${most} ${what}.`, column: null }];
    });
    return [...this.#whole.values(), ...kept.map(({ fault }) => fault), ...more];
  }
}
