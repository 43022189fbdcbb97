/** Whether a loss falls: a slope that is tested against its own noise. */

import type { RunHistory } from "../protocol/history.ts";
import { level } from "./statistics.ts";

export interface Trend {
  /** Change of the loss per step, over the newest half of the run. */
  readonly slope: number;
  /** Standard error of the slope. */
  readonly error: number;
  /** The line's value at the newest step. */
  readonly now: number;
  /** The loss falls by more than its noise explains. */
  readonly falls: boolean;
  /** The loss rises by more than its noise explains. */
  readonly rises: boolean;
}

/**
 * The newest half is cut into blocks, because losses of neighbouring steps are not independent: the means of long blocks
 * nearly are. Ten blocks leave 8 degrees of freedom.
 */
const mostBlocks = 10;
const fewestBlocks = 5;
/** Losses per block that make its mean more than a single batch. */
const smallestBlock = 3;

/** Student's t beyond which a slope of 8 degrees of freedom is real, one-sided, at p = 0.005. */
const sure = 3.36;

/** Undefined before there are enough losses. */
export function lossTrend(history: RunHistory): Trend | undefined {
  const losses = history.series("loss");
  if (!losses) return undefined;
  const from = losses.length < 2 * fewestBlocks * smallestBlock ? 0 : losses.length >> 1;
  return trendOf(history.steps.subarray(from), losses.subarray(from));
}

/** Least squares through the means of blocks; undefined of too few values, or where one of them is not finite. */
export function trendOf(steps: Float64Array, values: Float64Array): Trend | undefined {
  const blocks = Math.min(mostBlocks, Math.floor(values.length / smallestBlock));
  if (blocks < fewestBlocks) return undefined;
  const x = new Float64Array(blocks);
  const y = new Float64Array(blocks);
  for (let b = 0; b < blocks; b++) {
    const [start, end] = [Math.floor((b * values.length) / blocks), Math.floor(((b + 1) * values.length) / blocks)];
    x[b] = meanOf(steps.subarray(start, end));
    y[b] = level(values.subarray(start, end)).mean;
  }
  const [mx, my] = [meanOf(x), meanOf(y)];
  let sxx = 0;
  let sxy = 0;
  for (let b = 0; b < blocks; b++) {
    sxx += (x[b]! - mx) ** 2;
    sxy += (x[b]! - mx) * (y[b]! - my);
  }
  const slope = sxy / sxx;
  if (!Number.isFinite(slope)) return undefined;
  let residual = 0;
  for (let b = 0; b < blocks; b++) residual += (y[b]! - my - slope * (x[b]! - mx)) ** 2;
  const error = Math.sqrt(residual / (blocks - 2) / sxx);
  const last = steps.at(-1) ?? 0;
  return {
    slope,
    error,
    now: my + slope * (last - mx),
    falls: slope < 0 && -slope > sure * error,
    rises: slope > 0 && slope > sure * error,
  };
}

/** A pace is given this many times the steps that are left: losses fall faster once they fall. */
export const patience = 2;

/**
 * Whether a figure that goes on changing by `slope` per step gets from `now` to `goal` in time: in the steps that are
 * left, or in as many as there were, whichever is more, and `patience` times that.
 */
export function arrives({ info, lastStep }: RunHistory, now: number, slope: number, goal: number): boolean {
  const ahead = patience * Math.max((info.plannedSteps ?? 0) - lastStep, lastStep);
  const reached = now + slope * ahead;
  return slope < 0 ? reached <= goal : reached >= goal;
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const v of values) sum += v;
  return sum / values.length;
}
