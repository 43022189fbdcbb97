/**
 * Matrix products of any layout, and convolutions as products: C = A·B (+ bias), for several items at once.
 *
 * The left operand is packed chunk by chunk into [tiles][k][5], and the right one into [panels][k][8], in blocks of the
 * inner dimension that fit the caches (Goto & van de Geijn 2008, "Anatomy of high-performance matrix multiplication").
 * A convolution never writes all its patches out (im2col): they are read from the image while a chunk is packed.
 */

import { STORE, tile } from "./gemm";
import { look } from "./look";
import { packFiveRows } from "./packRows";
import { areNeighbours, packFivePatchColumns, packPatchColumn, packPatchRows, scatterRows } from "./patches";
import { ARRAY, BLOCK, CHUNK, PATCHES, PATCH_ROWS, Product } from "./productBlock";
import { LEFT_BYTES, TILE_BYTES, TILE_ROWS, tileCount } from "./simd";
import { highHalves, interleaveHigh, interleaveLow, lowHalves } from "./transpose";

/** Columns in whole panels. */
@inline
function panelCount(columns: i32): i32 {
  return (columns + 7) / 8;
}

/** A worker's space, in the order of the parts. */
@inline
function tileAt(space: usize): usize {
  return space + <usize>(CHUNK * BLOCK) * LEFT_BYTES;
}
@inline
function patchesAt(space: usize): usize {
  return tileAt(space) + TILE_BYTES;
}
@inline
function restAt(space: usize): usize {
  return patchesAt(space) + <usize>PATCHES;
}

/**
 * Packs rows `row` … of an array with strides, inner values `k0` … `k0` + `n` − 1. The last row replaces rows that do
 * not exist.
 */
function packArray(p: Product, item: i32, row: i32, k0: i32, n: i32, to: usize): void {
  const rowBytes = <usize>p.leftRow << 2, innerBytes = <usize>p.leftInner << 2;
  const last = p.rows - 1;
  const base = p.left + ((<usize>item * <usize>p.leftItem) << 2) + <usize>k0 * innerBytes;
  const a = base + <usize>row * rowBytes;
  const b = base + <usize>min<i32>(row + 1, last) * rowBytes, c = base + <usize>min<i32>(row + 2, last) * rowBytes;
  const d = base + <usize>min<i32>(row + 3, last) * rowBytes, e = base + <usize>min<i32>(row + 4, last) * rowBytes;
  if (p.leftInner == 1) {
    packFiveRows(a, b, c, d, e, n, to);
    return;
  }
  if (p.leftRow == 1 && row + 4 <= last) {
    for (let from = a; n > 0; --n, from += innerBytes, to += LEFT_BYTES) {
      v128.store(to, v128.load(from));
      store<f32>(to, load<f32>(from, 16), 16);
    }
    return;
  }
  for (let at: usize = 0; n > 0; --n, at += innerBytes, to += LEFT_BYTES) {
    store<f32>(to, load<f32>(a + at), 0);
    store<f32>(to, load<f32>(b + at), 4);
    store<f32>(to, load<f32>(c + at), 8);
    store<f32>(to, load<f32>(d + at), 12);
    store<f32>(to, load<f32>(e + at), 16);
  }
}

/** @param locations room for those of five patches */
function packLeft(p: Product, item: i32, tileIndex: i32, k0: i32, n: i32, to: usize, locations: usize): void {
  const row = tileIndex * TILE_ROWS;
  if (p.source == ARRAY) packArray(p, item, row, k0, n, to);
  else if (p.source == PATCH_ROWS) packPatchRows(p, row, k0, n, to, locations);
  else if (areNeighbours(p, row)) packFivePatchColumns(p, row, k0, n, to);
  else for (let i = 0; i < TILE_ROWS; ++i) packPatchColumn(p, min<i32>(row + i, p.rows - 1), k0, n, to + (<usize>i << 2));
}

/** Packs columns `panel` × 8 … of the right operand as [inner][8]; columns that do not exist are 0. */
function packPanel(p: Product, item: i32, panel: i32, to: usize): void {
  const innerBytes = <usize>p.rightInner << 2, columnBytes = <usize>p.rightColumn << 2;
  const n = min<i32>(8, p.columns - panel * 8);
  let from = p.right + ((<usize>item * <usize>p.rightItem) << 2) + <usize>(panel * 8) * columnBytes;
  let k = p.inner;
  if (n == 8 && p.rightColumn == 1) {
    for (; k > 0; --k, from += innerBytes, to += 32) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    }
    return;
  }
  if (n == 8 && p.rightInner == 1) {
    for (; k >= 4; k -= 4, from += 16, to += 128) {
      for (let half: usize = 0; half < 2; ++half) {
        const at = from + half * 4 * columnBytes;
        const a = v128.load(at), b = v128.load(at + columnBytes), c = v128.load(at + 2 * columnBytes), d = v128.load(at + 3 * columnBytes);
        const ab = interleaveLow(a, b), cd = interleaveLow(c, d), ab2 = interleaveHigh(a, b), cd2 = interleaveHigh(c, d);
        const target = to + half * 16;
        v128.store(target, lowHalves(ab, cd));
        v128.store(target, highHalves(ab, cd), 32);
        v128.store(target, lowHalves(ab2, cd2), 64);
        v128.store(target, highHalves(ab2, cd2), 96);
      }
    }
  }
  for (; k > 0; --k, from += innerBytes, to += 32)
    for (let j = 0; j < 8; ++j) store<f32>(to + (<usize>j << 2), j < n ? load<f32>(from + <usize>j * columnBytes) : 0);
}

