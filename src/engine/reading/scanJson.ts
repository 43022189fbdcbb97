/**
 * Scans JSON (RFC 8259) without building values: checks that it is well-formed, and within limits of depth and count.
 * If it passes, it can be parsed within bounded memory. One pass, no recursion.
 */

import { readingWords } from "../../messages/reading.ts";
import { newlines, textStart } from "./utf8.ts";

export interface JsonLimits {
  /** Nesting depth of lists and objects. */
  readonly depth: number;
  /** Number of values of all kinds, and keys. */
  readonly values: number;
  /** Number of keys of the outermost object. */
  readonly keys: number;
}

/** A value of the outermost object. */
export interface JsonEntry {
  readonly name: string;
  /** Byte offset of its value. */
  readonly at: number;
}

export interface ScannedJson {
  /** Byte offset of the outermost value. */
  readonly at: number;
  /** Entries of the outermost object, in its order; null: it is not an object. */
  readonly entries: readonly JsonEntry[] | null;
}

/** The fault and its place: line and column count from 1. */
export class JsonFault extends Error {
  readonly line: number;
  readonly column: number;
  /** Lists and objects are nested beyond the limit. */
  readonly deep: boolean;

  constructor(message: string, bytes: Uint8Array, at: number, deep = false) {
    super(message);
    this.deep = deep;
    const start = at === 0 ? 0 : bytes.lastIndexOf(10, at - 1) + 1;
    this.line = newlines(bytes, 0, start) + 1;
    this.column = new TextDecoder().decode(bytes.subarray(start, at)).length + 1;
  }
}

const [space, tab, feed, carriage] = [32, 9, 10, 13];
const [quote, comma, colon, backslash] = [34, 44, 58, 92];
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125];
const [minus, plus, dot, zero, nine, letterE, lowerE, lowerU] = [45, 43, 46, 48, 57, 69, 101, 117];
const escapes = new Set(Buffer.from('"\\/bfnrt'));
const words = ["true", "false", "null"].map((word) => Buffer.from(word));

/** @throws JsonFault */
export function scanJson(bytes: Uint8Array, limits: JsonLimits): ScannedJson {
  return new Scan(bytes, limits).run();
}

/** The offset after blanks. */
export function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; ; at++) {
    const c = bytes[at];
    if (c !== space && c !== feed && c !== carriage && c !== tab) return at;
  }
}

