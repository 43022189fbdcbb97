/** Divides the samples of a table with several series into those to learn from and those to keep for testing. */

import type { Problem } from "../../config/problem.ts";
import { testSamples } from "../../config/testSamples.ts";
import { createRandom, permutation } from "./random.ts";
import { drawSeed, type Split, type SplitOptions, split } from "./split.ts";

export interface SeriesSplit extends Split {
  /** Number of series that are kept whole; 0 if each keeps its last samples. */
  readonly whole: number;
}

/**
 * Indices of the samples to learn from and to keep: the last of each series. A series with too few samples to keep any is
 * only learnt from; if that is true of all, some series are kept whole.
 *
 * @param counts number of samples of each series, which follow one another.
 */
export function splitSeries(counts: readonly number[], options: SplitOptions): SeriesSplit | Problem {
  const samples = counts.reduce((sum, count) => sum + count, 0);
  if (counts.length === 1 || options.shuffle || options.test === null) {
    const parts = split(samples, options);
    return "message" in parts ? parts : { ...parts, whole: 0 };
  }
  const training = new Uint32Array(samples);
  const test = new Uint32Array(samples);
  let learnt = 0;
  let kept = 0;
  let first = 0;
  for (const count of counts) {
    const parts = split(count, options);
    const alone = "message" in parts;
    for (let i = 0; i < count; i++) if (alone || i < parts.training.length) training[learnt++] = first + i;
    for (const i of alone ? [] : (parts.test ?? [])) test[kept++] = first + i;
    first += count;
  }
  if (kept > 0) return { training: training.subarray(0, learnt), test: test.subarray(0, kept), whole: 0 };
  return wholeSeries(counts, testSamples(samples, options.test));
}

/** Keeps drawn series, always the same ones, until they have this many samples. */
function wholeSeries(counts: readonly number[], share: number): SeriesSplit {
  const keeps = new Set<number>();
  let kept = 0;
  for (const series of permutation(counts.length, createRandom(drawSeed)).subarray(1)) {
    if (kept >= share) break;
    keeps.add(series);
    kept += counts[series]!;
  }
  const series = counts.flatMap((count, s) => Array.from({ length: count }, () => s));
  const indicesOf = (held: boolean) => Uint32Array.from(series.flatMap((s, i) => (keeps.has(s) === held ? [i] : [])));
  return { training: indicesOf(false), test: indicesOf(true), whole: keeps.size };
}
