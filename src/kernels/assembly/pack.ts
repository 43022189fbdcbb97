/** Packs weights, once per pass, into the [k][5] panels that `tile` reads. */

import { look } from "./look";
import { group } from "./plan";
import { Group, Plan, TO_KERNEL, TO_RECURRENT, TO_BIAS, TO_RECURRENT_BIAS } from "./planBlock";
import { LEFT_BYTES, TILE_ROWS, keptBits, lostBelow, tileCount } from "./simd";

/** Writes up to `n` floats from `from`, then zeros, as five floats to `to`. @param limit see `lostBelow` */
@inline
function copyFive(from: usize, n: i32, limit: i32, to: usize): void {
  for (let i = 0; i < TILE_ROWS; ++i) store<i32>(to + (<usize>i << 2), i < n ? keptBits(load<i32>(from + (<usize>i << 2)), limit) : 0);
}

/**
 * Bias of column `column` of a group. GRU with the reset after the product has a second row of biases for the recurrent
 * part.
 */
function biasAt(plan: Plan, g: Group, column: i32): f32 {
  if (!plan.useBias) return 0;
  const at = plan.bias + (<usize>column << 2);
  let b: f32 = 0;
  if (g.flags & TO_BIAS) b += load<f32>(at);
  if (g.flags & TO_RECURRENT_BIAS) b += load<f32>(at + (<usize>plan.G << 2));
  return b;
}

/** `forwardWeights` [z tiles][K][5]: the rows of [W; b; U] for each gate row; 0 if a group has no such part. */
export function packForward(plan: Plan): void {
  const bytesPerRow = <usize>plan.G << 2;
  const limitW = lostBelow(plan.w, plan.D * plan.G), limitU = lostBelow(plan.u, plan.H * plan.G);
  let to = plan.forwardWeights;
  for (let i = 0; i < plan.groups; ++i) {
    const g = group(plan, i);
    for (let j = 0; j < g.count; j += TILE_ROWS) {
      if ((j & 63) == 0 && look()) return;
      const n = min<i32>(TILE_ROWS, g.count - j);
      const column = g.column + j;
      const nW = g.flags & TO_KERNEL ? n : 0;
      const nU = g.flags & TO_RECURRENT ? n : 0;
      for (let k = 0; k < plan.D; ++k, to += LEFT_BYTES) copyFive(plan.w + <usize>k * bytesPerRow + (<usize>column << 2), nW, limitW, to);
      for (let r = 0; r < TILE_ROWS; ++r) store<f32>(to + (<usize>r << 2), r < n ? biasAt(plan, g, column + r) : 0);
      to += LEFT_BYTES;
      for (let k = 0; k < plan.H; ++k, to += LEFT_BYTES) copyFive(plan.u + <usize>k * bytesPerRow + (<usize>column << 2), nU, limitU, to);
    }
  }
}

/**
 * [tiles(rows)][zRows][5]: the transposed rows of a kernel for the backward products; 0 if a group has no such part.
 */
function packBackward(plan: Plan, from: usize, rows: i32, part: i32, to: usize): void {
  const bytesPerRow = <usize>plan.G << 2;
  const tiles = tileCount(rows);
  const limit = lostBelow(from, rows * plan.G);
  memory.fill(to, 0, <usize>tiles * <usize>plan.zRows * LEFT_BYTES);
  for (let t = 0; t < tiles; ++t) {
    if ((t & 15) == 0 && look()) return;
    const n = min<i32>(TILE_ROWS, rows - t * TILE_ROWS);
    for (let i = 0; i < plan.groups; ++i) {
      const g = group(plan, i);
      if (!(g.flags & part)) continue;
      for (let r = 0; r < n; ++r) {
        let source = from + <usize>(t * TILE_ROWS + r) * bytesPerRow + (<usize>g.column << 2);
        let target = to + <usize>(t * plan.zRows + g.zStart) * LEFT_BYTES + (<usize>r << 2);
        for (let j = 0; j < g.count; ++j, source += 4, target += LEFT_BYTES) store<i32>(target, keptBits(load<i32>(source), limit));
      }
    }
  }
}

/** Packs everything that a training pass needs; if `backward` is false, omits what only the backward pass reads. */
export function packWeights(plan: Plan, backward: bool): void {
  packForward(plan);
  if (!backward) return;
  packBackward(plan, plan.u, plan.H, TO_RECURRENT, plan.backwardWeights);
  if (plan.inputWeights) packBackward(plan, plan.w, plan.D, TO_KERNEL, plan.inputWeights);
}
