/** Walks through lists and objects in well-formed JSON without building them. */

import { skipBlanks, skipString } from "../reading/scanJson.ts";

const [quote, comma, openList, closeList, openObject, closeObject] = [34, 44, 91, 93, 123, 125];

/** Offset after the value that begins at `from`. */
export function skipValue(bytes: Uint8Array, from: number): number {
  let depth = 0;
  for (let at = from; ; ) {
    const c = bytes[at];
    if (c === quote) at = skipString(bytes, at);
    else if (c === openList || c === openObject) {
      depth++;
      at++;
      continue;
    } else if (c === closeList || c === closeObject) {
      depth--;
      at++;
    } else if (c === undefined) return at;
    else if (depth > 0 && (c <= comma || c === 58)) {
      // A blank, a comma or a colon between values.
      at++;
      continue;
    } else at = skipWord(bytes, at);
    if (depth === 0) return at;
  }
}

/** Past a number, true, false or null. */
function skipWord(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  for (; at < bytes.length; at++) {
    const c = bytes[at]!;
    if ((c <= comma && c !== 43) || c === closeList || c === closeObject) break;
  }
  return at;
}

export interface Place {
  /** The value is from `from` to before `to`. */
  readonly from: number;
  readonly to: number;
  /** The name of the value in an object; empty in a list. */
  readonly key: string;
}

/** Values of the list or object that begins at `from`. */
export function* valuesIn(bytes: Uint8Array, from: number): Generator<Place> {
  const keyed = bytes[from] === openObject;
  for (let at = skipBlanks(bytes, from + 1); ; ) {
    const c = bytes[at];
    if (c === undefined || c === closeList || c === closeObject) return;
    let key = "";
    if (keyed) {
      const end = skipString(bytes, at);
      key = parsed(bytes, at, end, String);
      at = skipBlanks(bytes, skipBlanks(bytes, end) + 1);
    }
    const to = skipValue(bytes, at);
    yield { from: at, to, key };
    at = skipBlanks(bytes, to);
    if (bytes[at] === comma) at = skipBlanks(bytes, at + 1);
  }
}

/** What a part of the text means, as `as` takes it. */
export function parsed<T>(bytes: Uint8Array, from: number, to: number, as: (value: unknown) => T): T {
  return as(JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("utf8")));
}

export function isList(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === openList;
}

export function isObject(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === openObject;
}
