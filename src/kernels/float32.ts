/** The float32 numbers next to a number. */

/** The largest float32 that is not above `x`; NaN for NaN. */
export function floor32(x: number): number {
  const near = Math.fround(x);
  return near > x ? next(near, -1) : near;
}

/** The smallest float32 that is not below `x`; NaN for NaN. */
export function ceil32(x: number): number {
  const near = Math.fround(x);
  return near < x ? next(near, 1) : near;
}

/** The float32 next to a float32 in a direction, in which there is one. */
function next(x: number, direction: 1 | -1): number {
  const value = Float32Array.of(x);
  const bits = new Int32Array(value.buffer);
  // Zero has two sets of bits, so its neighbours are named: the smallest subnormal numbers.
  if (x === 0) bits[0] = direction === 1 ? 1 : -(2 ** 31) + 1;
  // Bits grow away from zero.
  else bits[0]! += x > 0 === (direction === 1) ? 1 : -1;
  return value[0]!;
}
