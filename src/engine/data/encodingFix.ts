/** Edits that name the encoding of a file that is not UTF-8. */

import type { Fix } from "../../config/fix.ts";
import type { JsonPath } from "../../config/resolved.ts";
import { fileWords } from "../../messages/files.ts";
import type { FileFault } from "../formats/readFile.ts";

/** @param at place of the object that names the file. */
export function encodingFixes({ encodings = [] }: FileFault, at: JsonPath): readonly Fix[] {
  return encodings.map((value) => encodingFix(value, at));
}

export function encodingFix(value: string, at: JsonPath): Fix {
  return { id: `encoding-${value}`, title: fileWords().readAs(value), edits: [{ path: [...at, "encoding"], value }] };
}
