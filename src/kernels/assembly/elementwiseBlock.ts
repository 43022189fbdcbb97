/**
 * The parameter block of element-wise operations and of sums over rows.
 *
 * The host reads this file too, so it holds only what means the same in TypeScript and in AssemblyScript.
 */

/** Number of floats of a piece that one thread takes, and of columns that it sums at a time: whole cache lines. */
export const PIECE: i32 = 4096;
export const COLUMNS: i32 = 16;
/** Number of floats whose sum is one of the parts of a sum: the same for any number of threads. */
export const PART: i32 = 16384;
/** Bytes that a part of each kind of sum has: Σ v²; or Σ (v − shift), its squares, and the number of values outside limits. */
export const SQUARES_BYTES: i32 = 8;
export const SHIFTED_BYTES: i32 = 24;

/** The parameter block: 32-bit fields, in this order. */
export class Elementwise {
  /** Number of values; for sums, of rows. */
  count: i32 = 0;
  /** Number of columns, for sums. */
  width: i32 = 0;
  x: usize = 0;
  y: usize = 0;
  shift: f32 = 0;
  low: f32 = 0;
  high: f32 = 0;
  out: usize = 0;
}
