/** JSON Lines: one object or list per line. */

import { skipBlanks } from "./scanJson.ts";
import { textStart } from "./utf8.ts";

const [quote, comma, openList, closeList, openObject, closeObject, backslash] = [34, 44, 91, 93, 123, 125, 92];
const lineFeed = 10;

/**
 * Turns JSON Lines into one JSON list, with every line at its original place. Other texts are returned unchanged: they do
 * not begin with two values on lines of their own. The lines are not checked.
 *
 * @param bytes UTF-8.
 */
export function asOneList(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const ends = valueEnds(bytes);
  let values = 0;
  let whole = false;
  for (let step = ends.next(); ; step = ends.next()) {
    if (step.done) {
      whole = step.value;
      break;
    }
    values++;
  }
  if (values < 2) return bytes;
  const result = new Uint8Array(bytes.length + values + 1);
  let from = textStart(bytes);
  let filled = 0;
  const copy = (to: number): void => {
    result.set(bytes.subarray(from, to), filled);
    filled += to - from;
    from = to;
  };
  result[filled++] = openList;
  let left = values;
  for (const end of valueEnds(bytes)) {
    copy(end);
    // After a broken line the list stays open, so that its reader meets the fault in that line.
    result[filled++] = --left > 0 || !whole ? comma : closeList;
  }
  copy(bytes.length);
  return result.subarray(0, filled);
}

/**
 * The end of each of several consecutive objects or lists.
 *
 * @returns whether there is nothing else, and each begins on a separate line.
 */
function* valueEnds(bytes: Uint8Array): Generator<number, boolean> {
  let depth = 0;
  for (let at = skipBlanks(bytes, textStart(bytes)); at < bytes.length; ) {
    const c = bytes[at++];
    if (c === openList || c === openObject) depth++;
    else if (depth === 0) return false;
    else if (c === quote) {
      while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
      at++;
    } else if ((c === closeList || c === closeObject) && --depth === 0) {
      const next = skipBlanks(bytes, at);
      if (next < bytes.length && bytes.subarray(at, next).indexOf(lineFeed) < 0) return false;
      yield at;
      at = next;
    }
  }
  return depth === 0;
}
