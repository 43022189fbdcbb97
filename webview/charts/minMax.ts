/** Thins a series to the resolution of a chart's pixels without losing a spike. */

export interface Point {
  x: number;
  y: number;
}

export interface Thinned {
  readonly points: Point[];
  /** Positions of non-finite values: a line cannot show them, a mark must. */
  readonly nonFinite: number[];
}

/**
 * The smallest and the largest value of each of `buckets` equal parts of the x-range, in their original order. Never a
 * mean, which would hide spikes.
 * @param x ascending
 * @param y parallel to `x`; non-finite values leave a gap and are listed
 */
export function minMax(x: Float64Array, y: Float64Array, buckets: number): Thinned {
  const points: Point[] = [];
  const nonFinite: number[] = [];
  const n = Math.min(x.length, y.length);
  if (n === 0) return { points, nonFinite };
  const start = x[0]!;
  const scale = buckets / Math.max(x[n - 1]! - start, Number.MIN_VALUE);
  const thin = n > 2 * buckets;
  let i = 0;
  while (i < n) {
    const bucket = Math.floor((x[i]! - start) * scale);
    let low = -1;
    let high = -1;
    let gap = false;
    do {
      const v = y[i]!;
      if (!Number.isFinite(v)) {
        if (nonFinite.length === 0 || nonFinite[nonFinite.length - 1]! < x[i]!) nonFinite.push(x[i]!);
        gap = true;
      } else {
        if (low < 0 || v < y[low]!) low = i;
        if (high < 0 || v > y[high]!) high = i;
      }
      i++;
    } while (thin && i < n && Math.floor((x[i]! - start) * scale) === bucket);
    const first = Math.min(low, high);
    const last = Math.max(low, high);
    if (first >= 0) points.push({ x: x[first]!, y: y[first]! });
    if (last > first) points.push({ x: x[last]!, y: y[last]! });
    if (gap) points.push({ x: x[i - 1]!, y: Number.NaN });
  }
  return { points, nonFinite };
}

/** The points that a line cannot show because they have no neighbour. */
export function alone(points: readonly Point[]): Point[] {
  const known = (p: Point | undefined): boolean => p !== undefined && Number.isFinite(p.y);
  return points.filter((p, i) => known(p) && !known(points[i - 1]) && !known(points[i + 1]));
}
