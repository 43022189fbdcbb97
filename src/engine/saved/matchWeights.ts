/** Matches a file's weights with layers that were not written together with the file. */

import { savedWords } from "../../messages/savedModels.ts";
import { SavedError, type SavedWeight, type WeightsByLayer } from "../formats/models/savedModel.ts";

export interface Wanted {
  readonly name: string;
  /** Number of weights of the layer. */
  readonly count: number;
  /** How many of them are trained: they come first. */
  readonly trained: number;
}

/**
 * Divides the weights of models inside the model among their layers. HDF5 has one list for such a model: first what is
 * trained of each layer, then the rest of each.
 */
export function dividedWeights(layers: readonly Wanted[], found: WeightsByLayer): WeightsByLayer {
  const result = new Map(found);
  for (const [model, weights] of found) {
    const inside = layers.filter(({ name }) => name.startsWith(`${model}/`) && !found.has(name));
    if (inside.length === 0) continue;
    result.delete(model);
    let trained = 0;
    let rest = inside.reduce((sum, layer) => sum + layer.trained, 0);
    for (const layer of inside) {
      const untrained = layer.count - layer.trained;
      const own = [...weights.slice(trained, trained + layer.trained), ...weights.slice(rest, rest + untrained)];
      result.set(layer.name, own);
      trained += layer.trained;
      rest += untrained;
    }
  }
  return result;
}

/** Most names that a message lists. */
const mostNames = 6;

/**
 * Matches by names if the file has all layers with weights; otherwise by order, as Keras does.
 *
 * @throws SavedError if neither fits
 */
export function matchWeights(layers: readonly Wanted[], found: WeightsByLayer): WeightsByLayer {
  const wanted = layers.filter(({ count }) => count > 0);
  if (wanted.every(({ name, count }) => found.get(name)?.length === count)) return found;
  const inOrder = [...found].filter(([, weights]) => weights.length > 0);
  if (inOrder.length !== wanted.length)
    throw new SavedError(
      savedWords().otherLayers({
        found: inOrder.length,
        names: listed(inOrder.map(([name]) => name)),
        wanted: wanted.length,
        wantedNames: listed(wanted.map(({ name }) => name)),
      }),
    );
  return new Map(wanted.map(({ name }, i): readonly [string, readonly SavedWeight[]] => [name, inOrder[i]?.[1] ?? []]));
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map((name) => `"${name.slice(0, 60)}"`);
  return names.length === 0 ? savedWords().none : `${shown.join(", ")}${names.length > mostNames ? ", …" : ""}`;
}
