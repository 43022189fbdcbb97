/**
 * Which input at which lag correlates with the targets, each on its own; and how large the largest of these
 * correlations is by chance, from permutations (family-wise: Westfall & Young 1993).
 *
 * Blocks of neighbouring examples are permuted rather than single ones. Windows of one series resemble their
 * neighbours, so permuting single ones would make every correlation look significant (Künsch 1989, the block
 * bootstrap).
 */

import { createRandom, permutation, type Random } from "../random.ts";
import { type Channels, maxActive } from "./channels.ts";
import type { Examples } from "./examples.ts";

/** Multiplications that one screening may take: about 20 ms. */
const affordable = 16_000_000;
const mostPermutations = 20;
const fewestPermutations = 6;
const blocks = 20;
/** Cost of computing a channel's value, in multiplications. */
const making = 4;
/** Fewest examples that are used, if there are that many. */
const fewestScreened = 300;

export interface Screening {
  /**
   * `lags × channels`: squared correlation, averaged over the outputs with their variances as weights. If only a share
   * of the examples was used, it is multiplied by that share: by chance it is then as large as with all of them.
   */
  readonly scores: Float64Array;
}

export interface Threshold {
  /** Squared correlation that the largest one exceeds in one of a hundred data sets without dependence. */
  readonly single: number;
  /** The same threshold for a channel's sum over all lags, which many weak dependences add up to. */
  readonly sum: number;
}

/**
 * @param targets `count × outputs`.
 * @param late whether to look at all channels, not only at the early ones.
 */
export function screen(examples: Examples, all: Channels, targets: Float64Array, late = false): Screening {
  const q = examples.outputs;
  const channels = late ? all : earlyOf(all);
  const active = activeOf(channels);
  const step = stepFor(examples.count, examples.lags * active * (q + making));
  const share = Math.ceil(examples.count / step) / examples.count;
  const scores = correlate(examples, channels, targets, q, step).scores(0, q);
  return { scores: scores.map((r2) => r2 * share) };
}

/** From permutations of the first outputs; at least what independent examples would need. */
export function permutationThreshold(examples: Examples, all: Channels, targets: Float64Array): Threshold {
  const { count, outputs, lags } = examples;
  const q = Math.min(outputs, 3);
  const channels = earlyOf(all);
  const active = activeOf(channels);
  const each = count * lags * active;
  const permutations = Math.max(
    fewestPermutations,
    Math.min(mostPermutations, Math.floor((affordable / each - making) / q)),
  );
  const step = stepFor(count, lags * active * (q * permutations + making));
  const random = createRandom(11);
  const permuted = new Float64Array(count * q * permutations);
  for (let p = 0; p < permutations; p++) {
    const order = derangedBlocks(count, random);
    for (let i = 0; i < count; i++)
      for (let d = 0; d < q; d++) permuted[(i * permutations + p) * q + d] = targets[order[i]! * outputs + d]!;
  }
  const correlations = correlate(examples, channels, permuted, q * permutations, step);
  const largest: number[] = [];
  const sums: number[] = [];
  for (let p = 0; p < permutations; p++) {
    const scores = correlations.scores(p * q, q);
    largest.push(scores.reduce((a, b) => Math.max(a, b), 0));
    sums.push(Math.max(...sumsOf(scores, channels.count)));
  }
  // With fewer examples, chance correlations are larger.
  const scale = Math.ceil(count / step) / count;
  const tests = lags * channels.count;
  return {
    single: Math.max(gumbelQuantile(largest) * scale, normalQuantile(0.005 / tests) ** 2 / count),
    sum: gumbelQuantile(sums) * scale,
  };
}

/** Step between examples: one in how many is used. */
function stepFor(count: number, each: number): number {
  return Math.max(1, Math.min(Math.floor(count / fewestScreened), Math.ceil((count * each) / affordable)));
}

function earlyOf(channels: Channels): Channels {
  return { ...channels, count: channels.early };
}

/** Approximate number of nonzero channels of a row; of indicators, one is set. */
function activeOf({ discrete, early, count }: Channels): number {
  return discrete ? 1 : early + Math.ceil((count - early) / 8);
}

/** Sum over all lags for each channel. */
export function sumsOf(scores: Float64Array, channels: number): Float64Array {
  const sums = new Float64Array(channels);
  for (let j = 0; j < scores.length; j++) sums[j % channels]! += scores[j]!;
  return sums;
}

/** @param q columns of `targets`; they have mean 0, so the channels need not be centred. */
function correlate(
  { count, lags, rowOf }: Examples,
  channels: Channels,
  targets: Float64Array,
  q: number,
  step: number,
): { scores(first: number, columns: number): Float64Array } {
  const c = channels.count;
  const products = new Float64Array(lags * c * q);
  const sums = new Float64Array(lags * c);
  const squares = new Float64Array(lags * c);
  const variances = new Float64Array(q);
  // Rows are filled with all channels, the late ones last.
  const indices = new Int32Array(maxActive);
  const values = new Float64Array(maxActive);
  let n = 0;
  for (let i = 0; i < count; i += step) {
    n++;
    for (let j = 0; j < q; j++) variances[j]! += targets[i * q + j]! ** 2;
    for (let k = 0; k < lags; k++) {
      const row = rowOf(i, k);
      if (row < 0) break;
      const filled = channels.fill(row, indices, values);
      for (let a = 0; a < filled; a++) {
        if (indices[a]! >= c) break;
        const at = k * c + indices[a]!;
        const v = values[a]!;
        sums[at]! += v;
        squares[at]! += v * v;
        for (let j = 0; j < q; j++) products[at * q + j]! += v * targets[i * q + j]!;
      }
    }
  }
  return {
    scores: (first, columns) => {
      let total = 0;
      for (let j = first; j < first + columns; j++) total += variances[j]!;
      return Float64Array.from({ length: lags * c }, (_, at) => {
        const variance = squares[at]! - sums[at]! ** 2 / n;
        if (!(variance > 1e-9 * n) || !(total > 0)) return 0;
        let explained = 0;
        for (let j = first; j < first + columns; j++) explained += products[at * q + j]! ** 2 / variance;
        return explained / total;
      });
    },
  };
}

/** Blocks of neighbours in an order that leaves no block in its place. */
function derangedBlocks(count: number, random: Random): Uint32Array {
  const size = Math.ceil(count / blocks);
  const used = Math.ceil(count / size);
  let order = permutation(used, random);
  for (let tries = 0; tries < 50 && order.some((b, i) => b === i); tries++) order = permutation(used, random);
  const result = new Uint32Array(count);
  let at = 0;
  for (const block of order) for (let i = block * size; i < Math.min(count, (block + 1) * size); i++) result[at++] = i;
  return result;
}

/**
 * The value that one maximum in a hundred exceeds, from the mean and the deviation of a few (moments of Gumbel's
 * distribution).
 */
function gumbelQuantile(maxima: readonly number[]): number {
  const mean = maxima.reduce((a, b) => a + b, 0) / maxima.length;
  const variance = maxima.reduce((sum, m) => sum + (m - mean) ** 2, 0) / Math.max(1, maxima.length - 1);
  const scale = (Math.sqrt(variance) * Math.sqrt(6)) / Math.PI;
  return mean - 0.5772 * scale - scale * Math.log(-Math.log(0.99));
}

/**
 * z such that a share `p` of the standard normal distribution lies above it (Abramowitz & Stegun 1964, 26.2.23; error
 * below 5e-4).
 */
export function normalQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p));
  return t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}
