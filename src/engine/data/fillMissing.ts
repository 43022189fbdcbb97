/** Fills missing values (NaN) of a column from its other values. */

export type Fill = "forward" | "interpolate" | "drop";

/**
 * Fills in place. Values before the first one, and with `interpolate` after the last one, stay NaN because nothing is
 * known there.
 *
 * @returns number of filled values
 */
export function fillMissing(values: Float64Array, fill: Fill): number {
  if (fill === "drop") return 0;
  let filled = 0;
  let last = -1;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) {
      if (fill === "forward" && last >= 0) {
        values[i] = values[last]!;
        filled++;
      }
      continue;
    }
    if (fill === "interpolate" && last >= 0)
      for (let k = last + 1; k < i; k++) {
        values[k] = values[last]! + ((values[i]! - values[last]!) * (k - last)) / (i - last);
        filled++;
      }
    last = i;
  }
  return filled;
}

/** Whether any value is missing. */
export function hasMissing(values: Float64Array): boolean {
  return values.some(Number.isNaN);
}

/** The values that are not missing. */
export function present(values: Float64Array): Float64Array {
  return hasMissing(values) ? values.filter((value) => !Number.isNaN(value)) : values;
}
