/** The learning rate that the loss's curvature allows, from a run's measurements. */

import { verdictWords } from "../messages/verdicts.ts";
import type { RunHistory } from "../protocol/history.ts";
import { formatNumber } from "../protocol/numberText.ts";

export interface StableRate {
  /**
   * The largest rate at which steps do not overshoot. For several measurements of large batches it is Σ λ / Σ λ² of the
   * curvatures λ = 1 / rate: above it, steps on batches that differ this much in curvature diverge in mean square (Wu,
   * Ma & E 2018, "How SGD selects the global minima", 2.1). If batches agree, it is the rate they agree on; otherwise a
   * few steep batches count for more than many flat ones. For few measurements, or for small batches, whose curvatures
   * are mostly sampling noise, it is the lowest rate.
   */
  readonly rate: number;
  /** Number of steps that were measured. */
  readonly measured: number;
  /** Learning rate in force at the newest of these steps. */
  readonly inForce: number;
}

/** Fewest measurements, and fewest samples of a batch, for a mean over batches. */
const several = 3;
const largeBatch = 5;

/** Newest measurements that count. */
const newest = 8;

/**
 * The stable rate by the newest measurements. Null without any: the run is not measured, its steps lead uphill, or the
 * loss does not curve up along them. A `rate` below `inForce` means that the steps overshoot.
 */
export function stableRateOf(history: RunHistory): StableRate | null {
  const rates = history.series("stableRate");
  if (!rates) return null;
  // After a run has blown up, the measured curvature no longer describes the loss it was meant to minimize.
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

/** Multiple of the first loss, or of the baseline if that is larger, above which a loss has blown up. */
const blownUp = 3;

function lossLimit(history: RunHistory): number {
  const first = history.series("loss")?.[0] ?? Number.NaN;
  return Number.isFinite(first)
    ? blownUp * Math.max(first, history.info.baselineLoss ?? first)
    : Number.POSITIVE_INFINITY;
}

/** Σ λ / Σ λ² with λ = 1 / rate, in units of the lowest rate, so that the squares stay within range. */
function meanSquareRate(rates: readonly number[]): number {
  const lowest = Math.min(...rates);
  const sum = (power: number): number => rates.reduce((all, rate) => all + (lowest / rate) ** power, 0);
  return (sum(1) / sum(2)) * lowest;
}

/** A sentence, led by a space, if the rate in force overshoots; else the empty string. */
export function stableRateText(stable: StableRate | null): string {
  if (!stable || !(stable.rate < stable.inForce)) return "";
  return verdictWords().stableRate({
    measured: stable.measured,
    rate: formatNumber(stable.rate),
    inForce: formatNumber(stable.inForce),
  });
}
