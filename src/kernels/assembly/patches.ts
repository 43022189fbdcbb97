/** A convolution's patches: packed from the image or volume without writing all of them out (im2col), and added to it (col2im). */

import { packFiveRows } from "./packRows";
import { GATHERED, LOCATION, Product } from "./productBlock";
import { LEFT_BYTES } from "./simd";

/** Writes where the patch of output pixel `row` begins. Rows are counted over all images of the batch that begins at `images`. */
function locate(p: Product, images: usize, row: i32, to: usize): void {
  const area = p.outHeight * p.outWidth;
  let plane = row / area;
  const rest = row - plane * area, outY = rest / p.outWidth;
  let z = 0;
  if (p.volume) {
    const item = plane / p.outDepth;
    z = (plane - item * p.outDepth) * p.strideZ - p.padFront;
    plane = item * p.depth;
  }
  store<usize>(to, images + ((<usize>(plane * p.height * p.width) * <usize>p.channels) << 2));
  store<i32>(to, z, 4);
  store<i32>(to, outY * p.strideY - p.padTop, 8);
  store<i32>(to, (rest - outY * p.outWidth) * p.strideX - p.padLeft, 12);
}

/** Whether `width` pixels from place (`z`, `y`, `x`) of a located patch on, counted in the input's pixels, lie inside. */
@inline
function isInside(p: Product, location: usize, z: i32, y: i32, x: i32, width: i32): bool {
  const ix = load<i32>(location, 12) + x;
  return <u32>(load<i32>(location, 4) + z) < <u32>(p.volume ? p.depth : 1) && <u32>(load<i32>(location, 8) + y) < <u32>p.height && ix >= 0 && ix + width <= p.width;
}

/** Address of channel 0 of the pixel at that place. */
@inline
function addressOf(p: Product, location: usize, z: i32, y: i32, x: i32): usize {
  const line = (load<i32>(location, 4) + z) * p.height + load<i32>(location, 8) + y;
  return load<usize>(location) + ((<usize>(line * p.width + load<i32>(location, 12) + x) * <usize>p.channels) << 2);
}

@inline
function orZeros(p: Product, location: usize, z: i32, y: i32, x: i32, channel: usize): usize {
  return isInside(p, location, z, y, x, 1) ? addressOf(p, location, z, y, x) + channel : p.zeros;
}

/** Most floats of a filter's line whose patches are gathered row by row. */
const SHORT_LINE: i32 = 16;

/** Writes a whole patch, line by line, with zeros for what lies beyond the image. Lines have no gaps between pixels. */
function gather(p: Product, location: usize, to: usize): void {
  const C = p.channels, W = p.filterWidth, depth = p.volume ? p.filterDepth : 1;
  const bytes = <usize>(W * C) << 2;
  const ix = load<i32>(location, 12);
  // The part of each line that lies inside.
  const begin = min<i32>(W, max<i32>(0, -ix)), end = max<i32>(begin, min<i32>(W, p.width - ix));
  const whole = begin == 0 && end == W;
  for (let z = 0; z < depth; ++z) {
    const isIn = <u32>(load<i32>(location, 4) + z * p.dilationZ) < <u32>(p.volume ? p.depth : 1);
    for (let y = 0; y < p.filterHeight; ++y, to += bytes) {
      const dy = y * p.dilationY;
      const inside = isIn && <u32>(load<i32>(location, 8) + dy) < <u32>p.height;
      if (inside && whole) {
        // The next line, or room behind the last one, takes what is written beyond a line.
        const from = addressOf(p, location, z * p.dilationZ, dy, 0);
        for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, v128.load(from + at));
        continue;
      }
      for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, f32x4.splat(0));
      if (!inside || begin == end) continue;
      const from = addressOf(p, location, z * p.dilationZ, dy, begin), start = to + (<usize>(begin * C) << 2);
      for (let at: usize = 0, part = <usize>((end - begin) * C) << 2; at < part; at += 4) store<f32>(start + at, load<f32>(from + at));
    }
  }
}

/**
 * Packs patches of five output pixels from `row` on as rows.
 * @param locations `PATCHES` bytes of room.
 */
