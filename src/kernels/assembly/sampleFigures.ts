/** Reads one timestep's figures of all samples, rows of 8, and writes what they are reduced to. */

/** What `commonLaneExponent` gives if there is none. */
export const NO_COMMON: i32 = i32.MIN_VALUE;

/** The exponent of all samples whose square is not 0, in rows of 8; `NO_COMMON` if they differ. */
export function commonLaneExponent(squares: usize, exponents: usize, rows: i32): i32 {
  const first = load<i32>(exponents), all = i32x4.splat(first);
  let differ = i32x4.splat(0);
  for (let at: usize = 0, end = <usize>rows * 32; at < end; at += 16) {
    const used = f32x4.ne(v128.load(squares + at), f32x4.splat(0));
    differ = v128.or(differ, v128.and(used, v128.xor(v128.load(exponents + at), all)));
  }
  return v128.any_true(differ) ? NO_COMMON : first;
}

/** Writes a field of a timestep's statistics. */
@inline
export function put(record: usize, field: i32, value: f64): void {
  store<f64>(record + (<usize>field << 3), value);
}
