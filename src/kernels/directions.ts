/** Directions of a simple RNN's state gradients after they have passed the activation. */

import { lanes } from "./layout.ts";

/** One plan's histories after a backward pass (see assembly/planBlock.ts). */
export interface Histories {
  readonly timesteps: number;
  readonly batch: number;
  readonly units: number;
  /** a_t = d_t ∘ σ′, rows of 8 samples, `zRows` rows per panel. */
  readonly z: Float32Array;
  readonly zRows: number;
  /** ‖d_t‖² per sample, with the same power of two as a_t. */
  readonly squares: Float32Array;
}

/**
 * d_t ∘ σ′(h_t) / ‖d_t‖ of every sample at the timesteps T … 2, row by row: (T − 1)·B × H. Zero if d_t is zero or not
 * finite. The power of two with which each d_t is stored cancels, so no gradient is too small to have a direction.
 */
export function directionsOf({ timesteps, batch, units, z, zRows, squares }: Histories): Float32Array {
  const panels = Math.ceil(batch / lanes);
  const result = new Float32Array((timesteps - 1) * batch * units);
  let to = 0;
  for (let t = timesteps - 1; t >= 1; t--) {
    for (let b = 0; b < batch; b++, to += units) {
      const panel = t * panels + Math.floor(b / lanes);
      const lane = b % lanes;
      const norm = Math.sqrt(squares[panel * lanes + lane]!);
      if (!(norm > 0 && norm < Infinity)) continue;
      const from = panel * zRows * lanes + lane;
      for (let u = 0; u < units; u++) result[to + u] = z[from + u * lanes]! / norm;
    }
  }
  return result;
}
