/**
 * The gradients of all weights: one product over all timesteps and samples, [x; 1; h]ᵀ·a.
 *
 * Timesteps are packed block by block. If the contribution of each timestep is needed, or timesteps have different
 * exponents, a tile ends at each timestep. Its squares and its true value are taken while it is in the caches, so that
 * ‖∂L/∂U|_t‖_F costs a few instructions per tile instead of B² inner products.
 */

import { STORE, addScaledTile, addScaledTiles, addTile, addTiles, tile } from "./gemm";
import { group, validLanes } from "./plan";
import { Group, LSTM, Plan, TO_KERNEL, TO_BIAS, TO_RECURRENT, TO_RECURRENT_BIAS, USES_RESET } from "./planBlock";
import { firstOf } from "./held";
import { look } from "./look";
import { fourOfFive } from "./packRows";
import { LEFT_BYTES, TILE_BYTES, TILE_ROWS, clear, flushedWhere, powerOfTwo, tileCount } from "./simd";
import { highHalves, interleaveHigh, interleaveLow, lowHalves } from "./transpose";

/** Most tiles of different timesteps that wait to be added together. */
const TILES_AT_ONCE: i32 = 4;
/** Below any exponent that occurs. */
const NOTHING: i32 = -1 << 30;

@inline
function row(from: usize, index: i32, rows: i32, half: usize): v128 {
  return index < rows ? v128.load(from + <usize>index * 32 + half) : f32x4.splat(0);
}

/** Packs five rows of 8 samples (zeros beyond `rows`) as [lanes][5]. */
function packFive(from: usize, rows: i32, lanes: i32, to: usize): void {
  for (let half = 0; half < lanes; half += 4, to += 4 * LEFT_BYTES) {
    const bytes = <usize>half << 2;
    const a = row(from, 0, rows, bytes), b = row(from, 1, rows, bytes), c = row(from, 2, rows, bytes);
    const d = row(from, 3, rows, bytes), e = row(from, 4, rows, bytes);
    const n = lanes - half;
    if (n >= 4) {
      fourOfFive(a, b, c, d, e, to);
      continue;
    }
    const ab = interleaveLow(a, b), cd = interleaveLow(c, d);
    v128.store(to, lowHalves(ab, cd));
    v128.store32_lane(to, e, 0, 16);
    if (n > 1) {
      v128.store(to, highHalves(ab, cd), 20);
      v128.store32_lane(to, e, 1, 36);
    }
    if (n > 2) {
      v128.store(to, lowHalves(interleaveHigh(a, b), interleaveHigh(c, d)), 40);
      v128.store32_lane(to, e, 2, 56);
    }
  }
}

/**
 * Packs eight rows of 8 samples (zeros beyond `rows`), each lane times its factor, as [lanes][8].
 * @param drop the lanes in which products that are subnormal become 0
 */
function packEight(from: usize, rows: i32, lanes: i32, to: usize, factors: usize, drop: v128): void {
  for (let half = 0; half < lanes; half += 4) {
    const n = lanes - half;
    for (let r = 0; r < 8; r += 4) {
      const bytes = <usize>half << 2;
      let a = row(from, r, rows, bytes), b = row(from, r + 1, rows, bytes), c = row(from, r + 2, rows, bytes), d = row(from, r + 3, rows, bytes);
      if (factors) {
        const f = v128.load(factors + bytes);
        a = flushedWhere(f32x4.mul(a, f), drop);
        b = flushedWhere(f32x4.mul(b, f), drop);
        c = flushedWhere(f32x4.mul(c, f), drop);
        d = flushedWhere(f32x4.mul(d, f), drop);
      }
      const ab = interleaveLow(a, b), cd = interleaveLow(c, d), ab2 = interleaveHigh(a, b), cd2 = interleaveHigh(c, d);
      const target = to + (<usize>r << 2);
      v128.store(target, lowHalves(ab, cd));
      if (n > 1) v128.store(target, highHalves(ab, cd), 32);
      if (n > 2) v128.store(target, lowHalves(ab2, cd2), 64);
      if (n > 3) v128.store(target, highHalves(ab2, cd2), 96);
    }
    to += 128;
  }
}

