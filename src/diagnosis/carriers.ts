/** Other ways than a recurrent layer's own by which the gradient gets to the timesteps that the layer does not reach. */

import { readsInOrder } from "../config/layerKinds.ts";
import type { LayerEntry, ResolvedModel } from "../config/resolved.ts";
import type { RunHistory } from "../protocol/history.ts";
import { layerSource } from "./layerSource.ts";
import { type Reach, recent } from "./reach.ts";

/** The way there is, in the words of a sentence; undefined without one. @param reaches of all layers of the run. */
export function carriedBy(
  history: RunHistory,
  model: ResolvedModel,
  layer: number,
  reaches: readonly (Reach | undefined)[],
): string | undefined {
  const carrier = history.info.layers.find((_, j) => {
    const other = reaches[j];
    return other !== undefined && other.horizon >= other.required;
  });
  if (carrier) return `Layer ${carrier.name} carries the gradient all the way`;
  return metBy(history, model, layer, reaches) ?? gatheredBy(history, model, layer, reaches[layer]);
}

/**
 * The two directions of a layer that gives the last state of each start from either end of the sequence: together they
 * reach all of it as soon as they meet.
 */
function metBy(
  { info }: RunHistory,
  model: ResolvedModel,
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
  return `${info.layers[other]?.name} reads the other way, and between them their gradients reach all timesteps`;
}

/** Layers that make one of all timesteps. */
const gathering = /^(attention|flatten|global(average|max)pooling1d)$/i;

/**
 * Attention over the states, or pooling of them, hands each timestep its share of the one loss directly, so that it need
 * not travel from the last: as far as the norms say that the share of the first is no less than ε of the last's.
 */
function gatheredBy(
  history: RunHistory,
  model: ResolvedModel,
  layer: number,
  reach: Reach | undefined,
): string | undefined {
  const info = history.info.layers[layer];
  const entry = model.layers.find((l) => l.path.every((key, i) => info?.path[i] === key));
  const gatherer = entry && gathererOf(model, entry);
  if (!gatherer || !reach) return undefined;
  const { epsilon } = history.info.diagnosis.rules["vanishing-through-time"];
  const share = recent(history, "attenuation", layer, reach.state);
  return share >= Math.log10(epsilon)
    ? `Layer ${gatherer.name} hands every timestep its share of the gradient directly`
    : undefined;
}

/** The layer that gathers an entry's timesteps, before any recurrent layer does something else with them. */
function gathererOf(model: ResolvedModel, entry: LayerEntry): LayerEntry | undefined {
  const sequences = new Set([entry.name]);
  for (const after of model.layers) {
    if (!after.inputs.some((name) => sequences.has(name))) continue;
    if (gathering.test(after.type)) return after;
    if (!readsInOrder(after)) sequences.add(after.name);
  }
  return undefined;
}
