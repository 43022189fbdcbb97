/** Which learning rate the loss's curvature allows, of what a run measured. */

import type { RunHistory } from "../protocol/history.ts";

export interface StableRate {
  /**
   * Σ λ / Σ λ² of the curvatures λ = 1 / rate of the newest measured steps: above it, steps on batches that differ so in
   * curvature diverge in mean square (Wu, Ma & E 2018, "How SGD selects the global minima", 2.1). Where batches agree it is
   * the rate that they agree on; a few steep ones count for more than many that are not.
   */
  readonly rate: number;
  /** The lowest and the highest rate from which on one of these steps would have raised its batch's loss. */
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
  const lowest = Math.min(...known);
  return {
    rate:
      (known.reduce((sum, rate) => sum + lowest / rate, 0) /
        known.reduce((sum, rate) => sum + (lowest / rate) ** 2, 0)) *
      lowest,
    lowest,
    highest: Math.max(...known),
    measured: known.length,
    step: history.steps[last]!,
    inForce: history.series("learningRate")?.[last] ?? Number.NaN,
  };
}
