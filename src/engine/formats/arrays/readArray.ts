/** Reads an array from an NPY, NPZ or JSON file, which its first bytes distinguish. */

import path from "node:path";
import { maxDataValues } from "../../../config/limits.ts";
import type { ArrayFile } from "../../../config/resolved.ts";
import { arrayWords } from "../../../messages/arrays.ts";
import { signatureOf } from "../../reading/fileSignature.ts";
import { notData } from "../notData.ts";
import { type FileFault, maxTextBytes, readBytes, tooLarge } from "../readFile.ts";
import { parseJsonArray } from "./jsonArray.ts";
import { parseNpy } from "./npy.ts";
import { parseNpz } from "./npz.ts";
import type { NumberArray } from "./numberArray.ts";

/** Size of a file that holds the most values, in the widest type, that may be read. */
const maxBytes = 8 * maxDataValues;

/** @param usual name of the array to use if the file holds several and none is named. */
export async function readArray(
  { file, array, encoding }: ArrayFile,
  configDir: string,
  usual: string,
): Promise<NumberArray | FileFault> {
  const shown = `"${file}"`;
  const read = await readBytes(path.resolve(configDir, file), file, "NPY, NPZ or JSON", maxBytes);
  if ("fault" in read) return read;
  const { bytes } = read;
  const kind = signatureOf(bytes);
  // The content decides; the name matters only for a file that is damaged at its start.
  if (kind === "npz" || (kind === "zip" && file.endsWith(".npz")) || (kind === null && file.endsWith(".npz")))
    return await parseNpz(bytes, shown, array, usual);
  if (kind === "npy" || (kind === null && file.endsWith(".npy"))) {
    if (array === null) return parseNpy(bytes, shown);
    return { fault: arrayWords().noName(shown), about: "array" };
  }
  if (kind !== "json" && kind !== null) return { fault: notData(kind, shown) };
  if (kind === null && !/\.(?:json|jsonl|ndjson)$/.test(file)) return { fault: notAnArray(file, shown) };
  if (bytes.length > maxTextBytes) return { fault: tooLarge(bytes.length, file, maxTextBytes) };
  return parseJsonArray(bytes, shown, array, usual, encoding ?? null);
}

function notAnArray(file: string, shown: string): string {
  return arrayWords().noArrayFile({ file: shown, table: /\.(?:csv|tsv|txt|dat|data)$/.test(file) });
}
