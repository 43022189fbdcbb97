/** Whether a loss falls: its slope, tested against its own noise. */

import type { RunHistory } from "../protocol/history.ts";
import { perHistory } from "./perHistory.ts";
import { blocksOf, type Line, lineThrough, meanOf } from "./slope.ts";
import { level } from "./statistics.ts";

/** The change of the loss per step, over the newest half of the run. */
export interface Trend extends Pick<Line, "slope" | "error" | "falls" | "rises"> {
  /** The line's value at the newest step. */
  readonly now: number;
}

/**
 * The newest half is cut into blocks, because the losses of neighbouring steps are not independent; the means of long
 * blocks nearly are.
 */
const mostBlocks = 10;
const fewestBlocks = 5;
/** Fewest losses whose block mean is more than a single batch. */
const smallestBlock = 3;
/** Below this many losses a winsorized mean is hardly more than a median, which is noisier. */
const fewestOfLevel = 5;

/** Undefined before there are enough losses. */
export const lossTrend = perHistory((history): Trend | undefined => {
  const { steps, losses } = newestHalf(history);
  return trendOf(steps, losses);
});

/** The newest half of the losses; all of them if there are few, none if none was measured. */
export function newestHalf(history: RunHistory): { readonly steps: Float64Array; readonly losses: Float64Array } {
  const losses = history.series("loss") ?? new Float64Array(0);
  const from = losses.length < 2 * fewestBlocks * smallestBlock ? 0 : losses.length >> 1;
  return { steps: history.steps.subarray(from, from + losses.length), losses: losses.subarray(from) };
}

/** Least squares through the means of blocks; undefined for too few values, or if one of them is not finite. */
export function trendOf(steps: Float64Array, values: Float64Array): Trend | undefined {
  const blocks = Math.min(mostBlocks, Math.floor(values.length / smallestBlock));
  if (blocks < fewestBlocks) return undefined;
  const line = lineThrough(
    blocksOf(steps, blocks),
    blocksOf(values, blocks, (block) => (block.length < fewestOfLevel ? meanOf(block) : level(block).mean)),
  );
  if (!line) return undefined;
  const { slope, error, falls, rises } = line;
  const last = steps.at(-1) ?? 0;
  return { slope, error, falls, rises, now: line.y + slope * (last - line.x) };
}

/** A projection at the present pace gets this many times the steps left: losses fall faster once they fall. */
export const patience = 2;

/**
 * Whether a figure that goes on changing by `slope` per step gets from `now` to `goal` in time: within `patience` times
 * the larger of the steps left and the steps taken.
 */
export function arrives({ info, lastStep }: RunHistory, now: number, slope: number, goal: number): boolean {
  const ahead = patience * Math.max((info.plannedSteps ?? 0) - lastStep, lastStep);
  const reached = now + slope * ahead;
  return slope < 0 ? reached <= goal : reached >= goal;
}
