/**
 * Scaled dot-product attention of several heads, and its backward pass. A worker takes one head of one sample at a
 * time.
 *
 * Eight queries at a time are the lanes of a panel: their scores are stored as [timesteps][8], the layout of a
 * product's right operand. So the softmax runs down the panel in vectors, and scores are never transposed and never
 * leave the caches. The backward pass computes the scores again (as in Dao et al. 2022, "FlashAttention").
 */

import { expOfNegative } from "./activation";
import { Attention, PANELS } from "./attentionBlock";
import { ADD, STORE, tile } from "./gemm";
import { look } from "./look";
import { packFiveRows } from "./packRows";
import { LEFT_BYTES, TILE_BYTES, TILE_ROWS, clear, madd, tileCount } from "./simd";
import { fromRows, toRows } from "./transpose";

/**
 * Packs `rows` rows of `columns` floats into tiles of five rows: [tiles][columns][5]; the last row replaces missing
 * ones.
 */
function packRows(from: usize, stride: usize, rows: i32, columns: i32, to: usize): void {
  const last = rows - 1;
  for (let r = 0; r < rows; r += TILE_ROWS, to += <usize>columns * LEFT_BYTES) {
    packFiveRows(
      from + <usize>r * stride,
      from + <usize>min<i32>(r + 1, last) * stride,
      from + <usize>min<i32>(r + 2, last) * stride,
      from + <usize>min<i32>(r + 3, last) * stride,
      from + <usize>min<i32>(r + 4, last) * stride,
      columns,
      to,
    );
  }
}

/**
 * Packs `rows` rows of `columns` floats into tiles of `N` columns: [tiles][rows][N], N 5 or 8; missing columns are 0.
 */
@inline
function packColumns(from: usize, stride: usize, rows: i32, columns: i32, to: usize, N: i32): void {
  for (let c = 0; c < columns; c += N) {
    const n = min<i32>(N, columns - c);
    let at = from + (<usize>c << 2);
    for (let r = 0; r < rows; ++r, at += stride, to += <usize>N << 2) {
      if (n == N) {
        v128.store(to, v128.load(at));
        if (N == 8) v128.store(to, v128.load(at, 16), 16);
        else store<f32>(to, load<f32>(at, 16), 16);
      } else {
        for (let j = 0; j < N; ++j) store<f32>(to + (<usize>j << 2), j < n ? load<f32>(at + (<usize>j << 2)) : 0);
      }
    }
  }
}

function packFiveColumns(from: usize, stride: usize, rows: i32, columns: i32, to: usize): void {
  packColumns(from, stride, rows, columns, to, TILE_ROWS);
}
function packEightColumns(from: usize, stride: usize, rows: i32, columns: i32, to: usize): void {
  packColumns(from, stride, rows, columns, to, 8);
}

/** C[tiles × 5][8] = A·B, with A as [tiles][k][5] and B as [k][8]. */
function productOf(a: usize, tiles: i32, k: i32, b: usize, c: usize): void {
  for (let i = 0; i < tiles; ++i, a += <usize>k * LEFT_BYTES, c += TILE_BYTES) tile(a, b, k, c, STORE);
}

/** Converts scores of the queries from `first` on, [timesteps][8], to their shares. */
function softmax(p: Attention, added: usize, first: i32, at: usize): void {
  const T = p.timesteps, scale = f32x4.splat(p.scale), unseen = f32x4.splat(p.unseen);
  const lanes0 = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3)), lanes1 = i32x4.add(lanes0, i32x4.splat(4));
  let m0 = f32x4.splat(-Infinity), m1 = m0;
  for (let t = 0, row = at; t < T; ++t, row += 32) {
    let a = f32x4.mul(v128.load(row), scale), b = f32x4.mul(v128.load(row, 16), scale);
    if (p.causal && t > first) {
      const now = i32x4.splat(t);
      a = f32x4.add(a, v128.and(unseen, i32x4.gt_s(now, lanes0)));
      b = f32x4.add(b, v128.and(unseen, i32x4.gt_s(now, lanes1)));
    }
    if (added) {
      const shift = v128.load32_splat(added + (<usize>t << 2));
      a = f32x4.add(a, shift);
      b = f32x4.add(b, shift);
    }
    v128.store(row, a);
    v128.store(row, b, 16);
    // max rather than pmax, so that a NaN stays.
    m0 = f32x4.max(m0, a);
    m1 = f32x4.max(m1, b);
  }
  let s0 = f32x4.splat(0), s1 = s0;
  for (let t = 0, row = at; t < T; ++t, row += 32) {
    const a = expOfNegative(f32x4.sub(v128.load(row), m0)), b = expOfNegative(f32x4.sub(v128.load(row, 16), m1));
    v128.store(row, a);
    v128.store(row, b, 16);
    s0 = f32x4.add(s0, a);
    s1 = f32x4.add(s1, b);
  }
  s0 = f32x4.div(f32x4.splat(1), s0);
  s1 = f32x4.div(f32x4.splat(1), s1);
  for (let t = 0, row = at; t < T; ++t, row += 32) {
    v128.store(row, f32x4.mul(v128.load(row), s0));
    v128.store(row, f32x4.mul(v128.load(row, 16), s1), 16);
  }
}

