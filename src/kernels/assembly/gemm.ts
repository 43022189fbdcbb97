/** The one inner loop of all matrix products: a 5 × 8 tile held in registers. */

import { LEFT_BYTES, TILE_BYTES, exponentOf, madd, powerOfTwo } from "./simd";

/** What happens to C: it is overwritten, or the sums go on from what it holds. */
export const STORE: i32 = 0;
export const ADD: i32 = 1;

/**
 * C[5][8] (+)= A·B over `k`, with A packed as [k][5] at `p` and B as [k][8] at `b`.
 *
 * The shape of this function matters to V8 (11.3 and 12.4). Each value of A is used twice, right after it is loaded, and
 * after the loop nothing is computed any more. Otherwise V8 moves all loads to the beginning of the loop; the sums then
 * no longer fit into the registers, and go to memory and back for each k: 1.6 times as slow, twice with fused
 * multiply-add. Six rows or two k at a time have the same effect.
 */
export function tile(p: usize, b: usize, k: i32, c: usize, mode: i32): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  if (mode == ADD) {
    c00 = v128.load(c, 0); c01 = v128.load(c, 16);
    c10 = v128.load(c, 32); c11 = v128.load(c, 48);
    c20 = v128.load(c, 64); c21 = v128.load(c, 80);
    c30 = v128.load(c, 96); c31 = v128.load(c, 112);
    c40 = v128.load(c, 128); c41 = v128.load(c, 144);
  }
  for (let a: v128, b0: v128, b1: v128; k > 0; --k) {
    b0 = v128.load(b); b1 = v128.load(b, 16);
    a = v128.load32_splat(p, 0); c00 = madd(a, b0, c00); c01 = madd(a, b1, c01);
    a = v128.load32_splat(p, 4); c10 = madd(a, b0, c10); c11 = madd(a, b1, c11);
    a = v128.load32_splat(p, 8); c20 = madd(a, b0, c20); c21 = madd(a, b1, c21);
    a = v128.load32_splat(p, 12); c30 = madd(a, b0, c30); c31 = madd(a, b1, c31);
    a = v128.load32_splat(p, 16); c40 = madd(a, b0, c40); c41 = madd(a, b1, c41);
    p += LEFT_BYTES; b += 32;
  }
  v128.store(c, c00, 0); v128.store(c, c01, 16);
  v128.store(c, c10, 32); v128.store(c, c11, 48);
  v128.store(c, c20, 64); v128.store(c, c21, 80);
  v128.store(c, c30, 96); v128.store(c, c31, 112);
  v128.store(c, c40, 128); v128.store(c, c41, 144);
}

/** Adds the tile at `from` to C and, unless `squares` is 0, its squares to the 4 floats there. */
export function addTile(from: usize, c: usize, squares: usize): void {
  let s0 = f32x4.splat(0), s1 = s0;
  for (let at: usize = 0; at < TILE_BYTES; at += 32) {
    const a = v128.load(from + at), b = v128.load(from + at, 16);
    s0 = madd(a, a, s0);
    s1 = madd(b, b, s1);
    v128.store(c + at, f32x4.add(v128.load(c + at), a));
    v128.store(c + at, f32x4.add(v128.load(c + at, 16), b), 16);
  }
  if (squares) v128.store(squares, f32x4.add(v128.load(squares), f32x4.add(s0, s1)));
}

/**
 * Adds the tile at `from` × 2^e to C and, unless `squares` is 0, the squares of the (unscaled) tile to the 4 floats
 * there. A tile whose entries all leave float32's normal range adds nothing: what vanishes on its way back would
 * otherwise cost most of the time (see `flushed`).
 */
export function addScaledTile(from: usize, c: usize, squares: usize, e: i32): void {
  let s0 = f32x4.splat(0), s1 = s0;
  for (let at: usize = 0; at < TILE_BYTES; at += 32) {
    const a = v128.load(from + at), b = v128.load(from + at, 16);
    s0 = madd(a, a, s0);
    s1 = madd(b, b, s1);
  }
  const sums = f32x4.add(s0, s1);
  if (squares) v128.store(squares, f32x4.add(v128.load(squares), sums));
  addScaled(from, c, sums, e);
}

