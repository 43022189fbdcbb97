/** The k-th smallest of many values, without sorting them: a diagnosis takes hundreds of medians of whole histories. */

let scratch = new Float64Array(4096);

/** A copy of the values that are not NaN, in a buffer that the next call uses again. */
export function knownCopy(values: Float64Array): Float64Array {
  if (scratch.length < values.length) scratch = new Float64Array(2 * values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (!Number.isNaN(v)) scratch[count++] = v;
  }
  return scratch.subarray(0, count);
}

/**
 * The value that would be at index `k` if `values` were sorted (Hoare's quickselect; the pivot's place is pseudorandom,
 * so that no usual order of values makes it slow). Reorders `values`, which must have no NaN; NaN if there is no such index.
 */
export function select(values: Float64Array, k: number): number {
  let [low, high] = [0, values.length - 1];
  let random = 1;
  while (low < high) {
    // Park & Miller 1988: 16807 · x modulo 2³¹ − 1.
    random = (16_807 * random) % 0x7f_ff_ff_ff;
    const pivot = values[low + (random % (high - low + 1))]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swapped = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swapped;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k] ?? Number.NaN;
}
