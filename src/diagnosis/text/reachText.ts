/** The wording of a layer's reach, shared by all views. */

import { formatGain } from "../../protocol/numberText.ts";
import type { Reach } from "../reach.ts";

/** `gradient reaches 34 of 99 timesteps · ×0.87 per timestep`. */
export function reachText(reach: Reach, reversed: boolean): string {
  const reached = Math.min(reach.horizon, reach.required);
  const gain = Number.isNaN(reach.gain) ? "" : ` · ${formatGain(reach.gain)} per timestep`;
  return `gradient reaches ${reached} of ${reach.required} timesteps${gain}${reversed ? " · reads backward" : ""}`;
}

/** The same for the end of a line: `34/99 · ×0.87 per timestep`. */
export function shortReachText(reach: Reach): string {
  const gain = Number.isNaN(reach.gain) ? "" : ` · ${formatGain(reach.gain)} per timestep`;
  return `${Math.min(reach.horizon, reach.required)}/${reach.required}${gain}`;
}
