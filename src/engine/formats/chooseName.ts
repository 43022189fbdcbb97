/** Chooses one of a file's arrays. */

import { didYouMean } from "../../config/didYouMean.ts";
import { fileWords } from "../../messages/files.ts";
import type { FileFault } from "./readFile.ts";

/**
 * @param names the file's arrays.
 * @param wanted the requested name; null: the only array, otherwise `usual`.
 */
export function chooseName(
  names: readonly string[],
  shown: string,
  wanted: string | null,
  usual: string,
): { readonly name: string } | FileFault {
  const [only] = names;
  if (only === undefined) return { fault: fileWords().noArray(shown) };
  if (wanted === null && names.length === 1) return { name: only };
  const name = wanted ?? usual;
  if (names.includes(name)) return { name };
  const listed = names
    .slice(0, 20)
    .map((n) => `"${n}"`)
    .join(", ");
  const arrays = fileWords().itsArrays({ names: listed, more: names.length > 20 });
  if (wanted === null) return { fault: fileWords().nameArray({ file: shown, n: names.length, arrays }) };
  return {
    fault: fileWords().noSuchArray({ file: shown, name, hint: didYouMean(name, names), arrays }),
    about: "array",
  };
}
