/** The loss of a quick model's predictions, relative to the loss of a constant. */

import type { LossName } from "../../../config/resolved.ts";
import type { Examples } from "./examples.ts";

/** Shares of the mean mixed into a linear model's probabilities, because some of these are below 0. */
const mixtures = [0.01, 0.03, 0.1, 0.3] as const;

/**
 * Out-of-fold loss relative to that of the examples' means, at most 1: an upper bound of the loss that the data allow.
 * Null if the outputs do not determine it (there are more classes than were looked at), or if the means leave no loss
 * to compare with.
 *
 * @param predictions `count × outputs`, in the units of `targets`.
 */
export function lossShare(loss: LossName, examples: Examples, predictions: Float64Array): number | null {
  const { targets, outputs, whole } = examples;
  switch (loss) {
    case "meanSquaredError":
      return share(
        sum(targets, (y, i) => (y - predictions[i]!) ** 2),
        sum(targets, (y) => y * y),
      );
    case "meanAbsoluteError": {
      const sorted = targets.toSorted();
      const median = outputs === 1 ? sorted[sorted.length >> 1]! : 0;
      return share(
        sum(targets, (y, i) => Math.abs(y - predictions[i]!)),
        sum(targets, (y) => Math.abs(y - median)),
      );
    }
    default:
      return whole ? crossEntropyShare(loss === "binaryCrossentropy", examples, predictions) : null;
  }
}

function crossEntropyShare(separate: boolean, examples: Examples, predictions: Float64Array): number | null {
  const { count, outputs, targets, means, deviation } = examples;
  const entropies = [0, ...mixtures.map(() => 0)];
  for (let i = 0; i < count; i++) {
    const at = i * outputs;
    let total = 0;
    for (let d = 0; d < outputs; d++) total += Math.max(0, (predictions[at + d]! + means[at + d]!) * deviation);
    for (let d = 0; d < outputs; d++) {
      const mean = Math.max(1e-9, Math.min(1, means[at + d]! * deviation));
      const target = (targets[at + d]! + means[at + d]!) * deviation;
      const raw = Math.max(0, (predictions[at + d]! + means[at + d]!) * deviation);
      const p = separate ? Math.min(1, raw) : total > 0 ? raw / total : mean;
      entropies[0]! += crossEntropy(target, mean, separate);
      for (const [m, mixed] of mixtures.entries())
        entropies[m + 1]! += crossEntropy(target, (1 - mixed) * p + mixed * mean, separate);
    }
  }
  return share(Math.min(...entropies), entropies[0]!);
}

function crossEntropy(target: number, p: number, separate: boolean): number {
  const yes = target > 0 ? -target * Math.log(Math.max(1e-12, p)) : 0;
  return separate && target < 1 ? yes - (1 - target) * Math.log(Math.max(1e-12, 1 - p)) : yes;
}

function share(loss: number, baseline: number): number | null {
  const ratio = loss / baseline;
  return Number.isNaN(ratio) ? null : Math.max(0, Math.min(1, ratio));
}

function sum(values: Float64Array, of: (value: number, i: number) => number): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += of(values[i]!, i);
  return total;
}
