/** Products of row-major float64 matrices. */

/**
 * `result` (+)= a · b.
 *
 * @param a `rows × inner`, row-major. @param b `inner × columns`, row-major. @param result `rows × columns`.
 * @param add adds to the values in `result` instead of overwriting them.
 */
export function multiply(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  inner: number,
  columns: number,
  result: Float64Array,
  add = false,
): void {
  if (!add) result.fill(0, 0, rows * columns);
  for (let i = 0; i < rows; i++) {
    const to = i * columns;
    let k = 0;
    // Four rows of b at a time need a fourth of the loads and stores of the result.
    for (; k + 3 < inner; k += 4) {
      const at = i * inner + k;
      const [a0, a1, a2, a3] = [a[at]!, a[at + 1]!, a[at + 2]!, a[at + 3]!];
      const b0 = k * columns;
      const b1 = b0 + columns;
      const b2 = b1 + columns;
      const b3 = b2 + columns;
      for (let j = 0; j < columns; j++)
        result[to + j] = result[to + j]! + a0 * b[b0 + j]! + a1 * b[b1 + j]! + a2 * b[b2 + j]! + a3 * b[b3 + j]!;
    }
    for (; k < inner; k++) {
      const factor = a[i * inner + k]!;
      const from = k * columns;
      for (let j = 0; j < columns; j++) result[to + j] = result[to + j]! + factor * b[from + j]!;
    }
  }
}

/** The transpose of a row-major `rows × columns` matrix. */
export function transposed(a: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = a[i * columns + j]!;
  return result;
}

/** Σ a[from + k] · b[other + k], k < width; in four independent sums that can run in parallel. */
export function dot(a: Float64Array, from: number, b: Float64Array, other: number, width: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < width; k += 4) {
    s0 += a[from + k]! * b[other + k]!;
    s1 += a[from + k + 1]! * b[other + k + 1]!;
    s2 += a[from + k + 2]! * b[other + k + 2]!;
    s3 += a[from + k + 3]! * b[other + k + 3]!;
  }
  for (; k < width; k++) s0 += a[from + k]! * b[other + k]!;
  return s0 + s1 + (s2 + s3);
}
