/** The faults of a table in order, with the first few of each kind in full. */

import { tableWords } from "../../../messages/tables.ts";
import type { Remedy, TableFault } from "./tableQuestion.ts";

/** Most faults of one kind that are listed one by one. */
const maxListed = 10;
/** Most faulty cells of one column that are. */
const maxOfColumn = 3;
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
  /** Number of faulty cells of each column. */
  readonly #cellsOf = new Map<number, number>();
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
    const ofColumn = cellOf === null ? 0 : (this.#cellsOf.get(cellOf) ?? 0) + 1;
    if (cellOf !== null) this.#cellsOf.set(cellOf, ofColumn);
    const listed = this.#listed.filter((each) => each.kind === kind).length;
    if (kind === "column" || (listed < maxListed && ofColumn <= maxOfColumn))
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
      const count = this.#counts.get(kind) ?? 0;
      const replaced = [...this.#whole.keys()].reduce((sum, column) => sum + (this.#cellsOf.get(column) ?? 0), 0);
      const rest = count - (kind === "cell" ? replaced : 0) - kept.filter((each) => each.kind === kind).length;
      if (rest <= 0 || (kind === "cell" && !cells)) return [];
      const more = { n: rest, orMore: count >= maxFaults };
      return [{ message: kind === "cell" ? tableWords().moreCells(more) : tableWords().moreRows(more), column: null }];
    });
    return [...this.#whole.values(), ...kept.map(({ fault }) => fault), ...more];
  }
}
