/** Steps at which a weight's gradient jumps, and what each jump did. */

import { known, median, tail } from "../../protocol/history/median.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { isKernel } from "../movement.ts";
import { level } from "../statistics.ts";

const window = 50;
/** Fewest steps that show what is usual. */
export const fewest = 5;

export interface Limits {
  readonly factor: number;
  readonly norm: number;
}

/** What a jump led to: higher losses after it, an update that rewrote the weight, or a loss that stands still. */
export interface Effect {
  readonly kind: "loss" | "update" | "standing";
  /** Figure before the jump: the mean loss, or the usual ‖Δw‖ / ‖w‖. */
  readonly before: number;
  readonly after: number;
}

export interface Jump {
  readonly row: number;
  readonly step: number;
  readonly norm: number;
  readonly clipped: number | undefined;
  /** Median norm of the steps before; NaN if there were too few. */
  readonly median: number;
  /** The ratio of the norm to its limit; above 1. */
  readonly excess: number;
  readonly effect: Effect;
}

/**
 * The jumps that had an effect. Others are ignored: a norm may jump because a plateau ends or a rare class comes, and
 * the optimizer or clipping may take the jump out of the update.
 */
export function jumpsOf(history: RunHistory, layer: number, weight: string, limits: Limits): readonly Jump[] {
  const norms = history.series("weightGradientNorm", layer, weight);
  if (!norms) return [];
  const mayJump = lowestJump(norms, limits);
  const clipped = history.series("weightClippedGradientNorm", layer, weight);
  const all = history.series("gradientNorm");
  const jumps: Jump[] = [];
  const buffer = new Float64Array(window);
  norms.forEach((norm, row) => {
    if (!(norm > mayJump)) return;
    const before = newestFinite(norms, row, buffer);
    // A return to the size at the initial weights is the end of a plateau, not an explosion.
    const usual = before.length >= fewest && !(norm <= norms[0]!) ? median(before) : Number.NaN;
    const excess = excessOf(norm, usual, limits);
    if (excess > 1 && !(norm < (all ? median(newestFinite(all, row, buffer)) : Number.NaN))) {
      const effect = effectOf(history, layer, weight, row);
      if (effect)
        jumps.push({ row, step: history.steps[row]!, norm, clipped: clipped?.[row], median: usual, excess, effect });
    }
  });
  return jumps;
}

/** The newest finite values before a row, newest first: as many as the buffer, which they are written into, can hold. */
function newestFinite(series: Float64Array, row: number, buffer: Float64Array): Float64Array {
  let count = 0;
  for (let i = row - 1; i >= 0 && count < buffer.length; i--)
    if (Number.isFinite(series[i])) buffer[count++] = series[i]!;
  return buffer.subarray(0, count);
}

/** A norm that stays above the absolute limit while the loss stands still, reported at its newest step. */
export function lastingJump(
  history: RunHistory,
  layer: number,
  weight: string,
  { norm: limit }: Limits,
  loss: number,
): Jump | undefined {
  const norms = history.series("weightGradientNorm", layer, weight);
  const norm = norms ? median(tail(known(norms), fewest)) : Number.NaN;
  if (!norms || norms.length < fewest || !(norm > limit) || !Number.isFinite(norm)) return undefined;
  const row = norms.length - 1;
  const first = norms.findIndex((v) => v > limit);
  const clipped = history.series("weightClippedGradientNorm", layer, weight)?.[row];
  const effect: Effect = { kind: "standing", before: loss, after: loss };
  return { row, step: history.steps[first]!, norm, clipped, median: Number.NaN, excess: norm / limit, effect };
}

/**
 * The larger norm / limit of both limits; 0 if it is not finite (`non-finite` reports that) or has no usable median.
 */
function excessOf(norm: number, usual: number, limits: Limits): number {
  if (!Number.isFinite(norm)) return 0;
  const relative = usual > 0 ? norm / (limits.factor * usual) : 0;
  return Math.max(relative, norm / limits.norm);
}

/** Losses compared before and after a jump; several batches judge it. */
const lossesBefore = 20;
const lossesAfter = 5;
const fewestAfter = 3;

/** Standard deviations of single losses, and the share, by which the later losses must exceed the earlier ones. */
const beyondNoise = 3;
const lossShare = 1.5;
/** Share of the baseline below which even a loss that has risen is that of a net that has learnt. */
const considerable = 0.2;

/**
 * An update that changes this share of a weight, and is this many times larger than usual, rewrites what it had learnt.
 */
const rewrites = 0.1;
const updateFactor = 5;

function effectOf(history: RunHistory, layer: number, weight: string, row: number): Effect | undefined {
  return lossEffect(history, row) ?? updateEffect(history, layer, weight, row);
}

/** The update of step `row` shows in the losses from `row + 1` on. */
function lossEffect(history: RunHistory, row: number): Effect | undefined {
  const losses = history.series("loss");
  if (!losses) return undefined;
  const after = losses.subarray(row + 1, row + 1 + lossesAfter);
  const former = level(losses.subarray(Math.max(0, row - lossesBefore), Math.max(1, row)));
  if (after.some((v) => !Number.isFinite(v)) && Number.isFinite(former.mean))
    return { kind: "loss", before: former.mean, after: Number.NaN };
  if (after.length < fewestAfter) return undefined;
  const now = median(after);
  const limit = Math.max(former.mean + beyondNoise * former.deviation, lossShare * former.mean);
  const { baselineLoss: baseline } = history.info;
  if (baseline !== null && now < considerable * baseline) return undefined;
  return now > limit ? { kind: "loss", before: former.mean, after: now } : undefined;
}

function updateEffect(history: RunHistory, layer: number, weight: string, row: number): Effect | undefined {
  const ratios = isKernel(weight) ? history.series("weightUpdateRatio", layer, weight) : undefined;
  const ratio = ratios?.[row] ?? Number.NaN;
  if (!ratios || !(ratio > rewrites)) return undefined;
  const usual = median(ratios.subarray(Math.max(0, row - window), row));
  return ratio > updateFactor * usual ? { kind: "update", before: usual, after: ratio } : undefined;
}

/**
 * Norms up to this one jump over neither limit, whatever the median before them, or only back to the size at the initial
 * weights; few rows need that median.
 */
function lowestJump(norms: Float64Array, limits: Limits): number {
  const initial = norms[0] ?? Number.NaN;
  let least = Number.POSITIVE_INFINITY;
  for (const v of norms) if (v > 0 && v < least) least = v;
  return Math.min(limits.norm, Math.max(limits.factor * least, Number.isNaN(initial) ? 0 : initial));
}
