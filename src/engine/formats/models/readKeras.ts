/** Reads Keras 3's `.keras`: a zip of config.json, metadata.json and model.weights.h5. */

import { savedWords } from "../../../messages/savedModels.ts";
import { unpacked, ZipFault, zipEntries } from "../../reading/zip.ts";
import { withHdf5 } from "./hdf5.ts";
import { kerasLayoutWeights } from "./kerasLayout.ts";
import { savedLosses } from "./savedLoss.ts";
import {
  type Dialect,
  maxDescriptionBytes,
  maxFileBytes,
  parseDescription,
  SavedError,
  type SavedModel,
} from "./savedModel.ts";

const limits: { readonly [name: string]: number } = {
  "config.json": maxDescriptionBytes,
  "metadata.json": maxDescriptionBytes,
  "model.weights.h5": maxFileBytes,
};
/** Besides these three there are a few metadata entries, and assets of layers that we do not support. */
const zipLimits = { total: 2 * maxFileBytes, entries: 1000 };

/** @throws SavedError */
export async function readKeras(bytes: Uint8Array): Promise<SavedModel> {
  const entries = await unzip(bytes);
  const config = entries.get("config.json");
  const weights = entries.get("model.weights.h5");
  if (!config) throw new SavedError(savedWords().noKerasConfig);
  if (!weights) throw new SavedError(savedWords().noKerasWeights);
  const topology = parseDescription(config, "config.json");
  return {
    dialect: dialectOf(entries.get("metadata.json")),
    topology,
    entries: null,
    resume: null,
    losses: savedLosses(topology["compile_config"]),
    weights: async () => await withHdf5(weights, (file) => kerasLayoutWeights(file, topology)),
  };
}

/** TensorFlow 2.12 to 2.15 write this format, too, with the arguments of Keras 2. */
function dialectOf(metadata: Uint8Array | undefined): Dialect {
  const version = metadata && parseDescription(metadata, "metadata.json")["keras_version"];
  return typeof version === "string" && version.startsWith("2.") ? "keras2" : "keras3";
}

/**
 * Unpacks only the needed entries, and none that claims to be larger than allowed: memory is allocated for the claimed
 * size.
 */
async function unzip(bytes: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
  try {
    const wanted = zipEntries(bytes, zipLimits).filter(({ name }) => limits[name] !== undefined);
    if (wanted.some(({ name, size }) => size > (limits[name] ?? 0))) throw new SavedError(savedWords().tooMuch);
    const contents = new Map<string, Uint8Array>();
    for (const entry of wanted) contents.set(entry.name, await unpacked(bytes, entry));
    return contents;
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    if (error.kind === "damaged") throw new SavedError(savedWords().noKerasZip);
    throw new SavedError(savedWords().tooMuchBecause(error.message));
  }
}
