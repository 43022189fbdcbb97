/** The one inner loop of all matrix products: a 6 × 8 tile held in registers. */

import { madd } from "./simd";

/** What happens to the tile: overwrite C, add to C, or add and return the sum of squares per lane. */
export const STORE: i32 = 0;
export const ADD: i32 = 1;
export const SQUARES: i32 = 2;

/**
 * C[6][8] = A·B over `k`, with A packed as [k][6] at `p` and B as [k][8] at `b`. `SQUARES` adds the tile × `scale` ×
 * `scale2` to C and the squares of the (unscaled) tile to the 4 floats at `squares`. There are two factors because one
 * power of two does not span float32's range.
 */
export function tile(p: usize, b: usize, k: i32, c: usize, mode: i32, squares: usize, scale: f32, scale2: f32): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  let c50 = f32x4.splat(0), c51 = f32x4.splat(0);
  let a: v128, b0: v128;
  // Reading A through a second pointer stops the compilers from keeping its six values for the second half of B: with
  // them, the sums would no longer fit into the registers.
  for (let again = p - 4; k > 0; --k) {
    b0 = v128.load(b, 0);
    a = v128.load32_splat(p, 0); c00 = madd(a, b0, c00);
    a = v128.load32_splat(p, 4); c10 = madd(a, b0, c10);
    a = v128.load32_splat(p, 8); c20 = madd(a, b0, c20);
    a = v128.load32_splat(p, 12); c30 = madd(a, b0, c30);
    a = v128.load32_splat(p, 16); c40 = madd(a, b0, c40);
    a = v128.load32_splat(p, 20); c50 = madd(a, b0, c50);
    b0 = v128.load(b, 16);
    a = v128.load32_splat(again, 4); c01 = madd(a, b0, c01);
    a = v128.load32_splat(again, 8); c11 = madd(a, b0, c11);
    a = v128.load32_splat(again, 12); c21 = madd(a, b0, c21);
    a = v128.load32_splat(again, 16); c31 = madd(a, b0, c31);
    a = v128.load32_splat(again, 20); c41 = madd(a, b0, c41);
    a = v128.load32_splat(again, 24); c51 = madd(a, b0, c51);
    p += 24; again += 24; b += 32;
  }
  if (mode == STORE) {
    v128.store(c, c00, 0); v128.store(c, c01, 16);
    v128.store(c, c10, 32); v128.store(c, c11, 48);
    v128.store(c, c20, 64); v128.store(c, c21, 80);
    v128.store(c, c30, 96); v128.store(c, c31, 112);
    v128.store(c, c40, 128); v128.store(c, c41, 144);
    v128.store(c, c50, 160); v128.store(c, c51, 176);
    return;
  }
  if (mode == SQUARES) {
    let s0 = v128.load(squares), s1 = f32x4.splat(0);
    s0 = madd(c00, c00, s0); s1 = madd(c01, c01, s1);
    s0 = madd(c10, c10, s0); s1 = madd(c11, c11, s1);
    s0 = madd(c20, c20, s0); s1 = madd(c21, c21, s1);
    s0 = madd(c30, c30, s0); s1 = madd(c31, c31, s1);
    s0 = madd(c40, c40, s0); s1 = madd(c41, c41, s1);
    s0 = madd(c50, c50, s0); s1 = madd(c51, c51, s1);
    v128.store(squares, f32x4.add(s0, s1));
  }
  if (scale != 1) {
    a = f32x4.splat(scale); b0 = f32x4.splat(scale2);
    c00 = f32x4.mul(f32x4.mul(c00, a), b0); c01 = f32x4.mul(f32x4.mul(c01, a), b0);
    c10 = f32x4.mul(f32x4.mul(c10, a), b0); c11 = f32x4.mul(f32x4.mul(c11, a), b0);
    c20 = f32x4.mul(f32x4.mul(c20, a), b0); c21 = f32x4.mul(f32x4.mul(c21, a), b0);
    c30 = f32x4.mul(f32x4.mul(c30, a), b0); c31 = f32x4.mul(f32x4.mul(c31, a), b0);
    c40 = f32x4.mul(f32x4.mul(c40, a), b0); c41 = f32x4.mul(f32x4.mul(c41, a), b0);
    c50 = f32x4.mul(f32x4.mul(c50, a), b0); c51 = f32x4.mul(f32x4.mul(c51, a), b0);
  }
  v128.store(c, f32x4.add(v128.load(c, 0), c00), 0); v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
  v128.store(c, f32x4.add(v128.load(c, 32), c10), 32); v128.store(c, f32x4.add(v128.load(c, 48), c11), 48);
  v128.store(c, f32x4.add(v128.load(c, 64), c20), 64); v128.store(c, f32x4.add(v128.load(c, 80), c21), 80);
  v128.store(c, f32x4.add(v128.load(c, 96), c30), 96); v128.store(c, f32x4.add(v128.load(c, 112), c31), 112);
  v128.store(c, f32x4.add(v128.load(c, 128), c40), 128); v128.store(c, f32x4.add(v128.load(c, 144), c41), 144);
  v128.store(c, f32x4.add(v128.load(c, 160), c50), 160); v128.store(c, f32x4.add(v128.load(c, 176), c51), 176);
}

/**
 * C[panel][rows][8] (+)= A·B[panel], row tile by row tile, so that a weight tile is read from the outer cache once for
 * all panels. A is packed as [rowTiles][kA][6], and the `k` entries from `p` on are used; panels lie `bStride` and
 * `cStride` bytes apart.
 */
export function gemm(p: usize, kA: i32, rowTiles: i32, b: usize, bStride: usize, k: i32, c: usize, cStride: usize, panels: i32, mode: i32): void {
  for (let r = 0; r < rowTiles; ++r) {
    let bp = b, cp = c;
    for (let q = 0; q < panels; ++q) {
      tile(p, bp, k, cp, mode, 0, 1, 1);
      bp += bStride;
      cp += cStride;
    }
    p += <usize>kA * 24;
    c += 192;
  }
}
