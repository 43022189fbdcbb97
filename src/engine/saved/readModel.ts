/** Reads a saved model in the reading thread. */

import type { SavedModel } from "../formats/models/savedModel.ts";
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
