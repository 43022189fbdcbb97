/**
 * The parameter block of a depthwise convolution.
 *
 * The host reads this file too, so it holds only what means the same in TypeScript and in AssemblyScript.
 */

/** The parameter block: 32-bit fields, in this order. */
export class Depthwise {
  height: i32 = 0;
  width: i32 = 0;
  channels: i32 = 0;
  /** Number of filters per channel. */
  multiplier: i32 = 0;
  outHeight: i32 = 0;
  outWidth: i32 = 0;
  filterHeight: i32 = 0;
  filterWidth: i32 = 0;
  strideY: i32 = 0;
  strideX: i32 = 0;
  dilationY: i32 = 0;
  dilationX: i32 = 0;
  padTop: i32 = 0;
  padLeft: i32 = 0;
  /** [items][height][width][channels]. */
  image: usize = 0;
  /** [filterHeight][filterWidth][channels][multiplier]; its gradient has one such array per item. */
  filter: usize = 0;
  /** [items][outHeight][outWidth][channels][multiplier]. */
  output: usize = 0;
}
