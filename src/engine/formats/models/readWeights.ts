/** Reads the weights for layers that are described elsewhere. Runs in the reading thread. */

import { signatureOf } from "../../reading/fileSignature.ts";
import { withHdf5 } from "./hdf5.ts";
import { hasKerasLayout, kerasLayoutWeights } from "./kerasLayout.ts";
import { legacyWeights } from "./readHdf5.ts";
import { readModelBytes, savedFrom } from "./readSaved.ts";
import type { JsonObject, WeightsByLayer } from "./savedModel.ts";

/**
 * @param file a file of weights, or any saved model.
 * @param description Keras's description of the layers: some files name weights only by the layers' classes.
 * @returns the weights by the file's names, or by the description's if the file has none.
 * @throws SavedError
 */
export async function readWeights(file: string, description: JsonObject): Promise<WeightsByLayer> {
  const bytes = await readModelBytes(file);
  if (signatureOf(bytes) !== "hdf5") return await (await savedFrom(file, bytes)).weights();
  return await withHdf5(bytes, (hdf5) =>
    hasKerasLayout(hdf5) ? kerasLayoutWeights(hdf5, description) : legacyWeights(hdf5),
  );
}
