/** Cells of rows in JSON. */

import { isList, isObject, type Place, parsed, valuesIn } from "../jsonWalk.ts";
import type { Row } from "./csvRows.ts";

const lineFeed = 10;
/** Depth of objects within records whose values are columns, such as `main.temp`. */
const maxNesting = 3;

export type Cell = string | number;
/** A record's cells by name, or those of a list. */
export type Cells = readonly Cell[] | Map<string, Cell>;

/** A record's cells, or those of a list. @param repeated is told keys that a record has twice */
export function cellsOf(bytes: Uint8Array, { from, to }: Place, repeated?: (key: string) => void): Cells {
  if (isList(bytes, from)) return [...valuesIn(bytes, from)].map((place) => cellAt(bytes, place));
  const cells = new Map<string, Cell>();
  const visit = (at: number, end: number, prefix: string, depth: number): void => {
    if (!isObject(bytes, at)) {
      if (cells.has(prefix)) repeated?.(prefix);
      cells.set(prefix, cellAt(bytes, { from: at, to: end, key: "" }));
      return;
    }
    for (const inner of valuesIn(bytes, at)) {
      const name = prefix === "" ? inner.key : `${prefix}.${inner.key}`;
      if (depth < maxNesting) visit(inner.from, inner.to, name, depth + 1);
    }
  };
  if (isObject(bytes, from)) visit(from, to, "", 0);
  return cells;
}

/** A number, or the text of anything else; null is an empty cell. */
export function cellAt(bytes: Uint8Array, { from, to }: Place): Cell {
  if (isList(bytes, from) || isObject(bytes, from)) return isList(bytes, from) ? "[…]" : "{…}";
  return parsed(bytes, from, to, (value) => (typeof value === "number" ? value : value === null ? "" : String(value)));
}

export function rowOf(cells: readonly Cell[], line: number): Row {
  return {
    line,
    cells: cells.length,
    text: (i) => String(cells[i] ?? "").trim(),
    isEmpty: (i) => cells[i] === "" || cells[i] === undefined,
    quick: (i) => {
      const cell = cells[i];
      return typeof cell === "number" && Number.isFinite(Math.fround(cell)) ? cell : Number.NaN;
    },
  };
}

/** Counts the lines of places that follow one another. */
export class LineCounter {
  readonly #bytes: Uint8Array;
  #line = 1;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  at(place: number): number {
    for (; this.#at < place; this.#at++) if (this.#bytes[this.#at] === lineFeed) this.#line++;
    return this.#line;
  }
}
