/** The wording of how far back a net uses its inputs, shared with the page. */

import type { MeasuredNeed } from "./need.ts";

/** `the net uses the last 3 of 96 timesteps`, from the measurement at the end of a run. */
export function needText({ lag, timesteps }: Pick<MeasuredNeed, "lag" | "timesteps">): string {
  return lag === null
    ? "the net does not use its inputs: exchanged among samples, they give the same loss"
    : `the net uses ${lastText(lag, timesteps)}`;
}

/** `the last 3 of 96 timesteps`, from the lag: timesteps back from the last. */
export function lastText(lag: number, timesteps: number): string {
  const all = `${timesteps} ${timesteps === 1 ? "timestep" : "timesteps"}`;
  if (lag === 0) return `the last of ${all}`;
  return lag >= timesteps - 1 ? `all ${all}` : `the last ${lag + 1} of ${all}`;
}
