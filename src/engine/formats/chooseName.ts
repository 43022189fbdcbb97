/** Chooses one of a file's arrays. */

import { didYouMean } from "../../config/didYouMean.ts";
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
  if (only === undefined) return { fault: `${shown} holds no array.` };
  if (wanted === null && names.length === 1) return { name: only };
  const name = wanted ?? usual;
  if (names.includes(name)) return { name };
  const listed = names
    .slice(0, 20)
    .map((n) => `"${n}"`)
    .join(", ");
  const has = `Its arrays are ${listed}${names.length > 20 ? ", …" : ""}.`;
  if (wanted === null) return { fault: `${shown} holds ${names.length} arrays; name one with "array". ${has}` };
  return { fault: `${shown} has no array "${name}".${didYouMean(name, names)} ${has}`, about: "array" };
}
