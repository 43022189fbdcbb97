/** Targets as numbers for a regression: one column per class, or the columns as they are. */

import type { Dataset } from "../dataset.ts";

/** Most outputs that are used: evenly spaced columns, or the most frequent classes. */
const maxOutputs = 10;

export interface TargetColumns {
  readonly outputs: number;
  readonly whole: boolean;
  /** Output `d` of a sample's target at a position (0 if the targets have no time axis). */
  at(sample: number, position: number, d: number): number;
}

/** @param positions number of the targets' timesteps; 1: no time axis. */
export function targetColumns({ samples, targets, classes }: Dataset, positions: number): TargetColumns {
  const size = targets.length / samples;
  const width = size / positions;
  if (classes !== null && width === 1) {
    const frequent = mostFrequent(targets, maxOutputs);
    return {
      outputs: frequent.length,
      whole: frequent.length >= classes || classes <= maxOutputs,
      at: (sample, position, d) => (targets[sample * size + position] === frequent[d] ? 1 : 0),
    };
  }
  const outputs = Math.min(width, maxOutputs);
  const column = Array.from({ length: outputs }, (_, d) =>
    outputs === 1 ? 0 : Math.round((d * (width - 1)) / (outputs - 1)),
  );
  return {
    outputs,
    whole: outputs === width,
    at: (sample, position, d) => targets[sample * size + position * width + column[d]!]!,
  };
}

/** At most `count` values, the most frequent first. */
export function mostFrequent(values: Float32Array, count: number): readonly number[] {
  const stride = Math.max(1, Math.floor(values.length / 200_000));
  const seen = new Map<number, number>();
  for (let i = 0; i < values.length; i += stride) seen.set(values[i]!, (seen.get(values[i]!) ?? 0) + 1);
  return [...seen]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, count)
    .map(([value]) => value);
}
