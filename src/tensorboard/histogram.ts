/** Distribution of values, in the form of TensorFlow's `HistogramProto`. */

export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Upper ends of the buckets, ascending. */
  readonly limits: readonly number[];
  /** Values in each bucket. */
  readonly counts: readonly number[];
}

/** Number of buckets, as in TensorBoard's own `histogram` summary. */
const buckets = 30;

/** Histogram of the finite values; null if there are none. */
export function histogram(values: ArrayLike<number>): Histogram | null {
  let [min, max, count, sum, sumOfSquares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (!Number.isFinite(v)) continue;
    if (v < min) min = v;
    if (v > max) max = v;
    count += 1;
    sum += v;
    sumOfSquares += v * v;
  }
  if (count === 0) return null;
  const width = (max - min) / buckets;
  if (width === 0) return { min, max, count, sum, sumOfSquares, limits: [max], counts: [count] };
  const counts = new Array<number>(buckets).fill(0);
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (!Number.isFinite(v)) continue;
    const bucket = Math.min(buckets - 1, Math.floor((v - min) / width));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  const limits = counts.map((_, i) => (i === buckets - 1 ? max : min + (i + 1) * width));
  return { min, max, count, sum, sumOfSquares, limits, counts };
}