export function packPatchRows(p: Product, row: i32, k0: i32, n: i32, to: usize, locations: usize): void {
  const last = p.rows - 1, C = p.channels, lineFloats = p.filterWidth * C;
  const a = locations, b = a + <usize>LOCATION, c = b + <usize>LOCATION, d = c + <usize>LOCATION, e = d + <usize>LOCATION;
  for (let r = 0; r < 5; ++r) locate(p, p.left, min<i32>(row + r, last), locations + <usize>(r * LOCATION));
  if (lineFloats <= SHORT_LINE && n == p.inner && (p.dilationX == 1 || p.filterWidth == 1)) {
    const patches = locations + <usize>(5 * LOCATION);
    for (let r: usize = 0; r < 5; ++r) gather(p, locations + r * <usize>LOCATION, patches + r * <usize>GATHERED);
    packFiveRows(patches, patches + <usize>GATHERED, patches + 2 * <usize>GATHERED, patches + 3 * <usize>GATHERED, patches + 4 * <usize>GATHERED, n, to);
    return;
  }
  const place = k0 / C;
  let channel = k0 - place * C, line = place / p.filterWidth;
  let x = place - line * p.filterWidth, z = p.volume ? line / p.filterHeight : 0, y = line - z * p.filterHeight;
  while (n > 0) {
    const dz = z * p.dilationZ, dy = y * p.dilationY, W = p.filterWidth;
    let count = lineFloats;
    // A line of the filter is one run of floats, unless it extends beyond the image.
    if (x == 0 && channel == 0 && n >= lineFloats && (p.dilationX == 1 || W == 1) && isInside(p, a, dz, dy, 0, W) && isInside(p, b, dz, dy, 0, W) && isInside(p, c, dz, dy, 0, W) && isInside(p, d, dz, dy, 0, W) && isInside(p, e, dz, dy, 0, W)) {
      packFiveRows(addressOf(p, a, dz, dy, 0), addressOf(p, b, dz, dy, 0), addressOf(p, c, dz, dy, 0), addressOf(p, d, dz, dy, 0), addressOf(p, e, dz, dy, 0), count, to);
      x = W;
    } else {
      count = min<i32>(n, C - channel);
      const dx = x * p.dilationX, offset = <usize>channel << 2;
      packFiveRows(orZeros(p, a, dz, dy, dx, offset), orZeros(p, b, dz, dy, dx, offset), orZeros(p, c, dz, dy, dx, offset), orZeros(p, d, dz, dy, dx, offset), orZeros(p, e, dz, dy, dx, offset), count, to);
      channel = 0;
      ++x;
    }
    to += <usize>count * LEFT_BYTES;
    n -= count;
    if (x < W) continue;
    x = 0;
    if (++y < p.filterHeight) continue;
    y = 0;
    ++z;
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

/** Whether patch indices `index` … `index` + 4 are neighbours in the image: in one pixel, or in pixels side by side. */
export function areNeighbours(p: Product, index: i32): bool {
  if (index + 4 >= p.rows) return false;
  const run = p.dilationX == 1 ? p.filterWidth * p.channels : p.channels;
  return index / run == (index + 4) / run;
}

/** `packPatchColumn` for five indices that are neighbours. */
export function packFivePatchColumns(p: Product, index: i32, k0: i32, n: i32, to: usize): void {
  const C = p.channels, W = p.outWidth, area = p.outHeight * W;
  const place = index / C, line = place / p.filterWidth, first = place - line * p.filterWidth;
  const z = p.volume ? line / p.filterHeight : 0, y = line - z * p.filterHeight;
  // The last index may belong to a pixel further to the right.
  const channel = index - place * C, further = (channel + 4) / C;
  let plane = k0 / area;
  let outY = (k0 - plane * area) / W;
  let outX = k0 - plane * area - outY * W;
  const step = (<usize>p.strideX * <usize>C) << 2;
  while (n > 0) {
    const count = min<i32>(n, W - outX);
    const iy = outY * p.strideY - p.padTop + y * p.dilationY;
    const inPlane = p.volume ? planeUnder(p, plane, z) : plane;
    if (<u32>iy >= <u32>p.height || inPlane < 0) {
      for (let i = 0; i < count; ++i, to += LEFT_BYTES) {
        v128.store(to, f32x4.splat(0));
        store<f32>(to, 0, 16);
      }
    } else {
      let ix = outX * p.strideX - p.padLeft + first * p.dilationX;
      // Wraps around if ix < 0; only what lies inside is read.
      let from = p.left + ((<usize>((inPlane * p.height + iy) * p.width) * <usize>C) << 2) + <usize>((ix * C + channel) << 2);
      for (let i = 0; i < count; ++i, to += LEFT_BYTES, from += step, ix += p.strideX) {
        if (ix >= 0 && ix + further < p.width) {
          v128.store(to, v128.load(from));
          store<f32>(to, load<f32>(from, 16), 16);
          continue;
        }
        for (let r = 0; r < 5; ++r) {
          const at = <usize>r << 2;
          store<f32>(to + at, <u32>(ix + (channel + r) / C) < <u32>p.width ? load<f32>(from + at) : 0);
        }
      }
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

/**
 * Adds rows of C (output pixels from `row` on) to the places of the image that their patches read (col2im).
 * @param location room for one.
 */
export function scatterRows(p: Product, image: usize, row: i32, rows: i32, from: usize, location: usize): void {
  const C = p.channels, W = p.filterWidth, depth = p.volume ? p.filterDepth : 1;
  const bytes = <usize>(W * C) << 2;
  for (let r = 0; r < rows; ++r) {
    locate(p, image, row + r, location);
    for (let z = 0; z < depth; ++z) {
      const dz = z * p.dilationZ;
      for (let y = 0; y < p.filterHeight; ++y, from += bytes) {
        const dy = y * p.dilationY;
        if ((p.dilationX == 1 || W == 1) && isInside(p, location, dz, dy, 0, W)) addFloats(addressOf(p, location, dz, dy, 0), from, W * C);
        else for (let x = 0; x < W; ++x) {
          const dx = x * p.dilationX;
          if (isInside(p, location, dz, dy, dx, 1)) addFloats(addressOf(p, location, dz, dy, dx), from + (<usize>(x * C) << 2), C);
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
