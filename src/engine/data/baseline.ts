/** Loss of the best predictor that does not look at the inputs: one constant per position of the target (timestep and unit). */

import type { LossName } from "../../config/resolved.ts";
import { countOf, type PositionWeights } from "./positionWeights.ts";

/** The values of one position over all samples, and the weight of each; null: all weigh the same. */
interface Column {
  readonly values: Float64Array;
  readonly weights: Float64Array | null;
}

/**
 * @param targets `samples × positions`; for `sparseCategoricalCrossentropy` class indices, for `categoricalCrossentropy`
 *   groups of `width` positions that are distributions.
 * @param width length of the targets' last axis.
 * @param weights the loss's weights, one per group of `width` positions. The constant is then the best one under these
 * weights, and its loss is reduced in the same way as the model's: masked positions do not count.
 * @returns mean over samples and positions, or null if the targets do not fit the loss.
 */
export function constantBaseline(
  loss: LossName,
  targets: Float32Array,
  samples: number,
  width: number,
  weights: PositionWeights | null = null,
): number | null {
  const positions = targets.length / samples;
  const groups = positions / width;
  const weightsOf = (group: number): Float64Array | null => weights && everyNth(weights.values, samples, groups, group);
  /** Sum over samples and positions, divided by the number of them that count. */
  const mean = (of: (column: Column) => number): number => {
    let sum = 0;
    for (let p = 0; p < positions; p++) {
      sum += of({ values: everyNth(targets, samples, positions, p), weights: weightsOf(Math.floor(p / width)) });
    }
    return divided(sum, (weights ? countOf(weights) : samples * groups) * width);
  };
  switch (loss) {
    case "meanSquaredError":
      return mean(squaredDeviation);
    case "meanAbsoluteError":
      return mean(absoluteDeviation);
    case "binaryCrossentropy":
      if (!targets.every((y) => y >= 0 && y <= 1)) return null;
      return mean((column) => {
        const p = meanOf(column);
        return total(column) * entropy([p, 1 - p]);
      });
    case "categoricalCrossentropy": {
      let sum = 0;
      for (let group = 0; group < groups; group++) {
        const own = weightsOf(group);
        const shares: number[] = [];
        for (let k = 0; k < width; k++)
          shares.push(meanOf({ values: everyNth(targets, samples, positions, group * width + k), weights: own }));
        sum += (own ? sumOf(own) : samples) * entropy(shares);
      }
      return divided(sum, weights ? countOf(weights) : samples * groups);
    }
    case "sparseCategoricalCrossentropy":
      return mean((column) => {
        const counts = new Map<number, number>();
        column.values.forEach((y, i) => {
          counts.set(y, (counts.get(y) ?? 0) + weightAt(column, i));
        });
        const all = total(column);
        return all * entropy([...counts.values()].map((n) => divided(n, all)));
      });
  }
}

function everyNth(values: Float32Array, rows: number, stride: number, offset: number): Float64Array {
  const result = new Float64Array(rows);
  for (let i = 0; i < rows; i++) result[i] = values[i * stride + offset]!;
  return result;
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const v of values) sum += v;
  return sum;
}

/** If no position counts, the loss is 0. */
function divided(sum: number, by: number): number {
  return by === 0 ? 0 : sum / by;
}

function weightAt({ weights }: Column, i: number): number {
  return weights ? weights[i]! : 1;
}

function total({ values, weights }: Column): number {
  return weights ? sumOf(weights) : values.length;
}

function meanOf(column: Column): number {
  let sum = 0;
  column.values.forEach((v, i) => {
    sum += v * weightAt(column, i);
  });
  return divided(sum, total(column));
}

function squaredDeviation(column: Column): number {
  const m = meanOf(column);
  let sum = 0;
  column.values.forEach((v, i) => {
    sum += weightAt(column, i) * (v - m) ** 2;
  });
  return sum;
}

/** Mean distance from the median, the constant that minimizes it: half of the weight lies on either side. */
function absoluteDeviation(column: Column): number {
  const order = Uint32Array.from({ length: column.values.length }, (_, i) => i).sort(
    (a, b) => column.values[a]! - column.values[b]!,
  );
  const half = total(column) / 2;
  let below = 0;
  let median = 0;
  for (const i of order) {
    median = column.values[i]!;
    below += weightAt(column, i);
    if (below >= half) break;
  }
  let sum = 0;
  column.values.forEach((v, i) => {
    sum += weightAt(column, i) * Math.abs(v - median);
  });
  return sum;
}

/** In nats; 0·log 0 = 0. */
function entropy(shares: readonly number[]): number {
  let sum = 0;
  for (const p of shares) if (p > 0) sum -= p * Math.log(p);
  return sum;
}
