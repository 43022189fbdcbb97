/**
 * What one timestep can say, as numbers: its features, their squares and products, and an indicator per token. A task
 * that multiplies features of one timestep (the adding problem's value and marker) or that counts a token is linear in
 * these. The unexplained rest is also searched with one indicator per eighth of a feature's values, which reveals any
 * function of a single input.
 */

import type { Dataset } from "../dataset.ts";
import type { Examples } from "./examples.ts";
import { mostFrequent } from "./targetColumns.ts";
import type { TimeAxis } from "./timeAxis.ts";

/** Most features of a timestep that are looked at. */
const maxFeatures = 64;
/** The features that say most are kept; products are made from the first `maxFactors` of them. */
const keptFeatures = 8;
const maxFactors = 4;
/** Product of features and lags beyond which products and bins take too long. */
const maxFactorPoints = 2000;
/** Number of bins of a feature's values, each with the same number of values. */
const bins = 8;
/** Most channels that are nonzero in one row. */
export const maxActive = keptFeatures + (maxFactors * (maxFactors + 1)) / 2 + maxFactors;
/**
 * Whole numbers with more distinct values than this are quantities, not names, unless the net says that they are names.
 */
const maxNames = 32;
/** Most tokens with a channel of their own. */
const maxTokens = 16;

export interface Channels {
  readonly count: number;
  /** The first `early` channels are looked at from the beginning, the others only if something is left unexplained. */
  readonly early: number;
  /** Whether the channels cover all features and tokens of a timestep. */
  readonly whole: boolean;
  /**
   * Whether every timestep is one of a few values. Such inputs can depend on each other in ways that no pair reveals
   * (parity).
   */
  readonly discrete: boolean;
  /** Channels that are features or tokens themselves; products over timesteps are made from them. */
  readonly plain: readonly number[];
  /**
   * Writes the nonzero channels of a row (sample × T + timestep): their numbers into `indices`, their values into
   * `values`. Returns how many there are.
   */
  fill(row: number, indices: Int32Array, values: Float64Array): number;
}

/** @param named whether whole numbers are names, as they are for an embedding. */
export function channelsOf(dataset: Dataset, axis: TimeAxis, examples: Examples, named: boolean): Channels {
  const { inputs } = dataset;
  if (axis.width === 1 && wholeNumbers(inputs)) {
    const values = mostFrequent(inputs, maxNames + 1);
    if (values.length > 2 && (named || values.length <= maxNames)) return tokenChannels(dataset, values);
  }
  return featureChannels(dataset, axis, examples);
}

function wholeNumbers(inputs: Float32Array): boolean {
  const stride = Math.max(1, Math.floor(inputs.length / 100_000));
  for (let i = 0; i < inputs.length; i += stride) if (!Number.isInteger(inputs[i]!)) return false;
  return true;
}

/** One channel per frequent token; the others share one. */
function tokenChannels({ inputs }: Dataset, values: readonly number[]): Channels {
  const own = values.length <= maxTokens ? values : values.slice(0, maxTokens - 1);
  const place = new Map(own.map((value, c) => [value, c]));
  const count = own.length < values.length ? own.length + 1 : own.length;
  return {
    count,
    early: count,
    whole: count === own.length,
    discrete: true,
    plain: Array.from({ length: count }, (_, c) => c),
    fill: (row, indices, filled) => {
      indices[0] = place.get(inputs[row]!) ?? count - 1;
      filled[0] = 1;
      return 1;
    },
  };
}

interface Feature {
  readonly at: number;
  readonly mean: number;
  readonly deviation: number;
  /** Number of distinct values in a sample of its values, at most 5. */
  readonly distinct: number;
}

