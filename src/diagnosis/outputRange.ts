/** The values that a layer can give. */

import { anything, image, isSigmoid, type Range } from "../config/activations.ts";
import { has } from "../config/layerCatalogue.ts";
import type { Link } from "./outputChain.ts";

export function keepsValues({ top, layer }: Link): boolean {
  return has("keepsRange", layer) || (top.type === "activation" && layer.activation === "linear");
}

/** Layers without weights that only apply a function. */
export function isFunction({ layer }: Link): boolean {
  return has("function", layer);
}

/** The values that the `i`-th link of a chain can give; null if not known (layers that combine several, data). */
export function rangeOf(chain: readonly Link[], i: number): Range | null {
  const link = chain[i];
  if (!link) return null;
  if (keepsValues(link)) return rangeOf(chain, i + 1);
  const { layer, source, merge } = link;
  if (has("boundless", layer)) return anything;
  if (layer.activation === null || layer.type === "externalMemory") return null;
  const before = isFunction(link) ? (rangeOf(chain, i + 1) ?? anything) : anything;
  const own = image(layer.activation, before, layer.width);
  const { maxValue } = source.args;
  const cut =
    layer.type === "reLU" && typeof maxValue === "number" ? { ...own, high: Math.min(own.high, maxValue) } : own;
  return merged(gated(link, cut), merge);
}

/** The link nearest the output that does more than hand values on; undefined if there is none. */
export function maker(chain: readonly Link[]): number | undefined {
  const index = chain.findIndex((link) => !keepsValues(link));
  return index < 0 ? undefined : index;
}

/** An LSTM multiplies its activation by a gate; a GRU mixes it with the previous state, which starts at 0. */
function gated({ layer }: Link, range: Range): Range {
  if (layer.recurrent === null || layer.gateActivation === null) return range;
  if (!isSigmoid(layer.gateActivation)) return anything;
  return { low: Math.min(0, range.low), high: Math.max(0, range.high) };
}

function merged({ low, high }: Range, merge: Link["merge"]): Range {
  if (merge === "sum") return { low: 2 * low, high: 2 * high };
  if (merge !== "mul") return { low, high };
  const products = [low * low, low * high, high * high].filter((v) => !Number.isNaN(v));
  return { low: Math.min(...products), high: Math.max(...products) };
}