/** The largest exponent among those samples of timestep `t` that have a gradient. */
export function commonExponent(plan: Plan, t: i32): i32 {
  let top = NOTHING;
  const lstm = plan.kind == LSTM;
  for (let p = 0; p < plan.panels; ++p) {
    if (firstOf(plan, p) > t) continue;
    for (let lane = 0, lanes = validLanes(plan, p); lane < lanes; ++lane) {
      const at = <usize>((t * plan.panels + p) * 8 + lane) << 2;
      if (load<f32>(plan.squaresH + at) != 0 || (lstm && load<f32>(plan.squaresC + at) != 0)) top = max<i32>(top, load<i32>(plan.exponent + at));
    }
  }
  return top == NOTHING ? 0 : top;
}

/**
 * Writes the factors that convert a panel's samples to the timestep's exponent, 8 floats, to `to`; false if all are 1.
 */
function laneFactors(plan: Plan, t: i32, panel: i32, common: i32, to: usize): bool {
  let any = false;
  for (let lane = 0; lane < 8; ++lane) {
    const e = load<i32>(plan.exponent + (<usize>((t * plan.panels + panel) * 8 + lane) << 2));
    // A sample above the common exponent has no gradient.
    const f = powerOfTwo(min<i32>(0, e - common));
    any = any || f != 1;
    store<f32>(to + (<usize>lane << 2), f);
  }
  return any;
}

/** Number of row tiles of [x; 1], of h, and (GRU with the reset before the product) of r ∘ h, in this order. */
@inline
export function rowTiles(plan: Plan): i32 {
  return tileCount(plan.D + 1) + tileCount(plan.H) * (plan.rh ? 2 : 1);
}

/** Packs `rows` operand rows of timestep `t`, for the panels that have begun, into consecutive row tiles, `tileStride` bytes apart. */
function packOperand(plan: Plan, t: i32, from: usize, panelStride: usize, rows: i32, to: usize, tileStride: usize): void {
  for (let r = 0; r < rows; r += TILE_ROWS, to += tileStride) {
    let at = to;
    for (let p = 0; p < plan.panels; ++p) {
      if (firstOf(plan, p) > t) continue;
      packFive(from + <usize>p * panelStride + <usize>r * 32, rows - r, validLanes(plan, p), at);
      at += 8 * LEFT_BYTES;
    }
  }
}

/** Adds the products of `n` timesteps to a tile, and the squares of each to its own, if all have the exponent 0. */
function addTimesteps(rows: usize, columns: usize, filled: usize, n: i32, products: usize, to: usize, squares: usize): void {
  for (let i = 0; i < n; ++i) {
    const at = load<i32>(filled + (<usize>i << 2)), count = load<i32>(filled + (<usize>i << 2), 4) - at;
    tile(rows + <usize>at * LEFT_BYTES, columns + <usize>at * 32, count, products + <usize>i * TILE_BYTES, STORE);
  }
  addTiles(products, n, to, squares);
}

/**
 * `addTimesteps` for timesteps that each have an exponent; `squares`: 0 if they are not needed. Four timesteps in a row
 * with the same exponent are added together.
 */
function addScaled(rows: usize, columns: usize, filled: usize, n: i32, exponents: usize, products: usize, to: usize, squares: usize): void {
  for (let i = 0, many = 0; i < n; i += many) {
    const e = load<i32>(exponents + (<usize>i << 2));
    for (many = 1; many < TILES_AT_ONCE && i + many < n && load<i32>(exponents + (<usize>(i + many) << 2)) == e; ) ++many;
    for (let j = 0; j < many; ++j) {
      const at = load<i32>(filled + (<usize>(i + j) << 2)), count = load<i32>(filled + (<usize>(i + j) << 2), 4) - at;
      tile(rows + <usize>at * LEFT_BYTES, columns + <usize>at * 32, count, products + <usize>j * TILE_BYTES, STORE);
    }
    const own = squares ? squares + <usize>i * 16 : 0;
    if (many == TILES_AT_ONCE) addScaledTiles(products, to, own, e);
    else for (let j = 0; j < many; ++j) addScaledTile(products + <usize>j * TILE_BYTES, to, own ? own + <usize>j * 16 : 0, e);
  }
}

