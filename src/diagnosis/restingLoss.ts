/** The level at which a loss that falls more and more slowly will settle. */

import { level } from "./statistics.ts";

/** Below this many losses a third of them is too noisy to compare with the next. */
const fewest = 15;

/**
 * The limit of a geometric series through three stretches of equal length: if the loss fell by d₁ from the first
 * stretch to the second and by d₂ = q·d₁ to the third, it will fall by another d₂·q + d₂·q² + … = d₂·q / (1 − q)
 * (Aitken's Δ² process, A. C. Aitken, "On Bernoulli's numerical solution of algebraic equations", 1926). Exact for a
 * loss that decays exponentially towards a constant.
 *
 * @param steps ascending.
 * @param losses one per step.
 * @returns −∞ if the loss does not slow down; NaN for too few losses.
 */
export function restingLoss(steps: Float64Array, losses: Float64Array): number {
  const first = steps[0];
  const last = steps.at(-1);
  if (first === undefined || last === undefined || losses.length < fewest) return Number.NaN;
  const meanOfThird = (third: number): number => {
    const start = first + ((last + 1 - first) * third) / 3;
    const end = first + ((last + 1 - first) * (third + 1)) / 3;
    return level(losses.filter((_, i) => steps[i]! >= start && steps[i]! < end)).mean;
  };
  const newest = meanOfThird(2);
  const before = meanOfThird(0) - meanOfThird(1);
  const since = meanOfThird(1) - newest;
  if (since <= 0) return newest;
  return since < before ? newest - since ** 2 / (before - since) : Number.NEGATIVE_INFINITY;
}