/**
 * Converts gradients of the shares P, [timesteps][8], to those of the products of queries and keys: P ∘ (d − Σ P ∘ d) ·
 * scale.
 */
function softmaxBack(p: Attention, shares: usize, at: usize): void {
  const end = at + <usize>p.timesteps * 32, scale = f32x4.splat(p.scale);
  let s0 = f32x4.splat(0), s1 = s0;
  for (let row = at, share = shares; row < end; row += 32, share += 32) {
    s0 = madd(v128.load(row), v128.load(share), s0);
    s1 = madd(v128.load(row, 16), v128.load(share, 16), s1);
  }
  for (let row = at, share = shares; row < end; row += 32, share += 32) {
    const a = f32x4.mul(f32x4.sub(v128.load(row), s0), v128.load(share));
    const b = f32x4.mul(f32x4.sub(v128.load(row, 16), s1), v128.load(share, 16));
    v128.store(row, f32x4.mul(a, scale));
    v128.store(row, f32x4.mul(b, scale), 16);
  }
}

/** Computes heads `from` … `to` − 1, counted over all samples. */
export function attend(p: Attention, worker: i32, from: i32, to: i32): void {
  const T = p.timesteps, D = p.size, keyTiles = tileCount(T), sizeTiles = tileCount(D);
  const stride = <usize>(p.heads * D) << 2;
  const keyRows = p.space + <usize>worker * p.spaceStride;
  const valueColumns = keyRows + <usize>(keyTiles * D) * LEFT_BYTES;
  const queries = valueColumns + <usize>(sizeTiles * T) * LEFT_BYTES;
  const shares = queries + <usize>D * 32;
  const seen = shares + <usize>keyTiles * TILE_BYTES;
  for (let item = from; item < to; ++item) {
    const sample = item / p.heads, head = item - sample * p.heads;
    const at = <usize>sample * <usize>T * stride + (<usize>(head * D) << 2);
    const added = p.added ? p.added + (<usize>(sample * T) << 2) : 0;
    packRows(p.key + at, stride, T, D, keyRows);
    packFiveColumns(p.value + at, stride, T, D, valueColumns);
    for (let first = 0; first < T; first += 8) {
      if (look()) return;
      const rows = at + <usize>first * stride, lanes = min<i32>(8, T - first);
      toRows(p.query + rows, stride, lanes, D, queries);
      productOf(keyRows, keyTiles, D, queries, shares);
      softmax(p, added, first, shares);
      productOf(valueColumns, sizeTiles, T, shares, seen);
      fromRows(seen, D, p.out + rows, stride, lanes, 0);
    }
  }
}

/**
 * Adds the contribution of `queries` queries to the gradient of keys or values to `sums` ([column panels][key
 * tiles][5][8]): Σ over queries of their panels' (`from`: [panels][key tiles × 5][8]) entry × their row of `rows`
 * ([column panels][queries][8]).
 */
function addOuter(from: usize, panels: i32, keyTiles: i32, rows: usize, queries: i32, columnPanels: i32, packed: usize, sums: usize): void {
  const panelBytes = <usize>keyTiles * TILE_BYTES;
  for (let i = 0; i < keyTiles; ++i) {
    for (let q = 0; q < panels; ++q) {
      const at = from + <usize>q * panelBytes + <usize>i * TILE_BYTES;
      packFiveRows(at, at + 32, at + 64, at + 96, at + 128, 8, packed + <usize>q * TILE_BYTES);
    }
    for (let c = 0; c < columnPanels; ++c)
      tile(packed, rows + <usize>(c * queries) * 32, queries, sums + <usize>(c * keyTiles + i) * TILE_BYTES, ADD);
  }
}

