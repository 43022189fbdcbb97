/**
 * The parameter block of layer normalization.
 *
 * The host reads this file too, so it holds only what means the same in TypeScript and in AssemblyScript.
 */

/** The parameter block: 32-bit fields, in this order. */
export class Normalization {
  rows: i32 = 0;
  width: i32 = 0;
  /** Number of rows of a chunk. */
  chunk: i32 = 0;
  epsilon: f32 = 0;
  /** [rows][width]. */
  x: usize = 0;
  /** [width]. */
  gamma: usize = 0;
  beta: usize = 0;
  /** [rows][width]: the gradient of the output. */
  dy: usize = 0;
  /** [rows][width]: the output, or in the backward pass the gradient of x. */
  out: usize = 0;
  /** [chunks][2][width]: the gradients of gamma and beta, summed over a chunk's rows. */
  sums: usize = 0;
}
