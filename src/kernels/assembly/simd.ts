/** Vector helpers shared by all kernels. A "row" is 8 samples (lanes) of one unit: 32 bytes, two vectors. */

/**
 * Panels whose products share one read of the weights: their operands fit into the first-level cache beside a weight
 * tile.
 */
export const PANELS_AT_ONCE: i32 = 4;
/**
 * Rows of a tile. Two vectors per row make 10 sums, which fit into the 15 free vector registers beside one row of B, one
 * value of A and a product.
 */
export const TILE_ROWS: i32 = 5;
/** Bytes of one inner value of a packed left operand: one float for each row of a tile. */
export const LEFT_BYTES: usize = 20;
/** Bytes of a tile of [TILE_ROWS][8] floats. */
export const TILE_BYTES: usize = 160;

/** a × b + c; fused (one rounding) if the module is built with relaxed SIMD. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/**
 * Zeroes `bytes`, a multiple of 16. memory.fill is not used: it checks against the memory size that this thread knows,
 * and a worker that started while the memory grew has trapped there.
 */
export function clear(to: usize, bytes: usize): void {
  for (const end = to + bytes; to < end; to += 16) v128.store(to, i32x4.splat(0));
}

/**
 * Copies `bytes`, a multiple of 16, between places that do not overlap; memory.copy is not used for the same reason.
 */
export function copy(to: usize, from: usize, bytes: usize): void {
  for (const end = to + bytes; to < end; to += 16, from += 16) v128.store(to, v128.load(from));
}

/** float32's exponent as bits: 0 in zero and in subnormal numbers. */
const EXPONENT: i32 = 0x7f800000;
/** The bits of the smallest normal number. */
const NORMAL: i32 = 1 << 23;

/**
 * Zero for subnormal numbers, which nothing here can tell from zero: a factor that is subnormal makes a product up to
 * forty times as slow (Intel 64 and IA-32 optimization manual, "floating-point assists"). NaN stays.
 */
@inline
export function flushed(a: v128): v128 {
  return v128.andnot(a, isSubnormal(a));
}

/** The same in the lanes of `drop`, a mask; the others stay. */
@inline
export function flushedWhere(a: v128, drop: v128): v128 {
  return v128.andnot(a, v128.and(isSubnormal(a), drop));
}

/** Also true of zero. */
@inline
function isSubnormal(a: v128): v128 {
  return i32x4.eq(v128.and(a, i32x4.splat(EXPONENT)), i32x4.splat(0));
}

/** 2^64 as a difference of bits. */
const LOST: i32 = 64 << 23;

/** The bits below which a value is lost beside the largest of `count` values, at least those of a normal number. */
export function lostBelow(at: usize, count: i32): i32 {
  const magnitude = i32x4.splat(0x7fffffff);
  let top = i32x4.splat(0), most: i32 = 0;
  for (; count >= 4; count -= 4, at += 16) top = i32x4.max_s(top, v128.and(v128.load(at), magnitude));
  for (; count > 0; --count, at += 4) most = max<i32>(most, load<i32>(at) & 0x7fffffff);
  most = max<i32>(max<i32>(most, i32x4.extract_lane(top, 0)), i32x4.extract_lane(top, 1));
  most = max<i32>(max<i32>(most, i32x4.extract_lane(top, 2)), i32x4.extract_lane(top, 3));
  return most < EXPONENT ? max<i32>(most - LOST, NORMAL) : NORMAL;
}

/** Zero for bits of a magnitude below `limit`, see `lostBelow`. */
@inline
export function keptBits(bits: i32, limit: i32): i32 {
  return (bits & 0x7fffffff) < limit ? 0 : bits;
}

/** `flushed` for `rows` rows, in place. */
export function flushRows(at: usize, rows: i32): void {
  for (const end = at + <usize>rows * 32; at < end; at += 16) v128.store(at, flushed(v128.load(at)));
}

/**
 * Zeroes what is below 2^−64 of the largest of its lane in `rows` rows, in the lanes of `drop`, a mask, and what is
 * subnormal there. Beside the largest it is lost in every sum, and its products may leave float32's normal range.
 */
export function dropLost(at: usize, rows: i32, drop: v128): void {
  dropHalf(at, rows, drop);
  dropHalf(at + 16, rows, drop);
}

function dropHalf(from: usize, rows: i32, drop: v128): void {
  const magnitude = i32x4.splat(0x7fffffff), one = i32x4.splat(1), end = from + <usize>rows * 32;
  // Bits of non-negative numbers are in the order of the numbers; those of zero, less 1, are the largest.
  let most = i32x4.splat(0), least = i32x4.splat(-1);
  for (let at = from; at < end; at += 32) {
    const bits = v128.and(v128.load(at), magnitude);
    most = i32x4.max_u(most, bits);
    least = i32x4.min_u(least, i32x4.sub(bits, one));
  }
  // Beside NaN or infinity nothing is lost.
  const finite = i32x4.lt_s(most, i32x4.splat(EXPONENT));
  const limit = v128.and(i32x4.max_s(v128.and(i32x4.sub(most, i32x4.splat(LOST)), finite), i32x4.splat(NORMAL)), drop);
  if (!v128.any_true(i32x4.lt_u(least, i32x4.sub(i32x4.max_s(limit, one), one)))) return;
  for (let at = from; at < end; at += 32) {
    const v = v128.load(at);
    v128.store(at, v128.andnot(v, i32x4.lt_s(v128.and(v, magnitude), limit)));
  }
}

/** 2^n as float32, 0 below the normal range, 2^127 above: a factor that never makes a subnormal, Inf or NaN of its own. */
@inline
export function powerOfTwo(n: i32): f32 {
  if (n < -126) return 0;
  return reinterpret<f32>((min<i32>(n, 127) + 127) << 23);
}

/** Exponent of a positive finite float32: floor(log2 v); −127 for subnormals. */
@inline
export function exponentOf(v: f32): i32 {
  return <i32>((reinterpret<u32>(v) >>> 23) & 0xff) - 127;
}

/** Rounds up to whole tiles of rows. */
@inline
export function tileCount(rows: i32): i32 {
  return (rows + TILE_ROWS - 1) / TILE_ROWS;
}