/**
 * Computes the gradients' column panels `from` … `to` − 1 into `plan.tiles`. Workers share the columns, so no reduction
 * is needed.
 */
export function weightGradient(plan: Plan, worker: i32, from: i32, to: i32): void {
  const B = plan.B, H = plan.H, D = plan.D, T = plan.T, block = plan.blockTimesteps;
  const nRows = rowTiles(plan);
  const xTiles = tileCount(D + 1), hTiles = tileCount(H);
  const rowStride = <usize>(block * B) * LEFT_BYTES, columnStride = <usize>(block * B) * 32;
  const rowsAt = plan.packing + <usize>worker * plan.packingStride;
  const columnsAt = rowsAt + ((<usize>nRows * rowStride + 15) & ~15);
  const exponents = columnsAt + <usize>(to - from) * columnStride;
  // Number of samples packed before each timestep of the block, and in total.
  const filled = exponents + (<usize>block << 2);
  const factors = (filled + (<usize>(block + 1) << 2) + 15) & ~15;
  const product = factors + 32;
  const squares = plan.squares + <usize>worker * plan.squaresStride;
  const sPanel = <usize>plan.K * 32, zPanel = <usize>plan.zRows * 32, hPanel = <usize>H * 32;

  clear(squares, <usize>T * 16);
  for (let r = 0; r < nRows; ++r) clear(plan.tiles + <usize>(r * plan.columnPanels + from) * TILE_BYTES, <usize>(to - from) * TILE_BYTES);

  for (let t0 = plan.first; t0 < T; t0 += block) {
    const n = min<i32>(block, T - t0);
    let scaled = false, samples = 0;
    for (let i = 0; i < n; ++i) {
      if (look()) return;
      const t = t0 + i;
      store<i32>(filled + (<usize>i << 2), samples);
      const common = commonExponent(plan, t);
      store<i32>(exponents + (<usize>i << 2), common);
      scaled = scaled || common != 0;
      const drop = i32x4.splat(common > 0 ? 0 : -1);
      const s = plan.s + <usize>t * plan.sStride;
      const rows = rowsAt + <usize>samples * LEFT_BYTES;
      packOperand(plan, t, s, sPanel, D + 1, rows, rowStride);
      packOperand(plan, t, s + <usize>(D + 1) * 32, sPanel, H, rows + <usize>xTiles * rowStride, rowStride);
      if (plan.rh) packOperand(plan, t, plan.rh + <usize>t * plan.rhStride, hPanel, H, rows + <usize>(xTiles + hTiles) * rowStride, rowStride);
      for (let p = 0; p < plan.panels; ++p) {
        if (firstOf(plan, p) > t) continue;
        const lanes = validLanes(plan, p);
        const f = laneFactors(plan, t, p, common, factors) ? factors : 0;
        const z = plan.z + <usize>t * plan.zStride + <usize>p * zPanel;
        for (let k = 0; k < plan.groups; ++k) {
          const g = group(plan, k);
          const first = max<i32>(from, g.firstPanel), last = min<i32>(to, g.firstPanel + (g.count + 7) / 8);
          for (let c = first; c < last; ++c) {
            const j = (c - g.firstPanel) * 8;
            packEight(z + <usize>(g.zStart + j) * 32, g.count - j, lanes, columnsAt + <usize>(c - from) * columnStride + <usize>samples * 32, f, drop);
          }
        }
        samples += lanes;
      }
    }
    store<i32>(filled + (<usize>n << 2), samples);

    for (let k = 0; k < plan.groups; ++k) {
      const g = group(plan, k);
      const first = max<i32>(from, g.firstPanel), last = min<i32>(to, g.firstPanel + (g.count + 7) / 8);
      for (let c = first; c < last; ++c) {
        if (look()) return;
        const columns = columnsAt + <usize>(c - from) * columnStride;
        for (let r = 0; r < nRows; ++r) {
          const part = r < xTiles ? TO_KERNEL | TO_BIAS | TO_RECURRENT_BIAS : r < xTiles + hTiles ? TO_RECURRENT : USES_RESET;
          if (!(g.flags & part) || (part == TO_RECURRENT && g.flags & USES_RESET)) continue;
          const recurrent = r >= xTiles;
          const to = plan.tiles + <usize>(r * plan.columnPanels + c) * TILE_BYTES;
          const rows = rowsAt + <usize>r * rowStride;
          if (!scaled && !(plan.detailed && recurrent)) {
            tile(rows, columns, samples, product, STORE);
            addTile(product, to, 0);
            continue;
          }
          const sums = plan.detailed && recurrent ? squares + <usize>t0 * 16 : 0;
          if (!scaled && sums && n <= TILES_AT_ONCE) addTimesteps(rows, columns, filled, n, product, to, sums);
          else addScaled(rows, columns, filled, n, exponents, product, to, sums);
        }
      }
    }
  }
}

