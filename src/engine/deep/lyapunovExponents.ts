/**
 * The leading Lyapunov exponents along given sequences (Vogt et al. 2022; Engelken 2023): Q_{t+1} R_{t+1} = J_t Q_t,
 * λ_i = mean over the timesteps of log |R_ii|, in natural logarithms per timestep.
 *
 * A finite sequence is too short for a random Q to find its directions. So random directions are first walked back from
 * the last timestep to the first (the same decomposition of Jᵀ); the resulting Q holds the leading directions of this
 * very sequence.
 */

import type { DeepExponents } from "../../protocol/deep.ts";
import { createRandom } from "../data/random.ts";
import { orthogonalMatrix } from "../model/orthogonal.ts";
import type { Trajectory } from "./cells/trajectory.ts";
import { orthonormalise } from "./linear/orthonormalise.ts";
import type { Pace } from "./pace.ts";

/** Most exponents that are computed. */
export const mostExponents = 16;

/** @returns null for sequences of one timestep, which have no transition. */
export async function lyapunovExponents(
  trajectory: Trajectory,
  seed: number,
  pace: Pace,
): Promise<DeepExponents | null> {
  const { samples, timesteps, width } = trajectory;
  if (timesteps < 2) return null;
  const count = Math.min(width, mostExponents);
  const random = createRandom(seed);
  let rows = new Float64Array(samples * count * width);
  for (let b = 0; b < samples; b++) rows.set(orthogonalMatrix(count, width, 1, random), b * count * width);
  let next = new Float64Array(rows.length);
  const of = Int32Array.from({ length: samples * count }, (_, i) => Math.floor(i / count));
  const r = new Float64Array(count * count);
  const sums = new Float64Array(samples * count);

  const decompose = (add: boolean): void => {
    for (let b = 0; b < samples; b++) {
      orthonormalise(rows.subarray(b * count * width, (b + 1) * count * width), count, width, r);
      if (!add) continue;
      for (let i = 0; i < count; i++) sums[b * count + i] = sums[b * count + i]! + Math.log(r[i * count + i]!);
    }
  };
  for (let t = timesteps; t >= 2; t--) {
    trajectory.backward(t, rows, of, next);
    [rows, next] = [next, rows];
    decompose(false);
    await pace.yieldWhenDue((timesteps - t) / (2 * timesteps));
  }
  refill(rows, samples, count, width, random);
  for (let t = 2; t <= timesteps; t++) {
    trajectory.forward(t, rows, of, next);
    [rows, next] = [next, rows];
    decompose(true);
    await pace.yieldWhenDue((timesteps + t) / (2 * timesteps));
  }
  const perSample = Array.from({ length: samples }, (_, b) =>
    sums
      .subarray(b * count, (b + 1) * count)
      .map((sum) => sum / (timesteps - 1))
      .sort()
      .reverse(),
  );
  const over = (reduce: (values: readonly number[]) => number): Float64Array =>
    Float64Array.from({ length: count }, (_, i) => reduce(perSample.map((own) => own[i]!)));
  return {
    mean: over((values) => values.reduce((a, b) => a + b, 0) / values.length),
    low: over((values) => Math.min(...values)),
    high: over((values) => Math.max(...values)),
  };
}

/** Restarts directions that the walk back lost (zero rows), orthogonal to the others. */
function refill(
  rows: Float64Array,
  samples: number,
  count: number,
  width: number,
  random: ReturnType<typeof createRandom>,
): void {
  const r = new Float64Array(count * count);
  for (let b = 0; b < samples; b++) {
    const own = rows.subarray(b * count * width, (b + 1) * count * width);
    for (let i = 0; i < count; i++) {
      const row = own.subarray(i * width, (i + 1) * width);
      if (row.every((v) => v === 0)) for (let k = 0; k < width; k++) row[k] = random.normal();
    }
    orthonormalise(own, count, width, r);
  }
}
