/** How classes are written for a loss. */

import type { LossName } from "../../config/resolved.ts";

/**
 * Values per target: 1 for class indices and for numbers, and for two classes one value of 0 or 1; else one per class.
 * @param classes how many there are; null: the targets are numbers.
 */
export function classWidth(classes: number | null, loss: LossName): number {
  if (classes === null || loss === "sparseCategoricalCrossentropy") return 1;
  return classes === 2 && loss !== "categoricalCrossentropy" ? 1 : classes;
}

/** Class indices as distributions: `indices.length × classes`. */
export function oneHot(indices: Float32Array, classes: number): Float32Array {
  const result = new Float32Array(indices.length * classes);
  indices.forEach((k, i) => {
    result[i * classes + k] = 1;
  });
  return result;
}
