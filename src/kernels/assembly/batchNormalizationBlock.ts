/**
 * The parameter block of batch normalization.
 *
 * The host reads this file too, so it holds only what means the same in TypeScript and in AssemblyScript.
 */

/** The parameter block: 32-bit fields, in this order. */
export class BatchNormalization {
  rows: i32 = 0;
  /** Number of columns: each is normalized over all rows. */
  width: i32 = 0;
  /** Number of rows of a chunk, and number of chunks. */
  chunk: i32 = 0;
  chunks: i32 = 0;
  epsilon: f32 = 0;
  /** [rows][width]. */
  x: usize = 0;
  /** [width]. */
  gamma: usize = 0;
  beta: usize = 0;
  /** [rows][width]: the gradient of the output; 0 in the forward pass. */
  dy: usize = 0;
  /** [rows][width]: the output, or in the backward pass the gradient of x. */
  out: usize = 0;
  /**
   * [chunks][2][width]: mean and sum of squared deviations of a chunk's rows; in the backward pass its part of the
   * gradients of gamma and beta.
   */
  sums: usize = 0;
  /** [3][width]: mean, 1 / √(variance + epsilon), and variance of each column. */
  moments: usize = 0;
  /** [2][width]: the gradients of gamma and beta. */
  totals: usize = 0;
}
