/** A convolution's patches: packed from the image or volume without writing all of them out (im2col), and added to it (col2im). */

import { packFiveRows } from "./packRows";
import { Product } from "./productBlock";
import { LEFT_BYTES } from "./simd";

/**
 * Address of channel 0 of the pixel under place (`z`, `y`, `x`) of the patch of output pixel `row`; 0 outside. Rows are
 * counted over all images of the batch that begins at `images`.
 */
@inline
function pixel(p: Product, images: usize, row: i32, z: i32, y: i32, x: i32): usize {
  const area = p.outHeight * p.outWidth;
  let plane = row / area;
  const rest = row - plane * area;
  if (p.volume) {
    const item = plane / p.outDepth;
    const iz = (plane - item * p.outDepth) * p.strideZ - p.padFront + z * p.dilationZ;
    if (<u32>iz >= <u32>p.depth) return 0;
    plane = item * p.depth + iz;
  }
  const outY = rest / p.outWidth;
  const iy = outY * p.strideY - p.padTop + y * p.dilationY;
  const ix = (rest - outY * p.outWidth) * p.strideX - p.padLeft + x * p.dilationX;
  if (<u32>iy >= <u32>p.height || <u32>ix >= <u32>p.width) return 0;
  return images + ((<usize>((plane * p.height + iy) * p.width + ix) * <usize>p.channels) << 2);
}

@inline
function orZeros(p: Product, at: usize, channel: usize): usize {
  return at ? at + channel : p.zeros;
}

/** Packs patches of five output pixels from `row` on as rows. */
export function packPatchRows(p: Product, row: i32, k0: i32, n: i32, to: usize): void {
  const last = p.rows - 1, C = p.channels;
  let place = k0 / C, channel = k0 - place * C;
  for (; n > 0; ++place) {
    const count = min<i32>(n, C - channel);
    const line = place / p.filterWidth, x = place - line * p.filterWidth;
    const z = p.volume ? line / p.filterHeight : 0, y = line - z * p.filterHeight;
    const offset = <usize>channel << 2;
    packFiveRows(
      orZeros(p, pixel(p, p.left, row, z, y, x), offset),
      orZeros(p, pixel(p, p.left, min<i32>(row + 1, last), z, y, x), offset),
      orZeros(p, pixel(p, p.left, min<i32>(row + 2, last), z, y, x), offset),
      orZeros(p, pixel(p, p.left, min<i32>(row + 3, last), z, y, x), offset),
      orZeros(p, pixel(p, p.left, min<i32>(row + 4, last), z, y, x), offset),
      count,
      to,
    );
    to += <usize>count * LEFT_BYTES;
    n -= count;
    channel = 0;
  }
}

/** Writes patch index `index` of output pixels `k0` … into every fifth float from `to` on. */
export function packPatchColumn(p: Product, index: i32, k0: i32, n: i32, to: usize): void {
  const C = p.channels, W = p.outWidth, area = p.outHeight * W;
  const place = index / C;
  const line = place / p.filterWidth, x = place - line * p.filterWidth;
  const z = p.volume ? line / p.filterHeight : 0, y = line - z * p.filterHeight;
  const channel = <usize>(index - place * C) << 2;
  // Planes of the output, counted over all items.
  let plane = k0 / area;
  let outY = (k0 - plane * area) / W;
  let outX = k0 - plane * area - outY * W;
  const step = (<usize>p.strideX * <usize>C) << 2;
  const x0 = x * p.dilationX - p.padLeft;
  while (n > 0) {
    const count = min<i32>(n, W - outX);
    const iy = outY * p.strideY - p.padTop + y * p.dilationY;
    const inPlane = p.volume ? planeUnder(p, plane, z) : plane;
    if (<u32>iy >= <u32>p.height || inPlane < 0) {
      for (let i = 0; i < count; ++i, to += LEFT_BYTES) store<f32>(to, 0);
    } else {
      let ix = outX * p.strideX + x0;
      // Wraps around if ix < 0; it is not read there.
      let from = p.left + ((<usize>((inPlane * p.height + iy) * p.width) * <usize>C) << 2) + <usize>((ix * C) << 2) + channel;
      for (let i = 0; i < count; ++i, to += LEFT_BYTES, from += step, ix += p.strideX)
        store<f32>(to, <u32>ix < <u32>p.width ? load<f32>(from) : 0);
    }
    n -= count;
    outX = 0;
    if (++outY == p.outHeight) {
      outY = 0;
      ++plane;
    }
  }
}

/** The plane of the volumes under plane `z` of the patches in an output plane, both counted over all items; −1 outside. */
function planeUnder(p: Product, outPlane: i32, z: i32): i32 {
  const item = outPlane / p.outDepth;
  const iz = (outPlane - item * p.outDepth) * p.strideZ - p.padFront + z * p.dilationZ;
  return <u32>iz < <u32>p.depth ? item * p.depth + iz : -1;
}

/** Adds rows of C (output pixels from `row` on) to the places of the image that their patches read (col2im). */
export function scatterRows(p: Product, image: usize, row: i32, rows: i32, from: usize): void {
  const C = p.channels, depth = p.volume ? p.filterDepth : 1;
  for (let r = 0; r < rows; ++r) {
    for (let z = 0; z < depth; ++z) {
      for (let y = 0; y < p.filterHeight; ++y) {
        for (let x = 0; x < p.filterWidth; ++x, from += <usize>C << 2) {
          const to = pixel(p, image, row + r, z, y, x);
          if (to) addFloats(to, from, C);
        }
      }
    }
  }
}

@inline
function addFloats(to: usize, from: usize, floats: i32): void {
  let at: usize = 0;
  const end = <usize>floats << 2;
  for (; at + 16 <= end; at += 16) v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)));
  for (; at < end; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at));
}
