/** Finds a step among the columns of a heat map. */

/** Index of the column of a map or grid that holds `step`, or the nearest one; −1 if there is none. */
export function columnAt(firstSteps: Float64Array, columns: number, step: number): number {
  let low = 0;
  let high = columns - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (firstSteps[middle]! <= step) low = middle;
    else high = middle - 1;
  }
  return high < 0 ? -1 : low;
}
