/**
 * How the gradient changes on its way back through the layers.
 *
 * The figure is the L2 norm of ∂L/∂y over the whole output y of a layer (batch, timesteps, units), not the root mean
 * square of an entry: an orthogonal map from n to m units keeps the norm whatever n and m are, and so does a variance
 * 2 / (n + m) on average, while the mean square of an entry changes with n / m. Picking the last timestep of a sequence
 * keeps the norm, too. What pooling, merging and normalizing layers do to it is by design and not counted: a mean over
 * n timesteps divides it by √n, a batch normalization by the spread of what it gets.
 */

import type { LayerEntry, ResolvedModel } from "../config/resolved.ts";
import type { RunHistory } from "../protocol/history.ts";
import { median, tail } from "./statistics.ts";

export type Direction = "vanishing" | "exploding";

export interface DepthChange {
  /** log₁₀ of the norm at `to` relative to the norm at `from`, steps by design left out; −Infinity for exactly none. */
  readonly decades: number;
  /** The later layer, whose output's gradient is the reference. */
  readonly from: LayerEntry;
  /** The earlier layer, at which the change is largest. */
  readonly to: LayerEntry;
  /** The layer between them that changes it most: the gradient of its output passes back through it. */
  readonly steepest: LayerEntry;
  /** Decades over `steepest` alone. */
  readonly steepestDecades: number;
  /** How many layers the gradient passes between the two, those by design left out. */
  readonly layers: number;
  /** A layer before `to` whose gradient is within the limit, because it has another way. */
  readonly bypass: LayerEntry | null;
  /** Medians of the norms of the two outputs' gradients. */
  readonly fromNorm: number;
  readonly toNorm: number;
}

interface Walk {
  readonly entry: LayerEntry;
  readonly norm: number;
  /** Decades gained since the end of the net, in the direction looked for. */
  readonly value: number;
  /** The lowest value on the way. */
  readonly trough: { readonly entry: LayerEntry; readonly value: number; readonly norm: number };
  readonly steepest: { readonly entry: LayerEntry; readonly value: number } | null;
  readonly layers: number;
}

const byDesign =
  /^(batchNormalization|layerNormalization|add|average|concatenate|maximum|minimum|multiply|dot|repeatVector|upSampling\w*|(global)?(average|avg|max)pool\w*)$/i;

/**
 * The largest change between any two layers on the gradient's way, over the median of the newest `window` steps;
 * undefined where there is none beyond `limit` decades (positive), or not enough is known.
 */
export function depthChange(
  history: RunHistory,
  model: ResolvedModel,
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

/** log₁₀ ‖∂L/∂y_to‖ / ‖∂L/∂y_from‖ per kept step. */
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
  model: ResolvedModel,
  direction: Direction,
  window: number,
): ReadonlyMap<string, Walk> {
  const sign = direction === "vanishing" ? -1 : 1;
  const walks = new Map<string, Walk>();
  for (const entry of model.layers.toReversed()) {
    const series = outputGradient(history, entry);
    const norm = series ? median(tail(series, window)) : Number.NaN;
    if (!Number.isFinite(norm)) continue;
    const consumers = model.layers.filter((l) => l.inputs.includes(entry.name)).flatMap((l) => walks.get(l.name) ?? []);
    // The way on which least has changed: a layer with several ways forward is judged by its best one.
    const walk = consumers
      .map((after) => onward(entry, norm, after, sign))
      .sort((a, b) => a.value - b.value || grown(a) - grown(b))[0];
    if (walk) walks.set(entry.name, walk);
    else if (entry === model.layers.at(-1) && norm > 0)
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

/** One layer further back: through `after.entry`, to the output of `entry`. */
function onward(entry: LayerEntry, norm: number, after: Walk, sign: number): Walk {
  const counted = !byDesign.test(after.entry.type);
  // Past the layer where nothing is left, nothing changes any more.
  const step = !counted || after.norm === 0 ? 0 : sign * Math.log10(norm / after.norm);
  const value = after.value + step;
  if (value <= after.trough.value)
    return { entry, norm, value, trough: { entry, value, norm }, steepest: null, layers: 0 };
  const steepest =
    counted && step > (after.steepest?.value ?? 0) ? { entry: after.entry, value: step } : after.steepest;
  return { entry, norm, value, trough: after.trough, steepest, layers: after.layers + (counted ? 1 : 0) };
}

function ancestors(model: ResolvedModel, entry: LayerEntry): readonly LayerEntry[] {
  const found = new Set<string>(entry.inputs);
  for (const layer of model.layers.toReversed())
    if (found.has(layer.name)) for (const input of layer.inputs) found.add(input);
  return model.layers.filter((l) => found.has(l.name));
}

/** Undefined for layers that are not measured, or before which nothing is trainable. */
function outputGradient(history: RunHistory, entry: LayerEntry): Float64Array | undefined {
  const index = history.info.layers.findIndex((l) => l.name === entry.name);
  return index < 0 ? undefined : history.series("outputGradientNorm", index);
}
