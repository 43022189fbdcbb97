/** Writers of the formats that a config's `data` reads, and random numbers to fill them. */

import { createRandom, type Random } from "../../../src/engine/data/random.ts";
import type { DataFiles } from "../entry.ts";

/** The `data` section, and the files that it names. */
export interface Data {
  readonly config: object;
  readonly files: DataFiles;
}

export type Columns = { readonly [name: string]: readonly number[] };

function csv(columns: Columns): string {
  const names = Object.keys(columns);
  const length = Math.max(0, ...Object.values(columns).map((values) => values.length));
  const rows = Array.from({ length }, (_, i) => names.map((name) => String(columns[name]?.[i] ?? "")).join(","));
  return `${[names.join(","), ...rows].join("\n")}\n`;
}

export interface Arrayed {
  /** Shape with the samples first. */
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** NPY version 1.0, little-endian float32, C order: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
export function npy({ shape, values }: Arrayed): Uint8Array {
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const magic = 10;
  const padded = dict.padEnd(Math.ceil((magic + dict.length + 1) / 64) * 64 - magic - 1);
  const header = `${padded}\n`;
  const bytes = new Uint8Array(magic + header.length + 4 * values.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  view.setUint16(8, header.length, true);
  for (let i = 0; i < header.length; i++) view.setUint8(magic + i, header.charCodeAt(i));
  values.forEach((value, i) => {
    view.setFloat32(magic + header.length + 4 * i, value, true);
  });
  return bytes;
}

/** A table in `d.csv`. */
export function table(make: () => Columns, config: object): Data {
  return { config: { file: "d.csv", ...config }, files: { "d.csv": () => csv(make()) } };
}

/** Two arrays, `x.npy` and `y.npy`. */
export function arrays(make: () => { readonly x: Arrayed; readonly y: Arrayed }): Data {
  return {
    config: { inputs: { file: "x.npy" }, targets: { file: "y.npy" } },
    files: { "x.npy": () => npy(make().x), "y.npy": () => npy(make().y) },
  };
}

/** `n` values from a generator with this seed. */
export function series(n: number, seed: number, make: (random: Random, i: number) => number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: n }, (_, i) => make(random, i));
}

export const normal = (n: number, seed: number, scale = 1, shift = 0): number[] =>
  series(n, seed, (random) => shift + scale * random.normal());

/** A choice from `classes` for each, with equal probability. */
export const choices = (n: number, seed: number, classes: number): number[] =>
  series(n, seed, (random) => random.integer(classes));
