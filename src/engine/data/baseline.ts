/** Loss of the best predictor that does not look at the inputs: one constant per position of the target (timestep and unit). */

import type { LossName } from "../../config/resolved.ts";

/**
 * @param targets `samples × positions`; for `sparseCategoricalCrossentropy` class indices, for `categoricalCrossentropy`
 *   groups of `width` positions that are distributions.
 * @param width length of the targets' last axis.
 * @returns mean over samples and positions, or null where the targets do not fit the loss.
 */
export function constantBaseline(loss: LossName, targets: Float32Array, samples: number, width: number): number | null {
  const positions = targets.length / samples;
  switch (loss) {
    case "meanSquaredError":
      return meanOverPositions(positions, (p) => variance(column(targets, samples, positions, p)));
    case "meanAbsoluteError":
      return meanOverPositions(positions, (p) => absoluteDeviation(column(targets, samples, positions, p)));
    case "binaryCrossentropy":
      if (!targets.every((y) => y >= 0 && y <= 1)) return null;
      return meanOverPositions(positions, (p) => binaryEntropy(mean(column(targets, samples, positions, p))));
    case "categoricalCrossentropy":
      return meanOverPositions(positions / width, (group) => {
        const shares: number[] = [];
        for (let k = 0; k < width; k++) shares.push(mean(column(targets, samples, positions, group * width + k)));
        return entropy(shares);
      });
    case "sparseCategoricalCrossentropy":
      return meanOverPositions(positions, (p) => {
        const counts = new Map<number, number>();
        for (const y of column(targets, samples, positions, p)) counts.set(y, (counts.get(y) ?? 0) + 1);
        return entropy([...counts.values()].map((n) => n / samples));
      });
  }
}

function meanOverPositions(positions: number, of: (position: number) => number): number {
  let sum = 0;
  for (let p = 0; p < positions; p++) sum += of(p);
  return sum / positions;
}

function column(values: Float32Array, samples: number, positions: number, position: number): Float64Array {
  const result = new Float64Array(samples);
  for (let i = 0; i < samples; i++) result[i] = values[i * positions + position]!;
  return result;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const v of values) sum += v;
  return sum / values.length;
}

function variance(values: Float64Array): number {
  const m = mean(values);
  let sum = 0;
  for (const v of values) sum += (v - m) ** 2;
  return sum / values.length;
}

/** Mean distance from the median, the constant that minimizes it. */
function absoluteDeviation(values: Float64Array): number {
  const sorted = values.toSorted();
  const n = sorted.length;
  const median = (sorted[(n - 1) >> 1]! + sorted[n >> 1]!) / 2;
  let sum = 0;
  for (const v of values) sum += Math.abs(v - median);
  return sum / n;
}

function binaryEntropy(p: number): number {
  return entropy([p, 1 - p]);
}

/** In nats; 0·log 0 = 0. */
function entropy(shares: readonly number[]): number {
  let sum = 0;
  for (const p of shares) if (p > 0) sum -= p * Math.log(p);
  return sum;
}
