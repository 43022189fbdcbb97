/** The parameter block of `assembly/product.ts`, field by field, and the codes used in it. */

export const productFields = [
  "items",
  "rows",
  "columns",
  "inner",
  "left",
  "leftRow",
  "leftInner",
  "leftItem",
  "right",
  "rightInner",
  "rightColumn",
  "rightItem",
  "bias",
  "out",
  "scatter",
  "packed",
  "space",
  "spaceStride",
  "source",
  "height",
  "width",
  "channels",
  "outHeight",
  "outWidth",
  "filterHeight",
  "filterWidth",
  "strideY",
  "strideX",
  "dilationY",
  "dilationX",
  "padTop",
  "padLeft",
  "zeros",
] as const;

export type ProductField = (typeof productFields)[number];

/** Source of the left operand. */
export const sources = { array: 0, patchRows: 1, patchColumns: 2 } as const;

/** Inner dimension of a block, and number of row tiles packed together. */
export const blockInner = 256;
export const chunkTiles = 16;