/** Copies `n` ≤ 8 floats. */
@inline
function copyColumns(from: usize, to: usize, n: i32): void {
  if (n == 8) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
  } else for (let i: usize = 0; i < <usize>n << 2; i += 4) store<f32>(to + i, load<f32>(from + i));
}

/** Converts tiles to the row-major gradients of kernel, recurrent kernel, bias and peepholes. */
export function unpackGradients(plan: Plan): void {
  const D = plan.D, H = plan.H, bytesPerRow = <usize>plan.G << 2;
  const xTiles = tileCount(D + 1), hTiles = tileCount(H);
  for (let k = 0; k < plan.groups; ++k) {
    const g = group(plan, k);
    for (let j = 0; j < g.count; j += 8) {
      const n = min<i32>(8, g.count - j);
      const column = <usize>(g.column + j) << 2;
      const tiles = plan.tiles + <usize>(g.firstPanel + j / 8) * TILE_BYTES;
      const tileStride = <usize>plan.columnPanels * TILE_BYTES;
      for (let r = 0; r < D; ++r)
        if (g.flags & TO_KERNEL) copyColumns(tiles + <usize>(r / TILE_ROWS) * tileStride + <usize>(r % TILE_ROWS) * 32, plan.dw + <usize>r * bytesPerRow + column, n);
      if (plan.useBias) {
        const bias = tiles + <usize>(D / TILE_ROWS) * tileStride + <usize>(D % TILE_ROWS) * 32;
        if (g.flags & TO_BIAS) copyColumns(bias, plan.dbias + column, n);
        if (g.flags & TO_RECURRENT_BIAS) copyColumns(bias, plan.dbias + bytesPerRow + column, n);
      }
      if (!(g.flags & (TO_RECURRENT | USES_RESET))) continue;
      const first = tiles + <usize>(xTiles + (g.flags & USES_RESET ? hTiles : 0)) * tileStride;
      for (let r = 0; r < H; ++r) copyColumns(first + <usize>(r / TILE_ROWS) * tileStride + <usize>(r % TILE_ROWS) * 32, plan.du + <usize>r * bytesPerRow + column, n);
    }
  }
  if (plan.peephole) {
    for (let j = 0; j < 3 * H; ++j) {
      let sum: f32 = 0;
      for (let b = 0; b < plan.B; ++b) sum += load<f32>(plan.peepholeSums + (<usize>((b >> 3) * 3 * H + j) * 32) + (<usize>(b & 7) << 2));
      store<f32>(plan.dpeepholes + (<usize>j << 2), sum);
    }
  }
}
