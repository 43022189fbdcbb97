/** How values are distributed, in a hundred steps. */

/** As many values as percentiles are taken from: with these a share is known to within a third of a percent. */
const most = 100_000;

/**
 * The 0th to the 100th percentile of the finite values; of more than a hundred thousand, of as many taken evenly. The
 * smallest and the largest are exact. All NaN where there is no value.
 */
export function percentiles(values: Float32Array): number[] {
  const stride = Math.max(1, Math.ceil(values.length / most));
  const taken = new Float32Array(Math.ceil(values.length / stride));
  let n = 0;
  let min = Number.NaN;
  let max = Number.NaN;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (!Number.isFinite(v)) continue;
    if (!(v >= min)) min = v;
    if (!(v <= max)) max = v;
    if (i % stride === 0) taken[n++] = v;
  }
  const sorted = taken.subarray(0, n).sort();
  const at = (p: number) => sorted[Math.round((p / 100) * (n - 1))] ?? min;
  return Array.from({ length: 101 }, (_, p) => (p === 0 ? min : p === 100 ? max : at(p)));
}
