/** Masks of timesteps: which layers make them, heed them and pass them on, as in the engine. */

import { has } from "../config/layerCatalogue.ts";
import { exportWords } from "../messages/exporting.ts";
import { Arguments, refusal } from "./emitted.ts";
import type { ExportedLayer, Refusal } from "./exportedModel.ts";

export function makesMask(layer: ExportedLayer): boolean {
  return layer.type === "masking" || (layer.type === "embedding" && new Arguments(layer).flag("maskZero"));
}

/** Whether the timesteps of its output have the mask of its inputs. */
export function passesMask(layer: ExportedLayer): boolean {
  if (layer.type === "concatenate") return alongUnits(layer);
  const inner = layer.type === "bidirectional" ? layer.inner[0] : layer;
  if (inner && has("loops", inner)) return new Arguments(inner).flag("returnSequences");
  return has("passesMasks", layer) || has("merges", layer);
}

/** What keeps a mask that arrives at a layer from being written; null: nothing. */
export function maskFault(layer: ExportedLayer, truncate: number | null): Refusal | null {
  if (has("attends", layer)) return refusal(layer, exportWords().maskOfAttention);
  const loops = has("loops", layer) || layer.type === "bidirectional";
  if (loops && truncate !== null) return refusal(layer, exportWords().maskAndTruncation);
  return null;
}

/** Along another axis, timesteps of one input follow those of the other. */
function alongUnits(layer: ExportedLayer): boolean {
  const axis = new Arguments(layer).number("axis", -1);
  return axis === -1 || axis === layer.inputShape.length;
}