function featureChannels(dataset: Dataset, { width }: TimeAxis, examples: Examples): Channels {
  const { inputs } = dataset;
  const rows = inputs.length / width;
  const candidates = Math.min(width, maxFeatures);
  const features = Array.from({ length: candidates }, (_, f) =>
    describe(inputs, width, rows, candidates === width ? f : Math.floor((f * width) / candidates)),
  ).filter((f) => f.deviation > 0);
  const kept = features.length <= keptFeatures ? features : mostTelling(features, inputs, width, examples);
  const factors = kept.length * examples.lags <= maxFactorPoints ? kept.slice(0, maxFactors) : [];
  const left: number[] = [];
  const right: number[] = [];
  for (let a = 0; a < factors.length; a++)
    for (let b = 0; b <= a; b++) {
      // The square of a two-valued feature says nothing new.
      if (a === b && factors[a]!.distinct <= 2) continue;
      left.push(a);
      right.push(b);
    }
  const n = kept.length;
  const early = n + left.length;
  const binned = factors.flatMap((f, at) => (f.distinct > 4 ? [{ at, edges: edgesOf(f, inputs, width, rows) }] : []));
  return {
    count: early + binned.length * bins,
    early,
    whole: candidates === width && features.length <= keptFeatures && factors.length > 0,
    discrete: kept.every((f) => f.distinct <= 4),
    plain: kept.map((_, c) => c),
    fill: (row, indices, filled) => {
      for (let c = 0; c < n; c++) {
        indices[c] = c;
        filled[c] = standardized(inputs[row * width + kept[c]!.at]!, kept[c]!);
      }
      for (let p = 0; p < left.length; p++) {
        indices[n + p] = n + p;
        filled[n + p] = filled[left[p]!]! * filled[right[p]!]!;
      }
      for (let f = 0; f < binned.length; f++) {
        const { at, edges } = binned[f]!;
        let bin = 0;
        while (bin < bins - 1 && filled[at]! > edges[bin]!) bin++;
        indices[early + f] = early + f * bins + bin;
        filled[early + f] = 1;
      }
      return early + binned.length;
    },
  };
}

/** Upper edges of all bins but the last, for standardized values. */
function edgesOf(feature: Feature, inputs: Float32Array, width: number, rows: number): Float64Array {
  const count = Math.min(rows, 2000);
  const sorted = Float64Array.from({ length: count }, (_, i) =>
    standardized(inputs[Math.floor((i * rows) / count) * width + feature.at]!, feature),
  ).sort();
  return Float64Array.from({ length: bins - 1 }, (_, b) => sorted[Math.floor(((b + 1) * count) / bins)]!);
}

/** Clipped: an outlier of a thousand deviations would hide everything else. */
function standardized(value: number, { mean, deviation }: Feature): number {
  const z = (value - mean) / deviation;
  return Number.isNaN(z) ? 0 : Math.max(-6, Math.min(6, z));
}

/** Describes a feature from at most 50 000 evenly spaced rows. */
function describe(inputs: Float32Array, width: number, rows: number, at: number): Feature {
  const stride = Math.max(1, Math.floor(rows / 50_000));
  const distinct = new Set<number>();
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (let pass = 0; pass < 2; pass++) {
    const mean = pass === 0 ? 0 : sum / n;
    for (let row = 0; row < rows; row += stride) {
      const v = inputs[row * width + at]!;
      if (!Number.isFinite(v)) continue;
      if (pass === 0) {
        n++;
        sum += v;
        if (distinct.size < 5) distinct.add(v);
      } else squares += (v - mean) ** 2;
    }
  }
  return { at, mean: n === 0 ? 0 : sum / n, deviation: n === 0 ? 0 : Math.sqrt(squares / n), distinct: distinct.size };
}

/** The features whose squared correlations with the first output, summed over the lags, are largest. */
function mostTelling(
  features: readonly Feature[],
  inputs: Float32Array,
  width: number,
  { count, lags, outputs, targets, rowOf }: Examples,
): readonly Feature[] {
  // About ten million products, for any sizes.
  const stride = Math.max(1, Math.ceil((count * lags * features.length) / 10_000_000));
  const lagStride = stride > 8 ? Math.ceil(stride / 8) : 1;
  const step = Math.min(stride, 8);
  const scores = features.map((feature) => {
    let score = 0;
    for (let k = 0; k < lags; k += lagStride) {
      let product = 0;
      for (let i = 0; i < count; i += step) {
        const row = rowOf(i, k);
        if (row < 0) continue;
        let y = 0;
        for (let d = 0; d < outputs; d++) y += (d % 2 === 0 ? 1 : -0.5) * targets[i * outputs + d]!;
        product += y * standardized(inputs[row * width + feature.at]!, feature);
      }
      score += product ** 2;
    }
    return { feature, score };
  });
  return scores
    .sort((a, b) => b.score - a.score || a.feature.at - b.feature.at)
    .slice(0, keptFeatures)
    .map(({ feature }) => feature);
}
