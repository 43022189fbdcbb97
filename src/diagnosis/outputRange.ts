/** The values that an activation, and a layer with it, can give. */

import { boundless, functionTypes, passingValues } from "../config/layerKinds.ts";
import { isSigmoid } from "./layerSource.ts";
import type { Link } from "./outputChain.ts";

export interface Range {
  readonly low: number;
  readonly high: number;
}

export const anything: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));

/** Functions that never fall, so an interval's ends map to the ends of its image. */
const rising: { readonly [activation: string]: (x: number) => number } = {
  linear: (x) => x,
  sigmoid,
  hardSigmoid: (x) => clamp(0.2 * x + 0.5, 0, 1),
  tanh: Math.tanh,
  softsign: (x) => (Number.isFinite(x) ? x / (1 + Math.abs(x)) : Math.sign(x)),
  softplus: (x) => (x > 30 ? x : Math.log1p(Math.exp(x))),
  exponential: Math.exp,
  relu: (x) => Math.max(0, x),
  relu6: (x) => clamp(x, 0, 6),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  selu: (x) => 1.0507 * (x > 0 ? x : 1.67326 * Math.expm1(x)),
};

/**
 * Lowest values of functions that first fall and then rise (Hendrycks & Gimpel 2016; Ramachandran et al. 2017; Misra
 * 2019).
 */
const lowest: { readonly [activation: string]: number } = {
  gelu: -0.17,
  gelu_new: -0.17,
  swish: -0.279,
  mish: -0.309,
};

/**
 * Maps the values within `of` through an activation.
 * @param width number of values that a softmax takes together
 */
export function image(activation: string, of: Range, width: number | null): Range {
  if (activation === "softmax") return softmaxImage(of, width);
  const f = rising[activation];
  if (f) return { low: f(of.low), high: f(of.high) };
  return { low: lowest[activation] ?? Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
}

/** Extremes of a softmax: one value at the upper end and all others at the lower one, or the reverse. */
function softmaxImage({ low, high }: Range, width: number | null): Range {
  if (width === 1) return { low: 1, high: 1 };
  const spread = high - low;
  if (width === null || !Number.isFinite(spread)) return { low: 0, high: 1 };
  return { low: 1 / (1 + (width - 1) * Math.exp(spread)), high: 1 / (1 + (width - 1) * Math.exp(-spread)) };
}

export function keepsValues({ top, layer }: Link): boolean {
  return passingValues.test(layer.type) || (top.type === "activation" && layer.activation === "linear");
}

/** Layers without weights that only apply a function. */
export function isFunction({ layer }: Link): boolean {
  return functionTypes.includes(layer.type);
}

/** The values that the `i`-th link of a chain can give; null if not known (layers that combine several, data). */
export function rangeOf(chain: readonly Link[], i: number): Range | null {
  const link = chain[i];
  if (!link) return null;
  if (keepsValues(link)) return rangeOf(chain, i + 1);
  const { layer, source, merge } = link;
  if (boundless.test(layer.type)) return anything;
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
