/**
 * Measurements of one or more consecutive steps, in the form in which they travel from the engine to the host and the
 * panel.
 */

import * as z from "zod";
import type { Immutable } from "../config/immutable.ts";
import { float64Schema } from "./numbers.ts";
import { type RunInfo, type StateName, stateNames } from "./run.ts";

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

const channel = new RegExp(
  `^(?:(?:${stateNames.join("|")})\\.(?:logNorm|gain|nonFinite|p10|p50|p90)|logContribution|gate\\.[a-z]+\\.(?:low|high)|timescale)$`,
);
export const channelSchema = z.custom<Channel>((v) => typeof v === "string" && channel.test(v));

const profileSchema = z.strictObject({
  /** Index into `RunInfo.layers`. */
  layer: z.int().nonnegative(),
  channel: channelSchema,
  /** T values at the frame's last step. */
  values: float64Schema,
  /**
   * T values: the largest over all the frame's steps, where NaN ranks above Infinity and Infinity above numbers. For a
   * frame of one step it is the same array as `values`.
   */
  max: float64Schema,
});
/** One per-timestep quantity of one recurrent layer. */
export type Profile = Immutable<z.infer<typeof profileSchema>>;

export const frameSchema = z.strictObject({
  runId: z.string(),
  /** 1, 2, 3, … within a run; a reader that sees a gap asks for a snapshot. */
  seq: z.int().positive(),
  /** Step numbers, ascending; step 1 is measured at the initial weights. */
  steps: float64Schema,
  /** `steps.length × RunInfo.columns.length` scalars, one row per step: no scalar is ever dropped on the way. */
  rows: float64Schema,
  /** Per-timestep arrays; for intermediate steps, only the extremes travel. */
  profiles: z.array(profileSchema),
});
export type Frame = Immutable<z.infer<typeof frameSchema>>;

/** Whether a frame's arrays have the sizes that its run announced. */
export function frameFits(info: RunInfo, frame: Frame): boolean {
  return (
    frame.steps.length > 0 &&
    frame.rows.length === frame.steps.length * info.columns.length &&
    frame.profiles.every((p) => {
      const timesteps = info.layers[p.layer]?.recurrent?.timesteps;
      return p.values.length === timesteps && p.max.length === timesteps;
    })
  );
}