/** Unpacks `sums` (see above) into rows of `columns` floats. */
function unpackSums(sums: usize, keyTiles: i32, rows: i32, columns: i32, to: usize, stride: usize): void {
  for (let c = 0; c < columns; c += 8, sums += <usize>keyTiles * TILE_BYTES) {
    const n = min<i32>(8, columns - c);
    for (let r = 0; r < rows; ++r) {
      const source = sums + <usize>r * 32, target = to + <usize>r * stride + (<usize>c << 2);
      if (n == 8) {
        v128.store(target, v128.load(source));
        v128.store(target, v128.load(source, 16), 16);
      } else for (let j: usize = 0; j < <usize>n << 2; j += 4) store<f32>(target + j, load<f32>(source + j));
    }
  }
}

/** Computes the gradients of queries, keys and values of heads `from` … `to` − 1. */
export function attendBack(p: Attention, worker: i32, from: i32, to: i32): void {
  const T = p.timesteps, D = p.size, keyTiles = tileCount(T), sizeTiles = tileCount(D), columnPanels = (D + 7) / 8;
  const stride = <usize>(p.heads * D) << 2;
  const panelBytes = <usize>keyTiles * TILE_BYTES, blockBytes = <usize>(PANELS * 8 * columnPanels) * 32;
  const keyRows = p.space + <usize>worker * p.spaceStride;
  const valueRows = keyRows + <usize>(keyTiles * D) * LEFT_BYTES;
  const keyColumns = valueRows + <usize>(keyTiles * D) * LEFT_BYTES;
  const panel = keyColumns + <usize>(sizeTiles * T) * LEFT_BYTES;
  const queryPanel = panel + <usize>D * 32;
  const shares = queryPanel + <usize>sizeTiles * TILE_BYTES;
  const gradients = shares + <usize>PANELS * panelBytes;
  const queryBlock = gradients + <usize>PANELS * panelBytes;
  const dyBlock = queryBlock + blockBytes;
  const packed = dyBlock + blockBytes;
  const keySums = packed + <usize>PANELS * TILE_BYTES;
  const valueSums = keySums + <usize>columnPanels * panelBytes;
  for (let item = from; item < to; ++item) {
    const sample = item / p.heads, head = item - sample * p.heads;
    const at = <usize>sample * <usize>T * stride + (<usize>(head * D) << 2);
    const added = p.added ? p.added + (<usize>(sample * T) << 2) : 0;
    packRows(p.key + at, stride, T, D, keyRows);
    packRows(p.value + at, stride, T, D, valueRows);
    packFiveColumns(p.key + at, stride, T, D, keyColumns);
    clear(keySums, 2 * <usize>columnPanels * panelBytes);
    for (let block = 0; block < T; block += PANELS * 8) {
      if (look()) return;
      const queries = min<i32>(PANELS * 8, T - block), panels = (queries + 7) / 8;
      for (let q = 0; q < panels; ++q) {
        const first = block + q * 8, lanes = min<i32>(8, T - first), rows = at + <usize>first * stride;
        const share = shares + <usize>q * panelBytes, gradient = gradients + <usize>q * panelBytes;
        toRows(p.query + rows, stride, lanes, D, panel);
        productOf(keyRows, keyTiles, D, panel, share);
        softmax(p, added, first, share);
        toRows(p.dy + rows, stride, lanes, D, panel);
        productOf(valueRows, keyTiles, D, panel, gradient);
        softmaxBack(p, share, gradient);
        productOf(keyColumns, sizeTiles, T, gradient, queryPanel);
        fromRows(queryPanel, D, p.dQuery + rows, stride, lanes, 0);
      }
      packEightColumns(p.query + at + <usize>block * stride, stride, queries, D, queryBlock);
      packEightColumns(p.dy + at + <usize>block * stride, stride, queries, D, dyBlock);
      addOuter(gradients, panels, keyTiles, queryBlock, queries, columnPanels, packed, keySums);
      addOuter(shares, panels, keyTiles, dyBlock, queries, columnPanels, packed, valueSums);
    }
    unpackSums(keySums, keyTiles, T, D, p.dKey + at, stride);
    unpackSums(valueSums, keyTiles, T, D, p.dValue + at, stride);
  }
}
