/** Which learning rate the loss's curvature allows, of what a run measured. */

import type { RunHistory } from "../protocol/history.ts";
import { median } from "./statistics.ts";

export interface StableRate {
  /** The rate above which most of the newest measured steps would have raised their batch's loss: a median. */
  readonly rate: number;
  /** The lowest and the highest of them: batches differ, and single ones can be much steeper. */
  readonly lowest: number;
  readonly highest: number;
  /** How many steps it rests on. */
  readonly measured: number;
  /** The newest step of these. */
  readonly step: number;
  /** Learning rate in force then. */
  readonly inForce: number;
}

/** Measurements that tell of now. */
const newest = 8;

/**
 * By the newest measurements; null where there is none: a run not measured, steps that lead uphill, or a loss that does not
 * curve up along them. `rate` below `inForce`: the steps overshoot.
 */
export function stableRateOf(history: RunHistory): StableRate | null {
  const rates = history.series("stableRate");
  if (!rates) return null;
  const at = Array.from(rates.keys())
    .filter((i) => rates[i]! > 0 && Number.isFinite(rates[i]!))
    .slice(-newest);
  const last = at.at(-1);
  if (last === undefined) return null;
  const known = at.map((i) => rates[i]!);
  return {
    rate: median(known),
    lowest: Math.min(...known),
    highest: Math.max(...known),
    measured: known.length,
    step: history.steps[last]!,
    inForce: history.series("learningRate")?.[last] ?? Number.NaN,
  };
}
