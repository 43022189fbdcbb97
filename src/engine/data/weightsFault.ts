/** Checks whether values can weight a loss. */

import { arrayWords } from "../../messages/arrays.ts";
import type { NumberArray } from "../formats/arrays/numberArray.ts";

/**
 * @param targetShape shape of one sample.
 * @returns what is wrong, as the end of a sentence that begins with the file; null: nothing.
 */
export function weightsFault(
  { shape, values }: NumberArray,
  samples: number,
  targetShape: readonly number[],
): string | null {
  const positions = targetShape.slice(0, -1);
  const wanted = [samples, ...positions];
  // (samples, 1) is accepted as (samples), and (samples, timesteps, 1) as (samples, timesteps).
  const given = shape.at(-1) === 1 && shape.length > 1 ? shape.slice(0, -1) : shape;
  const one = given.length === 1 && given[0] === samples;
  const each = given.length === wanted.length && given.every((d, i) => d === wanted[i]);
  if (!one && !each) {
    const each = positions.length > 0 ? wanted.join(", ") : null;
    return arrayWords().weightsShape({ shape: shape.join(", "), samples, each });
  }
  return valuesFault(values);
}

/** Weights must be numbers of at least 0, and not all 0. */
export function valuesFault(values: ArrayLike<number>): string | null {
  let some = false;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (!(v >= 0 && v < Number.POSITIVE_INFINITY)) return arrayWords().badWeight(v);
    if (v > 0) some = true;
  }
  return some ? null : arrayWords().zeroWeights;
}
