/** Divides the samples into those to learn from and those held out for testing. */

import type { Problem } from "../../config/problem.ts";
import type { JsonPath } from "../../config/resolved.ts";
import { testSamples } from "../../config/testSamples.ts";
import { fileWords } from "../../messages/files.ts";
import type { Samples } from "./dataset.ts";
import { createRandom, permutation } from "./random.ts";

/** Indices of samples, ascending. */
export interface Indices extends Iterable<number> {
  readonly length: number;
  at(i: number): number | undefined;
}

export interface Split {
  readonly training: Indices;
  /** Null: none are held out. */
  readonly test: Indices | null;
}

export interface SplitOptions {
  /** Share of the samples to hold out; null: none. */
  readonly test: number | null;
  /** Whether the held-out samples are drawn at random (always the same ones) or are the last ones. */
  readonly shuffle: boolean;
  /**
   * Number of samples to leave out before the held-out ones because they share rows with them (windows of one series).
   */
  readonly gap: number;
  /** Place of the `data` section. */
  readonly path: JsonPath;
}

/** A config's test set stays the same whatever else changes, so that figures measured on it do not depend on a seed. */
export const drawSeed = 1;

/** Divides the samples, or reports that too few are left to learn from. */
export function split(samples: number, { test, shuffle, gap, path }: SplitOptions): Split | Problem {
  const kept = testSamples(samples, test);
  if (test === null) return { training: range(0, samples), test: null };
  const start = samples - kept;
  const left = shuffle ? start : start - gap;
  if (kept < 1 || left < 1) {
    return {
      severity: "error",
      message: fileWords().noneLeft({ test, kept, samples, gap, overlaps: gap > 0 && kept >= 1 }),
      path: [...path, "test"],
      on: "value",
    };
  }
  if (!shuffle) return { training: range(0, left), test: range(start, samples) };
  const order = permutation(samples, createRandom(drawSeed));
  return { training: order.subarray(0, start).toSorted(), test: order.subarray(start).toSorted() };
}

/** The samples at `indices`. Their values are shared, not copied, if the indices have no gaps. */
export function part({ samples, inputs, targets, weights }: Samples, indices: Indices): Samples {
  return {
    samples: indices.length,
    inputs: valuesAt(inputs, inputs.length / samples, indices),
    targets: valuesAt(targets, targets.length / samples, indices),
    ...(weights && { weights: valuesAt(weights, weights.length / samples, indices) }),
  };
}

function valuesAt(values: Float32Array, size: number, indices: Indices): Float32Array {
  const first = indices.at(0) ?? 0;
  const last = indices.at(-1) ?? -1;
  if (last - first + 1 === indices.length) return values.subarray(first * size, (last + 1) * size);
  const result = new Float32Array(indices.length * size);
  let i = 0;
  for (const sample of indices) result.set(values.subarray(sample * size, (sample + 1) * size), size * i++);
  return result;
}

/** The whole numbers from `from` to below `to`. They take no memory, because there may be very many small samples. */
export function range(from: number, to: number): Indices {
  return {
    length: to - from,
    at: (i) => (i < 0 ? (to + i < from ? undefined : to + i) : from + i < to ? from + i : undefined),
    *[Symbol.iterator]() {
      for (let i = from; i < to; i++) yield i;
    },
  };
}
