/** Identifies everything that must be unchanged for a training run to resume as if it had never stopped. */

import { createHash } from "node:crypto";
import type { ResolvedModel } from "../../../config/resolved.ts";

/** Hash of layers, data and training, excluding length and checkpoint settings. */
export function fingerprint(model: ResolvedModel): string {
  const { length: _, checkpoint: __, ...training } = model.training;
  const layers = model.layers.map(({ path: _, ...entry }) => entry);
  const text = JSON.stringify([
    layers,
    model.file?.name ?? null,
    model.data,
    training,
    ...(model.weights ? [model.weights.name] : []),
  ]);
  return createHash("sha256").update(text).digest("hex");
}
