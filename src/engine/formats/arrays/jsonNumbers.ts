/** Reads nested lists of numbers, from JSON that is known to be well-formed, directly into an array. */

import { maxDataValues } from "../../../config/limits.ts";
import { arrayWords } from "../../../messages/arrays.ts";
import { fileWords } from "../../../messages/files.ts";
import { decimalAt } from "../../reading/decimal.ts";
import { skipBlanks, skipString } from "../../reading/scanJson.ts";
import type { FileFault } from "../readFile.ts";
import { maxAxes, type NumberArray, valueFault } from "./numberArray.ts";

const [quote, comma, openList, closeList, letterN, openObject, closeObject] = [34, 44, 91, 93, 110, 123, 125];

/**
 * @param at byte offset of the outermost list.
 * @param shown what messages call the array.
 */
export function parseNumbers(bytes: Uint8Array, at: number, shown: string): NumberArray | FileFault {
  return new Numbers(bytes, at, shown).run();
}

/** Collects the numbers. The first entries along each axis determine the shape; all others must have the same one. */
class Numbers {
  readonly #bytes: Uint8Array;
  readonly #shown: string;
  readonly #values: Float32Array;
  /** Sizes of the axes, set from the inside out as their first lists end; undefined before that. */
  readonly #sizes: (number | undefined)[] = [];
  /** Entries so far in each open list, the outermost first. */
  readonly #counts: number[] = [];
  /** Depth of the numbers; null before the first one. */
  #axes: number | null = null;
  #at: number;
  #filled = 0;
  /** Text of the first number that is not finite in 32 bits. */
  #infinite: number | null = null;

  constructor(bytes: Uint8Array, at: number, shown: string) {
    this.#bytes = bytes;
    this.#shown = shown;
    this.#at = at;
    this.#values = new Float32Array(Math.min(maxDataValues, mostNumbers(bytes, at)));
  }

  run(): NumberArray | FileFault {
    let depth = 0;
    do {
      const c = this.#bytes[this.#at];
      if (c === comma) this.#at++;
      else if (c === closeList) {
        const ragged = this.#close(--depth);
        if (ragged !== null) return { fault: ragged };
        this.#at++;
      } else {
        const wrong = this.#entry(c, depth);
        if (wrong !== null) return { fault: wrong };
        if (c === openList) depth++;
      }
      this.#at = skipBlanks(this.#bytes, this.#at);
    } while (depth > 0);
    const array = {
      shape: this.#sizes.map((size) => size ?? 0),
      values: this.#filled === this.#values.length ? this.#values : this.#values.slice(0, this.#filled),
    };
    const infinite = valueFault(array, this.#shown, () => this.#infinite ?? Number.NaN);
    return infinite === null ? array : { fault: infinite };
  }

  /** Accepts a number or the start of a list; returns why neither fits here, if so. */
  #entry(c: number | undefined, depth: number): string | null {
    if (depth > 0) {
      const size = this.#sizes[depth - 1];
      if (size !== undefined && this.#counts[depth - 1] === size)
        return this.#ragged(depth - 1, this.#lengthHere(size));
    }
    if (c === openList) {
      if (this.#axes !== null && depth >= this.#axes)
        return arrayWords().listForNumber({ name: this.#shown, place: this.#place(depth) });
      if (depth === maxAxes) return arrayWords().manyAxes({ name: this.#shown, most: maxAxes });
      if (depth > 0) this.#counts[depth - 1]!++;
      this.#counts[depth] = 0;
      this.#at++;
      return null;
    }
    this.#axes ??= depth;
    if (depth < this.#axes)
      return arrayWords().numberForList({
        name: this.#shown,
        found: this.#kind(c),
        place: this.#place(depth),
        n: this.#sizes[depth] ?? 0,
      });
    if (c === undefined || !isNumberStart(c))
      return fileWords().notANumber({
        file: this.#shown,
        found: this.#kind(c),
        place: this.#place(depth),
        why: c === quote ? "text" : c === letterN ? "null" : "other",
      });
    if (this.#filled === maxDataValues) return arrayWords().manyValues({ name: this.#shown, most: maxDataValues });
    const from = this.#at;
    this.#at = skipScalar(this.#bytes, from);
    const value = decimalAt(this.#bytes, from, this.#at);
    const rounded = Math.fround(value);
    if (this.#infinite === null && !Number.isFinite(rounded)) this.#infinite = value;
    this.#values[this.#filled++] = rounded;
    this.#counts[depth - 1]!++;
    return null;
  }

  /** Ends the list at `axis`. The first list there determines the length of the others. */
  #close(axis: number): string | null {
    const count = this.#counts[axis] ?? 0;
    this.#axes ??= axis + 1;
    const size = this.#sizes[axis];
    if (size === undefined) this.#sizes[axis] = count;
    else if (size !== count) return this.#ragged(axis, count);
    return null;
  }

  #ragged(axis: number, length: number): string {
    const indices = this.#counts.slice(0, axis).map((count) => count - 1);
    const where = axis === 0 ? "" : arrayWords().atIndices(indices.join(", "));
    const usual = this.#sizes[axis] ?? 0;
    return fileWords().raggedLists({ file: this.#shown, place: where, length, usual });
  }

  /** Number of entries of the innermost open list, after `before` entries have been read. */
  #lengthHere(before: number): number {
    let count = before + 1;
    let depth = 0;
    for (let at = this.#at; ; ) {
      const c = this.#bytes[at];
      if (c === quote) at = skipString(this.#bytes, at);
      else {
        if (c === openList || c === openObject) depth++;
        else if ((c === closeList || c === closeObject) && depth-- === 0) return count;
        else if (c === comma && depth === 0) count++;
        at++;
      }
    }
  }

  /**
   * ` at [0, 2]`: the indices of an item that is `depth` lists deep. The lists around it have been counted, the item
   * itself has not.
   */
  #place(depth: number): string {
    const indices = this.#counts.slice(0, depth).map((count, axis) => (axis < depth - 1 ? count - 1 : count));
    return depth === 0 ? "" : arrayWords().atIndices(indices.join(", "));
  }

  #kind(c: number | undefined): string {
    if (c === openList) return arrayWords().aList;
    if (c === openObject) return arrayWords().anObject;
    const end = c === quote ? skipString(this.#bytes, this.#at) : skipScalar(this.#bytes, this.#at);
    return new TextDecoder().decode(this.#bytes.subarray(this.#at, Math.min(end, this.#at + 30)));
  }
}

/** One more than the number of commas. */
function mostNumbers(bytes: Uint8Array, from: number): number {
  let count = 1;
  for (let i = from; i < bytes.length; i++) if (bytes[i] === comma) count++;
  return count;
}

function isNumberStart(c: number): boolean {
  return c === 45 || (c >= 48 && c <= 57);
}

/** The offset after a number or a word. */
function skipScalar(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; ; at++) {
    const c = bytes[at];
    // Digits, letters, signs and the dot. Except for the plus, all have codes above the comma.
    if (c === undefined || (c <= comma && c !== 43) || c === closeList || c === closeObject) return at;
  }
}
