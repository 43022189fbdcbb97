/** An array of numbers as stored in a file, and the message about values that cannot be learnt from. */

import * as z from "zod";
import type { Immutable } from "../../../config/immutable.ts";
import { arrayWords } from "../../../messages/arrays.ts";
import { float32 } from "../../reading/float32.ts";

/** Most axes of an array, including the samples' axis: more than any layer's input has. */
export const maxAxes = 8;

export const numberArraySchema = z.object({
  /** Sizes of the axes, the slowest first. */
  shape: z.array(z.number()),
  /** Row-major. */
  values: float32,
});
export type NumberArray = Immutable<z.infer<typeof numberArraySchema>>;

/**
 * @param shown what the message calls the array.
 * @param original the values before they became 32-bit numbers.
 * @returns what is wrong with the first value that is not finite; null: all are finite.
 */
export function valueFault(
  { shape, values }: NumberArray,
  shown: string,
  original: (index: number) => number,
): string | null {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return null;
  const value = original(at);
  const wrong = { name: shown, value: String(value), at: indicesOf(at, shape).join(", ") };
  if (Number.isNaN(value)) return arrayWords().notLearnt(wrong);
  return Number.isFinite(value) ? arrayWords().tooLarge(wrong) : arrayWords().infinite(wrong);
}

/** Indices along each axis for an offset in row-major order. */
function indicesOf(offset: number, shape: readonly number[]): number[] {
  const indices: number[] = [];
  let rest = offset;
  for (const size of shape.toReversed()) {
    indices.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return indices;
}
