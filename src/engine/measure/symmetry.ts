/**
 * Checks whether the units of a layer differ at all before the first step. Units with the same incoming weights compute
 * the same value; if their outgoing weights are also the same, they get the same gradient and stay equal for ever
 * (Goodfellow, Bengio & Courville 2016, section 8.4). Linear in the number of weights.
 */

import type { SymmetryInfo } from "../../protocol/run.ts";
import { type MeasuredLayer, shortName } from "../instrument/measuredLayers.ts";
import type { Floats } from "../recording/norms.ts";

interface Matrix {
  readonly values: Floats;
  /** Product of all axes but the last. */
  readonly rows: number;
  readonly columns: number;
}

/** Null for a layer without a kernel (or embedding vectors). */
export function symmetryOf({ weights, cell }: MeasuredLayer): SymmetryInfo | null {
  const named = new Map(weights.map((weight) => [shortName(weight), weight]));
  const read = (name: string): Matrix | null => {
    const weight = named.get(name);
    if (!weight) return null;
    const shape = weight.shape.map(Number);
    const columns = shape.at(-1) ?? 1;
    const values = weight.read().dataSync();
    return { values, rows: values.length / columns, columns };
  };
  const kernel = read("kernel") ?? read("embeddings");
  if (!kernel || kernel.columns === 0 || kernel.rows === 0) return null;
  const units = cell?.units ?? kernel.columns;
  // The columns of a gated layer are one block of units for each gate.
  if (kernel.columns % units !== 0) return null;
  const recurrent = read("recurrent_kernel");
  const incoming = [kernel, recurrent && !isScaledIdentity(recurrent) ? recurrent : null, read("bias")];
  const matrices = incoming.flatMap((m) => (m !== null && m.columns % units === 0 ? [m] : []));
  return { units: sharedColumns(matrices, units), inputs: sharedRows(kernel) };
}

/** g × I keeps equal units equal although its columns differ. */
function isScaledIdentity({ values, rows, columns }: Matrix): boolean {
  if (rows !== columns) return false;
  const [first] = values;
  return values.every((v, i) => v === (i % (columns + 1) === 0 ? first : 0));
}

/** Share of units whose columns all equal those of another unit. */
function sharedColumns(matrices: readonly Matrix[], units: number): number {
  const hash = new Hashes(units);
  for (const { values, rows, columns } of matrices)
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) hash.add(c % units, values[r * columns + c]!);
  return hash.shared();
}

function sharedRows({ values, rows, columns }: Matrix): number {
  const hash = new Hashes(rows);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) hash.add(r, values[r * columns + c]!);
  return hash.shared();
}

/**
 * Two 32-bit hashes for each of several lists of numbers: two unequal lists have both in common with probability 2⁻⁶⁴.
 */
class Hashes {
  readonly #a: Uint32Array;
  readonly #b: Uint32Array;
  readonly #bits = new Uint32Array(1);
  readonly #float = new Float32Array(this.#bits.buffer);

  constructor(count: number) {
    this.#a = new Uint32Array(count).fill(0x811c9dc5);
    this.#b = new Uint32Array(count);
  }

  add(list: number, value: number): void {
    // −0 becomes 0.
    this.#float[0] = value + 0;
    const bits = this.#bits[0]!;
    this.#a[list] = Math.imul(this.#a[list]! ^ bits, 0x01000193) ^ (this.#a[list]! >>> 15);
    this.#b[list] = Math.imul(this.#b[list]! + bits + 0x9e3779b9, 0x85ebca6b) ^ (bits >>> 13);
  }

  /** Share of the lists that equal another one. */
  shared(): number {
    const counts = new Map<string, number>();
    const keys = Array.from(this.#a, (a, i) => `${a}/${this.#b[i]}`);
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return keys.filter((key) => (counts.get(key) ?? 0) > 1).length / keys.length;
  }
}
