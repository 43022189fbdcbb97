/** How far a run's loss has come: below its baseline, on its way there, or neither. */

import type { ResolvedModel } from "../../config/resolved.ts";
import { stepsPerEpoch } from "../../config/stepsPerEpoch.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { learningOf } from "../learning.ts";
import { blocksOf, type Line, lineThrough, meanOf } from "../slope.ts";

/**
 * `below`     surely below the trivial baseline
 * `arriving`  not yet below, but surely falling, and fast enough to get there within full training
 * `falling`   surely falling, but too slowly for that, or the length of full training is not known
 * `standing`  none of these
 */
export type LossProgress = "below" | "arriving" | "falling" | "standing";

/** The newest half of the run is cut into this many blocks whose means are compared: one batch is no trend. */
const blocks = 12;

/** @param diverged the run ended because its loss was not finite. */
export function lossProgress(history: RunHistory, model: ResolvedModel, diverged: boolean): LossProgress {
  if (diverged) return "standing";
  const { baselineLoss, diagnosis } = history.info;
  const known = baselineLoss !== null && baselineLoss > 0;
  if (known && learningOf(history).state === "left") return "below";
  const losses = history.series("loss") ?? new Float64Array(0);
  const trend = trendOf(losses.subarray(losses.length >> 1));
  if (!trend?.falls) return "standing";
  const planned = trainingSteps(history, model);
  if (!known || planned === null) return "falling";
  const { baselineTolerance } = diagnosis.rules["vanishing-through-time"];
  const goal = Math.log(baselineLoss * (1 - baselineTolerance));
  const stretch = Math.max(1, history.lastStep / 2 / blocks);
  return levelAfter(trend, (planned - history.lastStep) / stretch) < goal ? "arriving" : "falling";
}

/** Steps of the training that the config asks for; null for a number of epochs with unknown length. */
export function trainingSteps(history: RunHistory, { training: { length } }: ResolvedModel): number | null {
  if ("steps" in length) return length.steps;
  const samples = history.info.data?.samples;
  return samples === undefined ? null : length.epochs * stepsPerEpoch(samples, history.info.batchSize);
}

/** Trend of the natural logarithm of the loss, per block. */
interface Trend extends Pick<Line, "slope" | "error" | "falls"> {
  /** Mean logarithms of the stretch's thirds, in order. */
  readonly thirds: readonly [number, number, number];
}

/** Least squares over the blocks' means; undefined if there are too few losses. */
function trendOf(losses: Float64Array): Trend | undefined {
  if (losses.length < blocks) return undefined;
  const means = blocksOf(losses.map(Math.log), blocks);
  const line = lineThrough(
    means.map((_, i) => i),
    means,
  );
  if (!line) return undefined;
  const third = (i: number): number => meanOf(means.subarray((i * blocks) / 3, ((i + 1) * blocks) / 3));
  return { slope: line.slope, error: line.error, falls: line.falls, thirds: [third(0), third(1), third(2)] };
}

/**
 * The logarithm of the loss after `further` more blocks. A fall that slows down keeps slowing by the same ratio (a
 * geometric series, as in Aitken's extrapolation); any other fall goes on as it is. Both are assumed to be one standard
 * error slower than they look.
 */
function levelAfter({ slope, error, thirds: [first, second, last] }: Trend, further: number): number {
  const stretches = (3 * Math.max(0, further)) / blocks;
  const [before, now] = [first - second, second - last];
  if (now <= 0) return last;
  const ratio = Math.min(1, now / Math.max(before, Number.MIN_VALUE));
  const fall = ratio === 1 ? now * stretches : (now * ratio * (1 - ratio ** stretches)) / (1 - ratio);
  return last - fall * (1 + error / slope);
}
