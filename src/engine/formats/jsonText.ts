/** JSON data whose structure has been checked. */

import { arrayWords } from "../../messages/arrays.ts";
import { asOneList } from "../reading/jsonLines.ts";
import { JsonFault, type ScannedJson, scanJson } from "../reading/scanJson.ts";
import { type FileFault, textOf } from "./readFile.ts";

/** Far deeper than a sound file, whose lists are nested a few levels deep. */
const maxDepth = 64;
const maxKeys = 10_000;

export interface JsonText extends ScannedJson {
  /** UTF-8, well-formed; JSON Lines have been joined into one list. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * @param shown the file's name in messages.
 * @param encoding null: UTF-8, or the encoding of its byte order mark.
 * @param nested completes why the text is nested too deeply.
 */
export function jsonText(
  file: Uint8Array<ArrayBuffer>,
  shown: string,
  encoding: string | null,
  nested = (why: string): string => why,
): JsonText | FileFault {
  const text = textOf(file, shown, "JSON", encoding);
  if ("fault" in text) return text;
  const bytes = asOneList(text.bytes);
  try {
    return {
      bytes,
      ...scanJson(bytes, { depth: maxDepth, values: Number.POSITIVE_INFINITY, keys: maxKeys }),
    };
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const { line, column, deep, message } = error;
    return { fault: arrayWords().badJson({ file: shown, line, column, why: deep ? nested(message) : message }) };
  }
}
