/** Weight clipping: limits on all of the model's weights. A layer's `constraints` limit only its own. */

import type { WeightClipConfig } from "../../../config/resolved.ts";
import { type AfterUpdate, isMatrix } from "./afterUpdate.ts";

/**
 * Every `every` steps, limits the entries of all weights to ±value, then scales each unit's incoming weights in each
 * matrix (all axes but the last, as in Keras's `MaxNorm` with its documented axes) down to L2 norm `maxNorm`. NaN stays
 * NaN.
 */
export function clipWeights(
  { value, maxNorm, every }: WeightClipConfig,
  shapes: readonly (readonly (number | null)[])[],
): AfterUpdate {
  return (weights, step) => {
    if (step % every !== 0) return;
    for (const [i, weight] of weights.entries()) {
      if (value !== null) clipValues(weight, value);
      if (maxNorm !== null && isMatrix(shapes[i])) clipUnits(weight, shapes[i]?.at(-1) ?? 1, maxNorm);
    }
  };
}

function clipValues(weight: Float32Array, value: number): void {
  for (let k = 0; k < weight.length; k++) {
    const w = weight[k]!;
    if (w > value) weight[k] = value;
    else if (w < -value) weight[k] = -value;
  }
}

function clipUnits(weight: Float32Array, units: number, maxNorm: number): void {
  const squares = new Float64Array(units);
  for (let k = 0; k < weight.length; k++) squares[k % units] = squares[k % units]! + weight[k]! * weight[k]!;
  const factors = squares.map((square) => (Math.sqrt(square) > maxNorm ? maxNorm / Math.sqrt(square) : 1));
  for (let k = 0; k < weight.length; k++) weight[k] = weight[k]! * factors[k % units]!;
}
