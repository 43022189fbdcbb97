/** What attention and the blocks with attention share in every framework. */

import { exportWords } from "../messages/exporting.ts";
import { Arguments, refusal } from "./emitted.ts";
import type { ExportedLayer, Refusal } from "./exportedModel.ts";

/** Why a script cannot compute this attention; null if it can. */
export function attentionRefusal(layer: ExportedLayer): Refusal | null {
  const given = new Arguments(layer);
  if (given.number("dropout", 0) > 0) return refusal(layer, exportWords().attentionDropout);
  if (given.object("kernelRegularizer") || given.object("biasRegularizer"))
    return refusal(layer, exportWords().attentionPenalty);
  return null;
}

/** @throws Error if the block has no part of this name. */
export function partOf(layer: ExportedLayer, name: string): ExportedLayer {
  const found = layer.inner.find((inner) => inner.name.split("/").at(-1) === name);
  if (!found) throw new Error(`${layer.name} has no part "${name}"`);
  return found;
}
