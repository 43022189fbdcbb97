/** Which learning rate the loss's curvature allows, of what a run measured. */

import type { RunHistory } from "../protocol/history.ts";

export interface StableRate {
  /**
   * The largest rate at which steps do not overshoot. Of several measurements of large batches it is Σ λ / Σ λ² of the
   * curvatures λ = 1 / rate: above it, steps on batches that differ so in curvature diverge in mean square (Wu, Ma & E
   * 2018, "How SGD selects the global minima", 2.1). Where batches agree it is the rate that they agree on; a few steep
   * ones count for more than many that are not. Of few measurements, or of small batches, whose curvatures are mostly the
   * noise of their samples, it is the lowest of them.
   */
  readonly rate: number;
  /** How many steps it rests on. */
  readonly measured: number;
  /** Learning rate in force at the newest of these. */
  readonly inForce: number;
}

/** Measurements, and samples of a batch, that a mean over batches takes. */
const several = 3;
const largeBatch = 5;

/** Measurements that tell of now. */
const newest = 8;

/**
 * By the newest measurements; null where there is none: a run not measured, steps that lead uphill, or a loss that does not
 * curve up along them. `rate` below `inForce`: the steps overshoot.
 */
export function stableRateOf(history: RunHistory): StableRate | null {
  const rates = history.series("stableRate");
  if (!rates) return null;
  // What a run that blew up measures afterwards is the curvature of its wreck.
  const sound = lossLimit(history);
  const losses = history.series("loss");
  const at = Array.from(rates.keys())
    .filter((i) => rates[i]! > 0 && Number.isFinite(rates[i]!) && !((losses?.[i] ?? 0) > sound))
    .slice(-newest);
  const last = at.at(-1);
  if (last === undefined) return null;
  const known = at.map((i) => rates[i]!);
  const mean = known.length >= several && history.info.batchSize >= largeBatch;
  return {
    rate: mean ? meanSquareRate(known) : Math.min(...known),
    measured: known.length,
    inForce: history.series("learningRate")?.[last] ?? Number.NaN,
  };
}

/** Times the first loss, or the baseline where that is more, beyond which a loss has blown up. */
const blownUp = 3;

function lossLimit(history: RunHistory): number {
  const first = history.series("loss")?.[0] ?? Number.NaN;
  return Number.isFinite(first)
    ? blownUp * Math.max(first, history.info.baselineLoss ?? first)
    : Number.POSITIVE_INFINITY;
}

/** Σ λ / Σ λ² with λ = 1 / rate, in shares of the lowest rate: their squares are of no extreme size. */
function meanSquareRate(rates: readonly number[]): number {
  const lowest = Math.min(...rates);
  const sum = (power: number): number => rates.reduce((all, rate) => all + (lowest / rate) ** power, 0);
  return (sum(1) / sum(2)) * lowest;
}