/** Packs panels `from` … `to` − 1 of a single item's right operand, for all workers. */
export function packRight(p: Product, from: i32, to: i32): void {
  const bytes = <usize>p.inner * 32;
  for (let panel = from; panel < to; ++panel) {
    if (p.inner > BLOCK && look()) return;
    packPanel(p, 0, panel, p.packed + <usize>panel * bytes);
  }
}

/** Writes a tile into rows of C: the first block overwrites them, adding the bias; the others add to them. */
function putTile(from: usize, rows: i32, columns: i32, to: usize, stride: usize, bias: usize, first: bool): void {
  for (let r = 0; r < rows; ++r, from += 32, to += stride) {
    if (columns == 8) {
      let a = v128.load(from), b = v128.load(from, 16);
      if (!first) {
        a = f32x4.add(a, v128.load(to));
        b = f32x4.add(b, v128.load(to, 16));
      } else if (bias) {
        a = f32x4.add(a, v128.load(bias));
        b = f32x4.add(b, v128.load(bias, 16));
      }
      v128.store(to, a);
      v128.store(to, b, 16);
      continue;
    }
    for (let at: usize = 0, end = <usize>columns << 2; at < end; at += 4) {
      let v = load<f32>(from + at);
      if (!first) v += load<f32>(to + at);
      else if (bias) v += load<f32>(bias + at);
      store<f32>(to + at, v);
    }
  }
}

/** Computes row tiles `from` … `to` − 1 of one item, at most a chunk, into rows at `out`; false if it was stopped. */
function chunk(p: Product, item: i32, from: i32, to: i32, right: usize, space: usize, out: usize): bool {
  const tiles = to - from, panels = panelCount(p.columns), stride = <usize>p.columns << 2;
  const result = tileAt(space);
  for (let k0 = 0; k0 < p.inner; k0 += BLOCK) {
    if (look()) return false;
    const n = min<i32>(BLOCK, p.inner - k0);
    const bytes = <usize>n * LEFT_BYTES;
    for (let i = 0; i < tiles; ++i) packLeft(p, item, from + i, k0, n, space + <usize>i * bytes, patchesAt(space));
    for (let panel = 0; panel < panels; ++panel) {
      const b = right + <usize>panel * (<usize>p.inner * 32) + <usize>k0 * 32;
      const columns = min<i32>(8, p.columns - panel * 8);
      const bias = p.bias ? p.bias + <usize>panel * 32 : 0;
      for (let i = 0; i < tiles; ++i) {
        tile(space + <usize>i * bytes, b, n, result, STORE);
        putTile(result, min<i32>(TILE_ROWS, p.rows - (from + i) * TILE_ROWS), columns, out + <usize>(i * TILE_ROWS) * stride + <usize>panel * 32, stride, bias, k0 == 0);
      }
    }
  }
  return true;
}

/** Computes all rows of one item and adds them to its image, chunk by chunk; false if it was stopped. */
function scatterItem(p: Product, item: i32, right: usize, space: usize, rowsAt: usize): bool {
  const floats = (p.volume ? p.depth : 1) * p.height * p.width * p.channels;
  const image = p.out + (<usize>item * <usize>floats << 2);
  for (let i = 0; i < floats; ++i) store<f32>(image + (<usize>i << 2), 0);
  const tiles = tileCount(p.rows);
  for (let t = 0; t < tiles; t += CHUNK) {
    const end = min<i32>(tiles, t + CHUNK);
    if (!chunk(p, item, t, end, right, space, rowsAt)) return false;
    scatterRows(p, image, t * TILE_ROWS, min<i32>(p.rows, end * TILE_ROWS) - t * TILE_ROWS, rowsAt, patchesAt(space));
  }
  return true;
}

/**
 * Computes C. It is shared by row tiles if there is one item, and by items if there are several or `scatter` is set. A
 * right operand that all items share (`rightItem` 0) arrives packed.
 */
export function product(p: Product, worker: i32, from: i32, to: i32): void {
  const space = p.space + <usize>worker * p.spaceStride;
  const tiles = tileCount(p.rows);
  const outBytes = (<usize>p.rows * <usize>p.columns) << 2;
  if (p.items == 1 && !p.scatter) {
    for (let t = from; t < to; t += CHUNK)
      if (!chunk(p, 0, t, min<i32>(to, t + CHUNK), p.packed, space, p.out + (<usize>(t * TILE_ROWS) * <usize>p.columns << 2))) return;
    return;
  }
  const own = restAt(space);
  for (let item = from; item < to; ++item) {
    if (p.scatter) {
      if (!scatterItem(p, item, p.packed, space, own)) return;
      continue;
    }
    const panels = panelCount(p.columns), bytes = <usize>p.inner * 32;
    for (let panel = 0; panel < panels; ++panel) packPanel(p, item, panel, own + <usize>panel * bytes);
    for (let t = 0; t < tiles; t += CHUNK)
      if (!chunk(p, item, t, min<i32>(tiles, t + CHUNK), own, space, p.out + <usize>item * outBytes + (<usize>(t * TILE_ROWS) * <usize>p.columns << 2))) return;
  }
}
