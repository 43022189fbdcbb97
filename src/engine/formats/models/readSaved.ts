/** Reads a saved model's file in any format. Runs in the reading thread. */

import path from "node:path";
import { readBounded } from "../../reading/boundedFile.ts";
import { readHdf5 } from "./readHdf5.ts";
import { readKeras } from "./readKeras.ts";
import { readTfjs } from "./readTfjs.ts";
import { maxDescriptionBytes, maxFileBytes, SavedError, type SavedModel } from "./savedModel.ts";

/** @throws SavedError */
export async function readSaved(file: string): Promise<SavedModel> {
  const extension = path.extname(file).toLowerCase();
  const limit = extension === ".json" ? maxDescriptionBytes : maxFileBytes;
  const read = await readBounded(file, limit);
  if ("unread" in read) {
    if (read.unread === "large") throw new SavedError(`It has more than ${limit / 1e6} million bytes, the limit.`);
    if (read.unread === "denied") throw new SavedError("It cannot be read: permission denied.");
    throw new SavedError("There is no such file.");
  }
  if (extension === ".json") return readTfjs(file, read.bytes);
  return extension === ".keras" ? await readKeras(read.bytes) : await readHdf5(read.bytes);
}
