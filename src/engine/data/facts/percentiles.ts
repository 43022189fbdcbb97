/** The distribution of values in a hundred steps. */

/** Number of values that percentiles are taken from: enough to know a share to within a third of a percent. */
const most = 100_000;

/**
 * The 0th to the 100th percentile of the finite values. From more than a hundred thousand values, that many are sampled
 * evenly. The smallest and the largest are exact. All are NaN if there is no finite value.
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