/** Adds the tile at `from`, with these sums of squares or larger ones, × 2^e to C. */
function addScaled(from: usize, c: usize, sums: v128, e: i32): void {
  const total = f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) + f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3);
  // All entries are below 2^(half the exponent of the sum, rounded up), also where the sum is too small for float32.
  if (total < Infinity && ((exponentOf(total) + 2) >> 1) + e <= -126) return;
  // One power of two does not span float32's range.
  const first = max<i32>(-126, min<i32>(127, e));
  const f = f32x4.splat(powerOfTwo(first)), g = f32x4.splat(powerOfTwo(e - first));
  for (let at: usize = 0; at < TILE_BYTES; at += 16)
    v128.store(c + at, f32x4.add(v128.load(c + at), f32x4.mul(f32x4.mul(v128.load(from + at), f), g)));
}

/**
 * `addScaledTile` for four tiles, one after another at `from`, with one exponent; `squares`: 4 floats for each. The first
 * tile is overwritten.
 */
export function addScaledTiles(from: usize, c: usize, squares: usize, e: i32): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let at = from, end = from + TILE_BYTES; at < end; at += 16) {
    const t0 = v128.load(at), t1 = v128.load(at, TILE_BYTES), t2 = v128.load(at, 2 * TILE_BYTES), t3 = v128.load(at, 3 * TILE_BYTES);
    s0 = madd(t0, t0, s0);
    s1 = madd(t1, t1, s1);
    s2 = madd(t2, t2, s2);
    s3 = madd(t3, t3, s3);
    v128.store(at, f32x4.add(f32x4.add(t0, t1), f32x4.add(t2, t3)));
  }
  if (squares) {
    v128.store(squares, f32x4.add(v128.load(squares), s0));
    v128.store(squares, f32x4.add(v128.load(squares, 16), s1), 16);
    v128.store(squares, f32x4.add(v128.load(squares, 32), s2), 32);
    v128.store(squares, f32x4.add(v128.load(squares, 48), s3), 48);
  }
  // (a + b + c + d)² is at most 4 (a² + b² + c² + d²). The sum itself may leave float32's range above only where the
  // squares have left it long before.
  const four = f32x4.splat(4);
  addScaled(from, c, f32x4.mul(four, f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3))), e);
}

/**
 * Adds `count` tiles, one after another at `from`, to C, and the squares of each to 4 floats of its own, `squares` and
 * every 16 bytes from there: C is read and written once for all of them.
 */
export function addTiles(from: usize, count: i32, c: usize, squares: usize): void {
  if (count != 4) {
    for (; count > 0; --count, from += TILE_BYTES, squares += 16) addTile(from, c, squares);
    return;
  }
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let at: usize = 0; at < TILE_BYTES; at += 16, from += 16) {
    const t0 = v128.load(from), t1 = v128.load(from, TILE_BYTES), t2 = v128.load(from, 2 * TILE_BYTES), t3 = v128.load(from, 3 * TILE_BYTES);
    s0 = madd(t0, t0, s0);
    s1 = madd(t1, t1, s1);
    s2 = madd(t2, t2, s2);
    s3 = madd(t3, t3, s3);
    v128.store(c + at, f32x4.add(v128.load(c + at), f32x4.add(f32x4.add(t0, t1), f32x4.add(t2, t3))));
  }
  v128.store(squares, f32x4.add(v128.load(squares), s0));
  v128.store(squares, f32x4.add(v128.load(squares, 16), s1), 16);
  v128.store(squares, f32x4.add(v128.load(squares, 32), s2), 32);
  v128.store(squares, f32x4.add(v128.load(squares, 48), s3), 48);
}

/**
 * C[panel][rows][8] (+)= A·B[panel], row tile by row tile, so that a weight tile is read from the outer cache once for
 * all panels. A is packed as [rowTiles][kA][5], and the `k` entries from `p` on are used; panels lie `bStride` and
 * `cStride` bytes apart.
 */
export function gemm(p: usize, kA: i32, rowTiles: i32, b: usize, bStride: usize, k: i32, c: usize, cStride: usize, panels: i32, mode: i32): void {
  for (let r = 0; r < rowTiles; ++r) {
    let bp = b, cp = c;
    for (let q = 0; q < panels; ++q) {
      tile(p, bp, k, cp, mode);
      bp += bStride;
      cp += cStride;
    }
    p += <usize>kA * LEFT_BYTES;
    c += TILE_BYTES;
  }
}
