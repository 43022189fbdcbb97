/** Chooses the columns of the regression: all that fit, or only those that the screening showed to matter. */

import type { Examples } from "./examples.ts";
import type { LagColumn } from "./lagColumns.ts";
import { type Screening, sumsOf, type Threshold } from "./screen.ts";

/** Most columns of a regression; it also has at most one per six examples. */
const maxColumns = 128;
/** Most channels that are used at every lag. */
const maxDenseChannels = 16;

export function columnLimit({ count }: Examples): number {
  return Math.max(4, Math.min(maxColumns, Math.floor(count / 6)));
}

/**
 * Every lag of the channels that matter: the recent lags exactly, the rest of the past as means over ranges that
 * double, and exactly those older single lags that are significant. The targets affect only which channels are used.
 */
export function denseColumns(
  examples: Examples,
  channels: number,
  { scores }: Screening,
  threshold: Threshold,
): readonly LagColumn[] {
  const limit = columnLimit(examples);
  const sums = sumsOf(scores, channels);
  const best = new Float64Array(channels);
  for (let j = 0; j < scores.length; j++) best[j % channels] = Math.max(best[j % channels]!, scores[j]!);
  const ranked = Array.from({ length: channels }, (_, c) => c).sort((a, b) => sums[b]! - sums[a]! || a - b);
  const chance = examples.lags / examples.count;
  const telling = ranked.filter(
    (c) => best[c]! > threshold.single || (sums[c]! > threshold.sum && sums[c]! > 1.2 * chance),
  );
  const taken = (telling.length > 0 ? telling : ranked.slice(0, 1)).slice(0, Math.min(maxDenseChannels, limit));
  const fits = Math.max(1, Math.floor(limit / taken.length));
  if (fits >= examples.lags) return taken.flatMap((c) => lagsOf(c, examples.lags));
  const exact = Math.max(1, Math.floor(0.6 * fits));
  const columns = taken.flatMap((channel): LagColumn[] => [
    ...lagsOf(channel, exact),
    ...rangesFrom(exact, examples.lags).map(([from, lag]): LagColumn => ({ kind: "mean", channel, from, lag })),
  ]);
  return [...columns, ...significantSingles(scores, channels, threshold, limit - columns.length, exact)];
}

/** Only the significant lags and the last two inputs: if dependences are weak, all other columns would drown them. */
export function sparseColumns(
  examples: Examples,
  channels: number,
  { scores }: Screening,
  threshold: Threshold,
): readonly LagColumn[] {
  const significant = significantSingles(scores, channels, threshold, columnLimit(examples), 0);
  if (significant.length > 0) return significant;
  return Array.from(
    { length: Math.min(2, examples.lags) },
    (_, lag): LagColumn => ({ kind: "single", channel: 0, lag }),
  );
}

/** The lags above the threshold that are at least `least`, the strongest first, at most `most` of them. */
export function significantSingles(
  scores: Float64Array,
  channels: number,
  { single }: Threshold,
  most: number,
  least: number,
): readonly LagColumn[] {
  const above: { readonly score: number; readonly column: LagColumn }[] = [];
  for (let j = least * channels; j < scores.length; j++) {
    const score = scores[j]!;
    if (score > single)
      above.push({ score, column: { kind: "single", channel: j % channels, lag: Math.floor(j / channels) } });
  }
  return above
    .sort((a, b) => b.score - a.score)
    .slice(0, Math.max(0, most))
    .map(({ column }) => column);
}

/** Random functions of the last input alone, for comparison with the same number of functions of longer spans. */
export function randomOfLast(): readonly LagColumn[] {
  return randomFunctions(1, 300, 72);
}

/** Random functions of the last 2, 4 and 16 inputs. */
export function randomColumns({ lags }: Examples): readonly LagColumn[] {
  const spans = [...new Set([2, 4, 16].map((n) => Math.min(n, lags)))];
  return spans.flatMap((span, s) => randomFunctions(span, 100 * s, 24));
}

function randomFunctions(span: number, seed: number, length: number): readonly LagColumn[] {
  return Array.from({ length }, (_, i): LagColumn => ({ kind: "random", seed: seed + i + 1, lag: span - 1 }));
}

function lagsOf(channel: number, count: number): LagColumn[] {
  return Array.from({ length: count }, (_, lag) => ({ kind: "single", channel, lag }));
}

/** Ranges [from, to], each as long as all before it. */
function rangesFrom(first: number, end: number): readonly (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  for (let from = first; from < end; ) {
    const to = Math.min(end - 1, 2 * from);
    ranges.push([from, to]);
    from = to + 1;
  }
  return ranges;
}
