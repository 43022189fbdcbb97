/** What must not have changed for a training run to go on as if it had never stopped. */

import { createHash } from "node:crypto";
import type { ResolvedModel } from "../../../config/resolved.ts";

/** Of the layers, the data and the training but for its length, and where its checkpoints are kept. */
export function fingerprint(model: ResolvedModel): string {
  const { length: _, checkpoint: __, ...training } = model.training;
  const layers = model.layers.map(({ path: _, ...entry }) => entry);
  const text = JSON.stringify([layers, model.file?.name ?? null, model.data, training]);
  return createHash("sha256").update(text).digest("hex");
}
