/** Columns of numbers whose length becomes known only at the end. */

/** Most files have as many rows as lines; copying such a column would double the memory. */
export function cutTo(values: Float64Array<ArrayBuffer>, rows: number): Float64Array<ArrayBuffer> {
  return 2 * rows > values.length ? values.subarray(0, rows) : values.slice(0, rows);
}
