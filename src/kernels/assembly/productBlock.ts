/**
 * The parameter block of a product or a convolution.
 *
 * The host reads this file too, so it holds only what means the same in TypeScript and in AssemblyScript.
 */

/** The parameter block: 32-bit fields, in this order. Strides count floats. */
export class Product {
  items: i32 = 0;
  /** Rows and columns of C, and the inner dimension. */
  rows: i32 = 0;
  columns: i32 = 0;
  inner: i32 = 0;
  left: usize = 0;
  leftRow: i32 = 0;
  leftInner: i32 = 0;
  leftItem: i32 = 0;
  right: usize = 0;
  rightInner: i32 = 0;
  rightColumn: i32 = 0;
  rightItem: i32 = 0;
  /** One float per column; 0: none. */
  bias: usize = 0;
  /** [items][rows][columns]; if `scatter` is set, the image to which the rows of C are added as patches. */
  out: usize = 0;
  scatter: i32 = 0;
  /** The right operand of a single item, packed for all workers. */
  packed: usize = 0;
  /**
   * Each worker's own space: the packed chunk; one output tile; the patches of a row tile; for several items the packed right operand; for
   * `scatter` the rows of a chunk.
   */
  space: usize = 0;
  spaceStride: usize = 0;
  source: i32 = 0;
  // The image behind patches: [items or 1][depth][height][width][channels]; patch index (z, y, x, channel), row index
  // (item,) z, y, x.
  height: i32 = 0;
  width: i32 = 0;
  channels: i32 = 0;
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
  /** 1 for a volume; the fields of the depth count only then. */
  volume: i32 = 0;
  depth: i32 = 0;
  outDepth: i32 = 0;
  filterDepth: i32 = 0;
  strideZ: i32 = 0;
  dilationZ: i32 = 0;
  padFront: i32 = 0;
  /** `channels` zeros, for patches that extend beyond the image. */
  zeros: usize = 0;
}

/** Source of the left operand: an array with strides, or an image's patches as rows or as columns. */
export const ARRAY: i32 = 0;
export const PATCH_ROWS: i32 = 1;
export const PATCH_COLUMNS: i32 = 2;
/** Inner dimension of a block: a panel of the right operand then has 8 kB. */
export const BLOCK: i32 = 256;
/** Row tiles packed together: 80 kB of the left operand. */
export const CHUNK: i32 = 16;
/** Bytes of where an output pixel's patch begins: its item's address, and a place in it. */
export const LOCATION: i32 = 16;
/** Bytes of a patch that is copied out before it is packed, and of what a vector may write beyond it. */
export const GATHERED: i32 = BLOCK * 4 + 16;
/** Bytes that a worker needs for the patches of one row tile. */
export const PATCHES: i32 = 5 * (LOCATION + GATHERED);
