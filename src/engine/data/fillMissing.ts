/** Missing values (NaN) of a column, filled from its other values. */

export type Fill = "forward" | "interpolate" | "drop";

/**
 * In place. Before the first value, and for `interpolate` behind the last one, nothing is known: these stay NaN.
 *
 * @returns how many are filled
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

/** Whether any is missing. */
export function hasMissing(values: Float64Array): boolean {
  return values.some(Number.isNaN);
}

/** Those that are there. */
export function present(values: Float64Array): Float64Array {
  return hasMissing(values) ? values.filter((value) => !Number.isNaN(value)) : values;
}
