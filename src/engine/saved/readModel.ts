/** Reads a saved model in the reading thread. */

import type { JsonObject, SavedModel, WeightsByLayer } from "../formats/models/savedModel.ts";
import { readInWorker } from "../readingThread/reader.ts";

/**
 * @param signal ends the reading, also that of the weights.
 * @throws ReadingRefused why the file is not a supported model
 * @throws ReadingEnded when the signal comes
 */
export async function readModel(file: string, signal: AbortSignal): Promise<SavedModel> {
  const description = await readInWorker("model", { file }, signal);
  return { ...description, weights: () => readInWorker("weights", { file }, signal) };
}

/**
 * The weights of layers that are described elsewhere.
 *
 * @throws ReadingRefused if the file has no weights that can be read
 * @throws ReadingEnded when the signal comes
 */
export async function readLayerWeights(
  file: string,
  description: JsonObject,
  signal: AbortSignal,
): Promise<WeightsByLayer> {
  return await readInWorker("layerWeights", { file, description }, signal);
}
