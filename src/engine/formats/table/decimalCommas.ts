/** Finds numbers with decimal commas that commas between the cells have cut in two. */

import type { Separator } from "./csvRows.ts";

export interface SplitNumbers {
  /** A row with such a number, and its line. */
  readonly line: number;
  readonly row: string;
  /** Number of names, or of columns if there are none. */
  readonly names: number;
  /** Number of cells of the row. */
  readonly cells: number;
  /** Whether the first row gives no names: then nothing contradicts the commas. */
  readonly headless: boolean;
}

interface Rows {
  readonly separator: Separator;
  /** Number of names; null: there is no header. */
  readonly names: number | null;
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
  readonly wanted: readonly string[];
  /** Whether the first cells are in quotes, so that they end where they end. */
  readonly quotedFirst: boolean;
}

const whole = /^[+-]?\d+$/;
const digits = /^\d{1,15}$/;

/**
 * Says whether the rows may be numbers with decimal commas: `1,5` under one name, or `1,5,2,25` under two. A row has then
 * more cells than there are names, two neighbours of them are whole numbers, and no cell has a decimal point.
 */
export function splitNumbers({ separator, names, rows, wanted, quotedFirst }: Rows): SplitNumbers | null {
  if (separator !== "," || rows.length === 0) return null;
  const pointed = rows.some(({ cells }) => cells.some((cell) => /^[+-]?\d*[.,]\d+$/.test(cell)));
  if (pointed) return null;
  if (names === null) return ofNoHeader(rows, wanted, quotedFirst);
  const longer = rows.filter(({ cells }) => filled(cells) > names);
  const first = longer.find(({ cells }) => pairAt(cells, quotedFirst ? 1 : 0) >= 0);
  if (!first || longer.length <= rows.length / 4) return null;
  if (longer.some(({ cells }) => pairAt(cells, quotedFirst ? 1 : 0) < 0)) return null;
  return { line: first.line, row: first.cells.join(","), names, cells: filled(first.cells), headless: false };
}

/** Number of cells up to the last one that is not empty. */
function filled(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell !== "") + 1;
}

/** Place of the first whole number that digits follow; -1: there is none. */
function pairAt(cells: readonly string[], from: number): number {
  return cells.findIndex((cell, i) => i >= from && whole.test(cell) && digits.test(cells[i + 1] ?? ""));
}

/** Without names: all cells are pairs, and the second ones are unusual as numbers, or nobody asks for them. */
function ofNoHeader(rows: Rows["rows"], wanted: readonly string[], quotedFirst: boolean): SplitNumbers | null {
  const [first] = rows;
  const width = first?.cells.length ?? 0;
  if (!first || width === 0 || width % 2 !== 0 || quotedFirst) return null;
  const paired = rows.every(
    ({ cells }) =>
      cells.length === width && cells.every((cell, i) => (i % 2 === 0 ? whole.test(cell) : digits.test(cell))),
  );
  if (!paired) return null;
  const seconds = rows.flatMap(({ cells }) => cells.filter((_, i) => i % 2 === 1));
  const zeros = seconds.some((cell) => cell.length > 1 && cell.startsWith("0"));
  const asked = wanted.some((name) => Number(name) % 2 === 0);
  if (!zeros && asked) return null;
  return { line: first.line, row: first.cells.join(","), names: width, cells: width, headless: true };
}
