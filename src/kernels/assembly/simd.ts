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

/** The same for the bits of one number. */
@inline
export function flushedBits(bits: i32): i32 {
  return bits & EXPONENT ? bits : 0;
}

/** `flushed` for `rows` rows, in place. */
export function flushRows(at: usize, rows: i32): void {
  for (const end = at + <usize>rows * 32; at < end; at += 16) v128.store(at, flushed(v128.load(at)));
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