/** The offset after the string that begins at `from`, in well-formed JSON. */
export function skipString(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  while (bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at + 1;
}

class Scan {
  readonly #bytes: Uint8Array;
  readonly #limits: JsonLimits;
  readonly #names = new Set<string>();
  readonly #entries: JsonEntry[] = [];
  #at: number;
  #values = 0;

  constructor(bytes: Uint8Array, limits: JsonLimits) {
    this.#bytes = bytes;
    this.#limits = limits;
    this.#at = textStart(bytes);
  }

  run(): ScannedJson {
    const { depth: maxDepth } = this.#limits;
    const open = new Uint8Array(maxDepth);
    let depth = 0;
    this.#blanks();
    const start = this.#at;
    const outer = this.#bytes[start];
    for (;;) {
      // A value begins here.
      let c = this.#bytes[this.#at];
      this.#count();
      if (c === openList || c === openObject) {
        if (depth === maxDepth) this.#fail(readingWords().jsonDeep(maxDepth), true);
        open[depth++] = c;
        this.#at++;
        c = this.#blanks();
        if (c !== (open[depth - 1] === openList ? closeList : closeObject)) {
          if (open[depth - 1] === openObject) this.#key(depth);
          continue;
        }
      } else this.#scalar(c);
      // A value has ended: the list or object that contains it continues or ends.
      for (;;) {
        const inside = depth === 0 ? 0 : open[depth - 1];
        c = this.#bytes[this.#at];
        if (inside !== 0 && c === (inside === openList ? closeList : closeObject)) {
          depth--;
          this.#at++;
          this.#blanks();
          continue;
        }
        c = this.#blanks();
        if (inside === 0) {
          if (c !== undefined) this.#fail(readingWords().jsonAfterEnd);
          return { at: start, entries: outer === openObject ? this.#entries : null };
        }
        if (c === comma) break;
        if (c !== closeList && c !== closeObject) this.#fail(this.#wanted("comma"));
        if (c !== (inside === openList ? closeList : closeObject))
          this.#fail(readingWords().jsonUnbegun(String.fromCharCode(c)));
      }
      this.#at++;
      this.#blanks();
      if (open[depth - 1] === openObject) this.#key(depth);
    }
  }

  /** Reads the key that begins here, up to its value. */
  #key(depth: number): void {
    if (this.#bytes[this.#at] !== quote) this.#fail(this.#wanted("key"));
    const from = this.#at;
    this.#count();
    this.#string();
    const to = this.#at;
    if (this.#blanks() !== colon) this.#fail(this.#wanted("colon"));
    this.#at++;
    this.#blanks();
    if (depth > 1) return;
    const name: unknown = JSON.parse(new TextDecoder().decode(this.#bytes.subarray(from, to)));
    if (typeof name !== "string") return;
    if (this.#names.has(name)) this.#failAt(readingWords().jsonKeyTwice(name.slice(0, 60)), from);
    if (this.#names.size === this.#limits.keys) this.#failAt(readingWords().jsonManyKeys(this.#limits.keys), from);
    this.#names.add(name);
    this.#entries.push({ name, at: this.#at });
  }

  #scalar(c: number | undefined): void {
    if (c === quote) this.#string();
    else if (c === minus || (c !== undefined && c >= zero && c <= nine)) this.#number();
    else {
      const word = words.find((w) => w.every((letter, i) => this.#bytes[this.#at + i] === letter));
      if (!word) this.#fail(this.#wanted("value"));
      this.#at += word.length;
    }
  }

  #string(): void {
    for (this.#at++; ; this.#at++) {
      const c = this.#bytes[this.#at];
      if (c === quote) break;
      if (c === undefined) this.#fail(readingWords().jsonOpenString);
      if (c < space) this.#fail(readingWords().jsonControl);
      if (c !== backslash) continue;
      const kind = this.#bytes[++this.#at];
      if (kind === lowerU) {
        for (let i = 0; i < 4; i++) if (!isHex(this.#bytes[++this.#at])) this.#fail(readingWords().jsonHex);
      } else if (kind === undefined || !escapes.has(kind)) this.#fail(readingWords().jsonEscape);
    }
    this.#at++;
  }

  #number(): void {
    if (this.#bytes[this.#at] === minus) this.#at++;
    if (this.#bytes[this.#at] === zero) this.#at++;
    else this.#digits();
    if (this.#bytes[this.#at] === dot) {
      this.#at++;
      this.#digits();
    }
    const e = this.#bytes[this.#at];
    if (e !== letterE && e !== lowerE) return;
    const sign = this.#bytes[++this.#at];
    if (sign === minus || sign === plus) this.#at++;
    this.#digits();
  }

  #digits(): void {
    const from = this.#at;
    for (; ; this.#at++) {
      const c = this.#bytes[this.#at];
      if (c === undefined || c < zero || c > nine) break;
    }
    if (this.#at === from) this.#fail(this.#wanted("digit"));
  }

  /** Skips blanks and returns the byte there. */
  #blanks(): number | undefined {
    this.#at = skipBlanks(this.#bytes, this.#at);
    return this.#bytes[this.#at];
  }

  #count(): void {
    if (++this.#values > this.#limits.values)
      this.#fail(readingWords().jsonManyValues(this.#limits.values.toLocaleString("en")));
  }

  #wanted(wanted: Parameters<ReturnType<typeof readingWords>["jsonEnds"]>[0]): string {
    const c = this.#bytes[this.#at];
    if (c === undefined) return readingWords().jsonEnds(wanted);
    const found = new TextDecoder().decode(this.#bytes.subarray(this.#at, this.#at + 4)).slice(0, 1);
    return readingWords().jsonFound({ found: JSON.stringify(found), wanted });
  }

  #fail(message: string, deep = false): never {
    return this.#failAt(message, this.#at, deep);
  }

  #failAt(message: string, at: number, deep = false): never {
    throw new JsonFault(message, this.#bytes, Math.min(at, this.#bytes.length), deep);
  }
}

function isHex(c: number | undefined): boolean {
  return c !== undefined && ((c >= zero && c <= nine) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102));
}
