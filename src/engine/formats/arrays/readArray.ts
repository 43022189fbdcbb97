/** Reads an array from an NPY, NPZ or JSON file. */

import path from "node:path";
import { maxDataValues } from "../../../config/limits.ts";
import type { ArrayFile } from "../../../config/resolved.ts";
import { type FileFault, maxTextBytes, readBytes } from "../readFile.ts";
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
  const place = path.resolve(configDir, file);
  const shown = `"${file}"`;
  if (file.endsWith(".json")) {
    const read = await readBytes(place, file, "JSON", maxTextBytes);
    return "fault" in read ? read : parseJsonArray(read.bytes, shown, array, usual, encoding ?? null);
  }
  const npz = file.endsWith(".npz");
  const read = await readBytes(place, file, npz ? "NPZ" : "NPY", maxBytes);
  if ("fault" in read) return read;
  if (npz) return await parseNpz(read.bytes, shown, array, usual);
  if (array !== null)
    return { fault: `${shown} holds one array, which has no name. Leave "array" out.`, about: "array" };
  return parseNpy(read.bytes, shown);
}
