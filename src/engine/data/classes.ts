/** Encodes classes in the form that a loss takes. */

import type { LossName } from "../../config/resolved.ts";

/**
 * Values per target: 1 for class indices and numbers, 1 (a 0 or a 1) for two classes, otherwise one per class.
 * @param classes number of classes; null: the targets are numbers.
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
