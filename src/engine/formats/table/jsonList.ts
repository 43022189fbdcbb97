/** Chooses the part of a JSON text that is the table: the one that the config names, or that has the requested columns. */

import { listWords } from "../../../messages/lists.ts";
import { tableWords } from "../../../messages/tables.ts";
import type { JsonText } from "../jsonText.ts";
import { isList, isObject, valuesIn } from "../jsonWalk.ts";
import type { FileFault } from "../readFile.ts";
import { type JsonPlace, jsonPlaces } from "./jsonPlaces.ts";
import { showCell } from "./layoutText.ts";
import type { TableQuestion } from "./tableQuestion.ts";

export interface ListFault extends FileFault {
  /** Paths of the lists that may be meant. */
  readonly lists?: readonly string[];
  /** Index of the requested column that has the fault. */
  readonly column?: number;
  /** Whether the config names a list that does not exist. */
  readonly noSuchList?: true;
}

/** Most lists that a message names, and that can be chosen by a fix. */
const maxShown = 6;

/** @returns null: there is nothing that may be a table */
export function chosenPlace(
  text: JsonText,
  shown: string,
  asked: Pick<TableQuestion, "list" | "wanted">,
): JsonPlace | ListFault | null {
  const { places, repeated } = jsonPlaces(text, asked);
  const { list } = asked;
  const fitting = list === null ? places : places.filter(({ path }) => path === list);
  const most = Math.max(...fitting.map(({ found }) => found));
  const best = fitting.filter(({ found }) => found === most);
  const [place] = best;
  if (place === undefined) {
    if (list === null) return null;
    return { fault: tableWords().listMissing({ file: shown, list, lists: listed(places) }), noSuchList: true };
  }
  const twice = repeated.find((path) => isPartOf(path, place));
  if (twice !== undefined) return { fault: tableWords().repeatedPath({ file: shown, path: showCell(twice) }) };
  // The entries of an object may be its columns, or records.
  if (best.length === 1 || list !== null) return place;
  const lists = { file: shown, lists: listed(best), example: showCell(place.path) };
  if (most === 0) return { fault: tableWords().noSuchList({ file: shown, lists: listed(best) }) };
  return { fault: tableWords().severalLists(lists), lists: best.slice(0, maxShown).map(({ path }) => path) };
}

/** The fault of a requested column that holds rows of cells, which are a table of their own; null: there is none. */
export function rowsInColumn(
  { bytes, entries }: JsonText,
  shown: string,
  { wanted }: Pick<TableQuestion, "wanted">,
): ListFault | null {
  for (const { name, at } of entries ?? []) {
    const column = wanted.indexOf(name);
    const first = column >= 0 && isList(bytes, at) ? valuesIn(bytes, at).next() : null;
    if (!first || first.done || !isList(bytes, first.value.from)) continue;
    const cells = [...valuesIn(bytes, first.value.from)];
    if (cells.length === 0 || cells.some(({ from }) => isList(bytes, from) || isObject(bytes, from))) continue;
    const told = { file: shown, column: showCell(name), n: cells.length };
    return { fault: tableWords().rowsInColumn(told), lists: [name], column };
  }
  return null;
}

/** Whether what is at `path` belongs to a place, or contains it. */
function isPartOf(path: string, { path: own, columns, key }: JsonPlace): boolean {
  const within = own === "" ? "" : `${own}.`;
  if (own === path || own.startsWith(`${path}.`) || own.startsWith(`${path}[`)) return true;
  if (columns !== null) return columns.some(({ name }) => `${within}${name}` === path);
  return key !== null && path.startsWith(within);
}

/** `"data.items" (time, temperature, …)`. */
function listed(places: readonly JsonPlace[]): string {
  const shown = places.slice(0, maxShown).map(({ path, shows }) => {
    const names = [...shows.slice(0, 5).map(showCell), ...(shows.length > 5 ? ["…"] : [])];
    return listWords().aside({ text: `"${showCell(path)}"`, aside: listWords().commas(names) });
  });
  return listWords().commas([...shown, ...(places.length > maxShown ? ["…"] : [])]);
}
