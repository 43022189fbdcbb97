/**
 * How the gradient changes on its way back through the layers.
 *
 * The figure is the L2 norm of ∂L/∂y over the whole output y of a layer (batch, timesteps, units), not the root mean
 * square of an entry. An orthogonal map from n to m units keeps the norm for any n and m, and a variance of 2 / (n + m)
 * keeps it on average, while the mean square of an entry changes with n / m. Picking the last timestep of a sequence
 * keeps the norm, too. What pooling, merging and normalizing layers do to the norm is by design and not counted: a mean
 * over n timesteps divides it by √n, a batch normalization by the spread of its input.
 */

import { sourcesOf, takersOf } from "../config/graph/takers.ts";
import { has } from "../config/layerCatalogue.ts";
import type { LayerEntry } from "../config/resolved.ts";
import { known, median, tail } from "../protocol/history/median.ts";
import type { RunHistory } from "../protocol/history.ts";
import type { LayerGraph } from "./modelView.ts";

export type Direction = "vanishing" | "exploding";

export interface DepthChange {
  /**
   * log₁₀ of the norm at `to` relative to the norm at `from`, without changes by design; −Infinity for exactly none.
   */
  readonly decades: number;
  /** The later layer; its output's gradient is the reference. */
  readonly from: LayerEntry;
  /** The earlier layer, at which the change is largest. */
  readonly to: LayerEntry;
  /** The layer between them that changes it most: the gradient of its output passes back through it. */
  readonly steepest: LayerEntry;
  /** Decades over `steepest` alone. */
  readonly steepestDecades: number;
  /** Number of layers that the gradient passes between the two, without those that change it by design. */
  readonly layers: number;
  /** A layer before `to` whose gradient is within the limit because it has another path. */
  readonly bypass: LayerEntry | null;
  /** Medians of the norms of the two outputs' gradients. */
  readonly fromNorm: number;
  readonly toNorm: number;
}

interface Walk {
  readonly entry: LayerEntry;
  readonly norm: number;
  /** Decades changed since the end of the net, in the direction looked for. */
  readonly value: number;
  /** The lowest value on the way. */
  readonly trough: { readonly entry: LayerEntry; readonly value: number; readonly norm: number };
  readonly steepest: { readonly entry: LayerEntry; readonly value: number } | null;
  readonly layers: number;
}

/**
 * The largest change between any two layers on the gradient's way, as the median over the newest `window` steps;
 * undefined if it does not exceed `limit` decades (positive), or if too little is known.
 */
export function depthChange(
  history: RunHistory,
  model: LayerGraph,
  direction: Direction,
  limit: number,
  window: number,
): DepthChange | undefined {
  const walks = walksOf(history, model, direction, window);
  const worst = [...walks.values()].sort((a, b) => grown(b) - grown(a))[0];
  if (!worst?.steepest || !(grown(worst) > limit)) return undefined;
  const sign = direction === "vanishing" ? -1 : 1;
  const bypass = ancestors(model, worst.entry).find((entry) => {
    const walk = walks.get(entry.name);
    return walk !== undefined && grown(walk) <= limit;
  });
  return {
    decades: sign * grown(worst),
    from: worst.trough.entry,
    to: worst.entry,
    steepest: worst.steepest.entry,
    steepestDecades: sign * worst.steepest.value,
    layers: worst.layers,
    bypass: bypass ?? null,
    fromNorm: worst.trough.norm,
    toNorm: worst.norm,
  };
}

/** log₁₀ ‖∂L/∂y_to‖ / ‖∂L/∂y_from‖, one value per kept step. */
export function depthSeries(history: RunHistory, { from, to }: DepthChange): Float64Array {
  const a = outputGradient(history, to) ?? new Float64Array(0);
  const b = outputGradient(history, from) ?? new Float64Array(0);
  return a.map((v, i) => Math.log10(v / (b[i] ?? Number.NaN)));
}

function grown({ value, trough }: Walk): number {
  return Number.isFinite(trough.value) ? value - trough.value : 0;
}

function walksOf(
  history: RunHistory,
  model: LayerGraph,
  direction: Direction,
  window: number,
): ReadonlyMap<string, Walk> {
  const sign = direction === "vanishing" ? -1 : 1;
  const walks = new Map<string, Walk>();
  for (const entry of model.layers.toReversed()) {
    const series = outputGradient(history, entry);
    const norm = series ? median(tail(known(series), window)) : Number.NaN;
    if (!Number.isFinite(norm)) continue;
    const consumers = takersOf(model, entry.name).flatMap((l) => walks.get(l.name) ?? []);
    // Follow the path with the least change: a layer with several consumers is judged by its best one.
    const walk = consumers
      .map((after) => onward(entry, norm, after, sign))
      .sort((a, b) => a.value - b.value || grown(a) - grown(b))[0];
    if (walk) walks.set(entry.name, walk);
    else if (model.outputs.includes(entry.name) && norm > 0)
      walks.set(entry.name, {
        entry,
        norm,
        value: 0,
        trough: { entry, value: 0, norm },
        steepest: null,
        layers: 0,
      });
  }
  return walks;
}

/** Walks one layer further back: through `after.entry`, to the output of `entry`. */
function onward(entry: LayerEntry, norm: number, after: Walk, sign: number): Walk {
  const counted = !has("scalesGradient", after.entry);
  // Once nothing is left, nothing changes any more.
  const step = !counted || after.norm === 0 ? 0 : sign * Math.log10(norm / after.norm);
  const value = after.value + step;
  if (value <= after.trough.value)
    return { entry, norm, value, trough: { entry, value, norm }, steepest: null, layers: 0 };
  const steepest =
    counted && step > (after.steepest?.value ?? 0) ? { entry: after.entry, value: step } : after.steepest;
  return { entry, norm, value, trough: after.trough, steepest, layers: after.layers + (counted ? 1 : 0) };
}

function ancestors(model: LayerGraph, entry: LayerEntry): readonly LayerEntry[] {
  const found = new Set<string>(sourcesOf(model, entry));
  for (const layer of model.layers.toReversed())
    if (found.has(layer.name)) for (const input of sourcesOf(model, layer)) found.add(input);
  return model.layers.filter((l) => found.has(l.name));
}

/** Undefined for layers that are not measured or have nothing trainable before them. */
/** ‖∂L/∂y‖ of a layer's whole output, one value per kept step; undefined if it is not measured. */
export function outputGradient(history: RunHistory, entry: LayerEntry): Float64Array | undefined {
  const index = history.info.layers.findIndex((l) => l.name === entry.name);
  return index < 0 ? undefined : history.series("outputGradientNorm", index);
}
