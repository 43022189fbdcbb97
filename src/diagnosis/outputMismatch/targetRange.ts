/** How the targets compare with the values that an output can give. */

import type { Range } from "../../config/activations.ts";
import type { LossName } from "../../config/resolved.ts";
import type { DataFacts } from "../../protocol/dataFacts.ts";

/** Smallest and largest target; null if they were not measured. */
export function targetRange(data: DataFacts | null): Range | null {
  const { min, max } = data?.targets.overall ?? { min: Number.NaN, max: Number.NaN };
  return Number.isFinite(min) && Number.isFinite(max) ? { low: min, high: max } : null;
}

export interface Unreached {
  /** Share of the targets outside the range. */
  readonly share: number;
  /** The least loss of values within the range, by the targets' percentiles. */
  readonly leastLoss: number;
}

/** Null if the distribution of the targets was not measured. */
export function unreached(data: DataFacts | null, { low, high }: Range, loss: LossName): Unreached | null {
  const percentiles = data?.targetPercentiles;
  if (!percentiles || percentiles.some((v) => !Number.isFinite(v))) return null;
  const distances = percentiles.map((v) => Math.max(0, low - v, v - high));
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  return {
    share: mean(distances.map((d) => (d > 0 ? 1 : 0))),
    leastLoss: mean(distances.map((d) => (loss === "meanAbsoluteError" ? d : d * d))),
  };
}
