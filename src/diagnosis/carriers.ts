/** Ways other than a recurrent layer's own by which the gradient gets to timesteps that the layer does not reach. */

import { sourcesOf } from "../config/graph/takers.ts";
import { has } from "../config/layerCatalogue.ts";
import { readsInOrder } from "../config/layerKinds.ts";
import type { LayerEntry } from "../config/resolved.ts";
import { verdictWords } from "../messages/verdicts.ts";
import { type Reach, recent } from "../protocol/history/reach.ts";
import type { RunHistory } from "../protocol/history.ts";
import { layerSource } from "./layerSource.ts";
import type { LayerGraph } from "./modelView.ts";

/** Names the other way, worded as a sentence; undefined if there is none. @param reaches of all layers of the run. */
export function carriedBy(
  history: RunHistory,
  model: LayerGraph,
  layer: number,
  reaches: readonly (Reach | undefined)[],
): string | undefined {
  const carrier = history.info.layers.find((_, j) => {
    const other = reaches[j];
    return other !== undefined && other.horizon >= other.required;
  });
  if (carrier) return verdictWords().carriesAllTheWay(carrier.name);
  return metBy(history, model, layer, reaches) ?? gatheredBy(history, model, layer, reaches[layer]);
}

/**
 * Two directions of a layer that each return their last state: one starts at either end of the sequence, so together
 * they cover all of it as soon as they meet.
 */
function metBy(
  { info }: RunHistory,
  model: LayerGraph,
  layer: number,
  reaches: readonly (Reach | undefined)[],
): string | undefined {
  const own = info.layers[layer];
  const reach = reaches[layer];
  if (!own?.recurrent || !reach || layerSource(model, own.path, own.type).args["returnSequences"] === true)
    return undefined;
  const path = own.path.join("/");
  const other = info.layers.findIndex(
    (l) => l.path.join("/") === path && l.recurrent !== null && l.recurrent.reversed !== own.recurrent?.reversed,
  );
  const from = reaches[other];
  if (!from || reach.horizon + 1 + from.horizon + 1 < own.recurrent.timesteps) return undefined;
  return verdictWords().otherDirection(info.layers[other]?.name);
}

/**
 * Attention over the states, or pooling, gives each timestep its share of the loss directly, so the gradient need not
 * travel from the last one. This counts only if the norms confirm it: the share of the first timestep is at least ε of
 * the last one's.
 */
function gatheredBy(
  history: RunHistory,
  model: LayerGraph,
  layer: number,
  reach: Reach | undefined,
): string | undefined {
  const info = history.info.layers[layer];
  const entry = model.layers.find((l) => l.path.every((key, i) => info?.path[i] === key));
  const gatherer = entry && gathererOf(model, entry);
  if (!gatherer || !reach) return undefined;
  const { epsilon } = history.info.diagnosis.rules["vanishing-through-time"];
  const share = recent(history, "attenuation", layer, reach.state);
  return share >= Math.log10(epsilon) ? verdictWords().handsDirectly(gatherer.name) : undefined;
}

/** The layer that gathers an entry's timesteps before a recurrent layer processes them further. */
function gathererOf(model: LayerGraph, entry: LayerEntry): LayerEntry | undefined {
  const sequences = new Set([entry.name]);
  for (const after of model.layers) {
    if (!sourcesOf(model, after).some((name) => sequences.has(name))) continue;
    if (has("gathers", after)) return after;
    if (!readsInOrder(after)) sequences.add(after.name);
  }
  return undefined;
}
