/** Finds the tables within a JSON text, such as the list of records in the answer of an API. */

import type { JsonEntry } from "../../reading/scanJson.ts";
import type { JsonText } from "../jsonText.ts";
import { isList, isObject, type Place, parsed, valuesIn } from "../jsonWalk.ts";
import { cellsOf } from "./jsonCells.ts";
import { keyName } from "./jsonLayout.ts";
import type { TableQuestion } from "./tableQuestion.ts";

/** Depth at which nothing is looked for any more. */
const maxDepth = 6;
/** Most entries of an object, and elements of a list, within which tables are looked for. */
const maxEntries = 50;
const maxElements = 4;
/** Most values that are looked at. */
const maxLooks = 2000;
/** Most repeated keys that are kept. */
const maxRepeated = 100;
/** Number of records that show the columns. */
const sampleRows = 20;

/** A place that holds rows or columns. */
export interface JsonPlace {
  readonly at: number;
  /** Keys and indices on the way to it: `data.items`. */
  readonly path: string;
  /** Names of the cells of lists; null: rows are records, or lists that give the names themselves. */
  readonly names: readonly string[] | null;
  /** The column with the keys of an object of records; null: it is no such object. */
  readonly key: string | null;
  /** The lists of values of an object; null: it holds rows. */
  readonly columns: readonly JsonEntry[] | null;
  /** Names of its columns, as far as they are known. */
  readonly shows: readonly string[];
  /** Entries of the objects around it, the nearest first. */
  readonly around: Around;
  /** Number of requested columns that it has. */
  readonly found: number;
}

type Asked = Pick<TableQuestion, "wanted">;
/** Entries of objects. */
type Around = readonly (readonly Place[])[];

export interface JsonPlaces {
  /** In the order of the text. */
  readonly places: readonly JsonPlace[];
  /** Places that two keys of an object name. */
  readonly repeated: readonly string[];
}

/** All places that may be a table. */
export function jsonPlaces({ bytes, at }: JsonText, asked: Asked): JsonPlaces {
  return new Finder(bytes, asked).from(at);
}

class Finder {
  readonly #bytes: Uint8Array;
  readonly #wanted: readonly string[];
  readonly #places: JsonPlace[] = [];
  readonly #repeated: string[] = [];
  #looks = 0;

  constructor(bytes: Uint8Array, { wanted }: Asked) {
    this.#bytes = bytes;
    this.#wanted = wanted;
  }

  from(at: number): JsonPlaces {
    this.#look(at, "", [], 0);
    return { places: this.#places, repeated: this.#repeated };
  }

  /** @param around the entries of each object around it, the nearest first */
  #look(at: number, path: string, around: Around, depth: number): void {
    if (depth > maxDepth || this.#looks++ > maxLooks) return;
    if (isList(this.#bytes, at)) this.#list(at, path, around, depth);
    else if (isObject(this.#bytes, at)) this.#object(at, path, around, depth);
  }

  #add(place: Pick<JsonPlace, "at" | "path" | "shows"> & Partial<JsonPlace>, around: Around): void {
    const found = this.#wanted.filter((name) => place.shows.includes(name)).length;
    this.#places.push({ names: null, key: null, columns: null, found, around, ...place });
  }

  #list(at: number, path: string, around: Around, depth: number): void {
    const sample = this.#first(at, sampleRows);
    const [first] = sample;
    if (first === undefined) return;
    if (sample.every(({ from }) => isObject(this.#bytes, from)))
      this.#add({ at, path, shows: this.#keysOf(sample) }, around);
    else if (sample.every(({ from }) => isList(this.#bytes, from))) {
      const row = this.#first(first.from, 1000);
      if (row.every(({ from }) => this.#isScalar(from))) {
        const names = this.#namesBeside(around[0] ?? [], row.length);
        // Only texts can be names.
        const texts = row.every(({ from }) => this.#bytes[from] === 34);
        const own = texts ? row.map(({ from, to }) => parsed(this.#bytes, from, to, String)) : [];
        const numbers = row.map((_, i) => String(i + 1));
        this.#add({ at, path, names, shows: names ?? [...own, ...numbers] }, around);
      }
    }
    const few = this.#first(at, maxElements + 1);
    if (few.length <= maxElements)
      for (const [i, { from }] of few.entries()) this.#look(from, `${path}[${i}]`, [[], ...around], depth + 1);
  }

  #object(at: number, path: string, around: Around, depth: number): void {
    const entries = this.#first(at, 10_000);
    this.#note(entries, path);
    const columns = entries.filter(
      ({ from, key }) =>
        (isList(this.#bytes, from) && this.#isScalar(this.#first(from, 1)[0]?.from ?? from)) ||
        (isObject(this.#bytes, from) && this.#wanted.includes(key)),
    );
    if (columns.length > 1 || columns.some(({ key }) => this.#wanted.includes(key)))
      this.#add(
        {
          at,
          path,
          shows: columns.map(({ key }) => key),
          columns: columns.map(entryOf),
        },
        around,
      );
    const sample = entries.slice(0, sampleRows);
    if (entries.length > 1 && entries.every(({ from }) => isObject(this.#bytes, from)) && this.#alike(sample)) {
      const keys = this.#keysOf(sample);
      const key = keyName(keys);
      this.#add({ at, path, key, shows: [key, ...keys] }, around);
      return;
    }
    for (const { from, key } of entries.slice(0, maxEntries))
      this.#look(from, below(path, key), [entries, ...around], depth + 1);
  }

  /** Notes keys that an object has twice. */
  #note(entries: readonly Place[], path: string): void {
    const keys = new Set<string>();
    for (const { key } of entries) {
      if (keys.has(key) && this.#repeated.length < maxRepeated) this.#repeated.push(below(path, key));
      keys.add(key);
    }
  }

  /** Whether objects have a key in common whose value is no list or object. */
  #alike(objects: readonly Place[]): boolean {
    const scalars = objects.map(
      ({ from }) => new Set(this.#first(from, 1000).flatMap((v) => (this.#isScalar(v.from) ? [v.key] : []))),
    );
    return [...(scalars[0] ?? [])].some((key) => scalars.every((keys) => keys.has(key)));
  }

  #keysOf(records: readonly Place[]): readonly string[] {
    const keys = new Set<string>();
    for (const place of records) {
      const cells = cellsOf(this.#bytes, place);
      if (cells instanceof Map) for (const name of cells.keys()) keys.add(name);
    }
    return [...keys];
  }

  /** A list of texts beside a list of rows that has a name for each of their cells. */
  #namesBeside(parent: readonly Place[], width: number): readonly string[] | null {
    for (const { from } of parent) {
      if (!isList(this.#bytes, from)) continue;
      const values = this.#first(from, width + 1);
      if (values.length === width && values.every((value) => this.#bytes[value.from] === 34))
        return values.map((value) => parsed(this.#bytes, value.from, value.to, String));
    }
    return null;
  }

  #isScalar(at: number): boolean {
    return !isList(this.#bytes, at) && !isObject(this.#bytes, at);
  }

  #first(at: number, most: number): readonly Place[] {
    const values: Place[] = [];
    for (const place of valuesIn(this.#bytes, at)) {
      values.push(place);
      if (values.length === most) break;
    }
    return values;
  }
}

export function entryOf({ key, from }: Place): JsonEntry {
  return { name: key, at: from };
}

function below(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
