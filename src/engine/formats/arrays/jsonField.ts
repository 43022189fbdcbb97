/** Reads one field of many JSON records as a list. */

import { arrayWords } from "../../../messages/arrays.ts";
import { fileWords } from "../../../messages/files.ts";
import { chooseName } from "../chooseName.ts";
import { isObject, valuesIn } from "../jsonWalk.ts";
import type { FileFault } from "../readFile.ts";

const [comma, openList, closeList] = [44, 91, 93];

/**
 * The values of one field of all records, as a JSON list in new bytes.
 *
 * @param at offset of the list of records, in well-formed JSON.
 * @param wanted the field; null: the only field, otherwise `usual`.
 */
export function fieldOfRecords(
  bytes: Uint8Array,
  at: number,
  shown: string,
  wanted: string | null,
  usual: string,
): { readonly list: Uint8Array; readonly name: string } | FileFault {
  let name: string | null = null;
  const list = new Uint8Array(bytes.length - at + 2);
  let filled = 0;
  let index = 0;
  for (const record of valuesIn(bytes, at)) {
    if (!isObject(bytes, record.from)) return { fault: arrayWords().noRecord({ file: shown, index }) };
    if (name === null) {
      const names = [...valuesIn(bytes, record.from)].map(({ key }) => key);
      const chosen = chooseName(names, shown, wanted, usual);
      if ("fault" in chosen) return chosen;
      name = chosen.name;
    }
    let found = false;
    for (const { key, from, to } of valuesIn(bytes, record.from)) {
      if (key !== name) continue;
      if (found) return { fault: fileWords().fieldTwice({ file: shown, record: index, name }) };
      list[filled++] = index === 0 ? openList : comma;
      list.set(bytes.subarray(from, to), filled);
      filled += to - from;
      found = true;
    }
    if (!found) return { fault: arrayWords().noField({ file: shown, index, name: String(name) }) };
    index++;
  }
  list[filled++] = closeList;
  return { list: list.subarray(0, filled), name: name ?? usual };
}
