/** Nested lists of numbers in JSON, or one field of JSON records. */

import { arrayWords } from "../../../messages/arrays.ts";
import { chooseName } from "../chooseName.ts";
import { jsonText } from "../jsonText.ts";
import { isObject, valuesIn } from "../jsonWalk.ts";
import type { FileFault } from "../readFile.ts";
import { fieldOfRecords } from "./jsonField.ts";
import { parseNumbers } from "./jsonNumbers.ts";
import { maxAxes, type NumberArray } from "./numberArray.ts";

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
  const text = jsonText(file, shown, encoding, (why) => arrayWords().jsonAxes({ why, most: maxAxes }));
  if ("fault" in text) return text;
  const { bytes, at, entries } = text;
  if (entries === null) {
    if (bytes[at] !== openList) return { fault: arrayWords().jsonLists(shown) };
    const first = valuesIn(bytes, at).next();
    if (!first.done && isObject(bytes, first.value.from)) {
      const field = fieldOfRecords(bytes, at, shown, wanted, usual);
      return "fault" in field
        ? field
        : parseNumbers(field.list, 0, arrayWords().inFile({ array: field.name, file: shown }));
    }
    if (wanted === null) return parseNumbers(bytes, at, shown);
    return { fault: arrayWords().jsonList({ file: shown, name: wanted }), about: "array" };
  }
  const chosen = chooseName(
    entries.map(({ name }) => name),
    shown,
    wanted,
    usual,
  );
  if ("fault" in chosen) return chosen;
  const name = arrayWords().inFile({ array: chosen.name, file: shown });
  const place = entries.find((entry) => entry.name === chosen.name)?.at;
  if (place === undefined || bytes[place] !== openList) return { fault: arrayWords().notLists(name) };
  return parseNumbers(bytes, place, name);
}

const openList = 91;
