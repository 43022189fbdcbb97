/** A saved model, read by the reading thread. */

import type { SavedModel } from "../formats/models/savedModel.ts";
import { readInWorker } from "../readingThread/reader.ts";

/**
 * @param signal ends the reading, that of the weights as well.
 * @throws ReadingRefused why the file is no model that can be taken
 * @throws ReadingEnded when the signal comes
 */
export async function readModel(file: string, signal: AbortSignal): Promise<SavedModel> {
  const description = await readInWorker("model", { file }, signal);
  return { ...description, weights: () => readInWorker("weights", { file }, signal) };
}
