/** Smooths a series that may hold NaN and Infinity. */

/**
 * The exponential moving average with its bias at the start removed, as TensorBoard draws it (Kingma and Ba 2015,
 * section 3). Values that are not finite stay as they are and leave the average unchanged.
 *
 * @param weight of what came before, 0 to 1; 0 returns the values themselves
 */
export function smooth(values: Float64Array, weight: number): Float64Array {
  if (weight <= 0) return values;
  let average = 0;
  let share = 1;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    average = weight * average + (1 - weight) * value;
    share *= weight;
    return average / (1 - share);
  });
}
