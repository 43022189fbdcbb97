/**
 * Measurements of one or more consecutive steps, in the form in which they travel from the engine to the host and the
 * panel.
 */

import type { StateName } from "./run.ts";

export interface Frame {
  readonly runId: string;
  /** 1, 2, 3, … within a run; a reader that sees a gap asks for a snapshot. */
  readonly seq: number;
  /** Step numbers, ascending; step 1 is measured at the initial weights. */
  readonly steps: Float64Array;
  /** `steps.length × RunInfo.columns.length` scalars, one row per step: no scalar is ever dropped on the way. */
  readonly rows: Float64Array;
  /** Per-timestep arrays; for intermediate steps, only the extremes travel. */
  readonly profiles: readonly Profile[];
}

/** One per-timestep quantity of one recurrent layer. */
export interface Profile {
  /** Index into `RunInfo.layers`. */
  readonly layer: number;
  readonly channel: Channel;
  /** T values at the frame's last step. */
  readonly values: Float64Array;
  /**
   * T values: the largest over all the frame's steps, where NaN ranks above Infinity and Infinity above numbers. For a
   * frame of one step it is the same array as `values`.
   */
  readonly max: Float64Array;
}

/**
 * The meaning of a profile's values:
 * - `logNorm`: log₁₀ ‖∂L/∂s_t‖ over batch and units; −Infinity if it is zero (or below `RecurrentInfo.floor`); NaN and
 *   Infinity are kept
 * - `gain`: γ_t = ‖J_tᵀ d_t‖ / ‖d_t‖, linear; index 0 leads from timestep 1 to the initial state; NaN if d_t is zero
 * - `nonFinite`: number of NaN or Inf entries of ∂L/∂s_t
 * - `p10`, `p50`, `p90`: log₁₀ of percentiles of ‖d_{t,b}‖ over the batch
 * - `logContribution`: log₁₀ ‖∂L/∂U|_t‖_F
 * - `gate.<gate>.low|high`: share of gate values < 0.1, > 0.9
 * - `timescale`: mean of 1/(1 − f)
 */
export type Channel =
  | `${StateName}.${"logNorm" | "gain" | "nonFinite" | "p10" | "p50" | "p90"}`
  | "logContribution"
  | `gate.${string}.${"low" | "high"}`
  | "timescale";
