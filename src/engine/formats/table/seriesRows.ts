/** Tells to which of several series each row of a table belongs. */

import { listWords } from "../../../messages/lists.ts";
import { noteWords } from "../../../messages/tableNotes.ts";

/** The series of all rows, in the order in which they first occur. */
export class SeriesRows {
  readonly #ids = new Map<string, number>();
  readonly #ofRows: Float64Array;

  /** @param rows largest number of rows; 0 if the table is one series. */
  constructor(rows: number) {
    this.#ofRows = new Float64Array(rows);
  }

  /** @param cells the row's cells that name its series. */
  set(row: number, cells: readonly string[]): void {
    const name = cells.join("\u0000");
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(name, id);
    }
    this.#ofRows[row] = id;
  }

  get count(): number {
    return this.#ids.size;
  }

  note(names: readonly string[]): string {
    return noteWords().series({ n: this.count, columns: listWords().and(names.map((name) => `"${name}"`)) });
  }

  /** A sort key that puts the rows of a series together. */
  key(rows: number): Float64Array {
    return this.#ofRows.subarray(0, rows);
  }

  /** First row of each series, then the number of rows, once they are together. */
  bounds(rows: number): Uint32Array<ArrayBuffer> {
    if (this.#ids.size <= 1) return Uint32Array.of(0, rows);
    const bounds = new Uint32Array(this.#ids.size + 1);
    for (let row = 0; row < rows; row++) bounds[this.#ofRows[row]! + 1]!++;
    for (let i = 1; i < bounds.length; i++) bounds[i]! += bounds[i - 1]!;
    return bounds;
  }
}
