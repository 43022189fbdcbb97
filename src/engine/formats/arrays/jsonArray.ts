/** Nested lists of numbers in JSON. */

import { JsonFault, scanJson } from "../../reading/scanJson.ts";
import { chooseName } from "../chooseName.ts";
import { type FileFault, textOf } from "../readFile.ts";
import { parseNumbers } from "./jsonNumbers.ts";
import { maxAxes, type NumberArray } from "./numberArray.ts";

/** Far deeper than the lists of a sound file, which are at most `maxAxes` deep. */
const maxDepth = 64;
const maxKeys = 10_000;

/**
 * @param file the file's bytes.
 * @param shown what messages call the file.
 * @param wanted the key of the array, if the file holds an object; null: the only key, otherwise `usual`.
 * @param encoding null: UTF-8, or the encoding of its byte order mark.
 */
export function parseJsonArray(
  file: Uint8Array<ArrayBuffer>,
  shown: string,
  wanted: string | null,
  usual: string,
  encoding: string | null,
): NumberArray | FileFault {
  const text = textOf(file, shown, "JSON", encoding);
  if ("fault" in text) return text;
  const { bytes } = text;
  let scanned: ReturnType<typeof scanJson>;
  try {
    scanned = scanJson(bytes, { depth: maxDepth, values: Number.POSITIVE_INFINITY, keys: maxKeys });
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const hint = error.message.startsWith("it is nested") ? `; an array has at most ${maxAxes} axes` : "";
    return {
      fault: `${shown} is not well-formed JSON (line ${error.line}, column ${error.column}): ${error.message}${hint}.`,
    };
  }
  const { at, entries } = scanned;
  if (entries === null) {
    if (bytes[at] !== openList)
      return { fault: `${shown} must hold nested lists of numbers, or an object with such lists.` };
    if (wanted === null) return parseNumbers(bytes, at, shown);
    return { fault: `${shown} is a list; it has no array "${wanted}". Leave "array" out.`, about: "array" };
  }
  const chosen = chooseName(
    entries.map(({ name }) => name),
    shown,
    wanted,
    usual,
  );
  if ("fault" in chosen) return chosen;
  const name = `"${chosen.name}" in ${shown}`;
  const place = entries.find((entry) => entry.name === chosen.name)?.at;
  if (place === undefined || bytes[place] !== openList) return { fault: `${name} must be nested lists of numbers.` };
  return parseNumbers(bytes, place, name);
}

const openList = 91;
