/** The lag estimate of a data set, made once for each way in which a net reads the data. */

import { has } from "../../../config/layerCatalogue.ts";
import type { LossName } from "../../../config/resolved.ts";
import type { LagEstimate } from "../../../protocol/dataFacts.ts";
import type { LayerInfo } from "../../../protocol/run.ts";
import type { Dataset } from "../dataset.ts";
import { estimateLag } from "./estimateLag.ts";
import { timeAxis } from "./timeAxis.ts";

function looksAhead({ type, recurrent }: LayerInfo): boolean {
  return has("looksAhead", { type }) || recurrent?.reversed === true;
}

const known = new WeakMap<Dataset, Map<string, LagEstimate | null>>();

/**
 * Null for a net without recurrent layers, for a task that knows its lag, and if the data do not determine it. The
 * first call takes up to 0.7 s of processor time (twice that for a net that reads both ways), for any size of the data.
 */
export async function lagFacts(
  dataset: Dataset,
  masked: boolean,
  layers: readonly LayerInfo[],
  loss: LossName,
): Promise<LagEstimate | null> {
  const axis = timeAxis(dataset.inputShape, layers);
  if (!axis || dataset.requiredLag !== null) return null;
  const named = layers[0]?.type === "embedding";
  const bothWays = layers.some(looksAhead);
  const key = JSON.stringify([axis, loss, masked, named, bothWays]);
  const before = known.get(dataset) ?? new Map<string, LagEstimate | null>();
  known.set(dataset, before);
  const estimate = before.get(key);
  if (estimate !== undefined) return estimate;
  const made = await estimateLag(dataset, { axis, loss, masked, named, bothWays });
  before.set(key, made);
  return made;
}
