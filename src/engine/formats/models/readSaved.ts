/** Reads a saved model's file. Its first bytes determine its format, not its name. Runs in the reading thread. */

import fs from "node:fs";
import path from "node:path";
import { savedWords } from "../../../messages/savedModels.ts";
import { translationWords } from "../../../messages/translating.ts";
import { readBounded } from "../../reading/boundedFile.ts";
import { signatureOf } from "../../reading/fileSignature.ts";
import { notAModel } from "./notAModel.ts";
import { readHdf5 } from "./readHdf5.ts";
import { readKeras } from "./readKeras.ts";
import { readTfjs } from "./readTfjs.ts";
import { maxFileBytes, SavedError, type SavedModel } from "./savedModel.ts";

/** @throws SavedError */
export async function readSaved(file: string): Promise<SavedModel> {
  return await savedFrom(file, await readModelBytes(file));
}

/** @throws SavedError if the file cannot be read, or is larger than any model */
export async function readModelBytes(file: string): Promise<Uint8Array> {
  const read = await readBounded(file, maxFileBytes);
  if (!("unread" in read)) return read.bytes;
  if (read.unread === "large") throw new SavedError(savedWords().tooManyBytes(maxFileBytes / 1e6));
  if (read.unread === "denied") throw new SavedError(savedWords().denied);
  if (read.unread === "folder") throw new SavedError(aboutFolder(file));
  throw new SavedError(savedWords().noFile);
}

/**
 * @param file where `bytes` are from: tfjs's weights are beside it.
 * @throws SavedError
 */
export async function savedFrom(file: string, bytes: Uint8Array): Promise<SavedModel> {
  const kind = signatureOf(bytes);
  const extension = path.extname(file).toLowerCase();
  switch (kind) {
    case "json":
      return readTfjs(file, bytes);
    case "hdf5":
      return await readHdf5(bytes);
    case "keras":
      return await readKeras(bytes);
    case null:
      // readTfjs reports the line at which the file is no longer JSON.
      if (extension === ".json") return readTfjs(file, bytes);
      throw new SavedError(unknownContent(extension, bytes));
    case "zip":
      if (extension === ".keras") return await readKeras(bytes);
      throw new SavedError(notAModel(kind));
    default:
      throw new SavedError(notAModel(kind));
  }
}

function aboutFolder(folder: string): string {
  const has = (name: string): boolean => fs.existsSync(path.join(folder, name));
  if (has("saved_model.pb") || has("keras_metadata.pb")) return notAModel("savedModel");
  for (const name of ["model.json", "config.json"])
    if (has(name)) return savedWords().folderNotFile(`${path.basename(folder)}/${name}`);
  return translationWords().folder;
}

/**
 * The message about a file without a known signature. A damaged file does not begin like its format, so only the name
 * is left.
 */
function unknownContent(extension: string, bytes: Uint8Array): string {
  if (bytes.length === 0) return translationWords().empty;
  switch (extension) {
    case ".h5":
    case ".hdf5":
      return savedWords().noHdf5;
    case ".keras":
      return translationWords().neither;
    default:
      return translationWords().noModel;
  }
}
