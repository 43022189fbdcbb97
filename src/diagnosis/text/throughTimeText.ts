/** The wording of gradients that vanish or grow through time, shared by all views. */

import type { Reach } from "../../protocol/history/reach.ts";
import { formatDecades, formatGain } from "../../protocol/numberText.ts";

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

/** `gradient grows by 14.2 decades over 99 timesteps · ×1.38 per timestep`. */
export function explodingText(decades: number, timesteps: number, gain: number, reversed: boolean): string {
  const factor = Number.isNaN(gain) ? "" : ` · ${formatGain(gain)} per timestep`;
  const grown =
    decades === Number.POSITIVE_INFINITY
      ? "grows beyond all numbers"
      : `grows by ${formatDecades(decades).replace("+", "")} decades`;
  return `gradient ${grown} over ${timesteps} timesteps${factor}${reversed ? " · reads backward" : ""}`;
}

/** The same for the end of a line: `+14.2 decades · ×1.38 per timestep`. */
export function shortExplodingText(decades: number, gain: number): string {
  const grown = decades === Number.POSITIVE_INFINITY ? "beyond all numbers" : `${formatDecades(decades)} decades`;
  return Number.isNaN(gain) ? grown : `${grown} · ${formatGain(gain)} per timestep`;
}

/**
 * A sentence, led by a space, if `attenuation` is more than a decade above `survival`. More gradient then enters on the
 * way: per-timestep losses, a recurrent layer above, an LSTM's c, or reads from an external memory.
 */
export function enteringText(attenuation: number, survival: number): string {
  if (!(attenuation - survival > 1)) return "";
  return ` The norm itself changes by ${formatDecades(attenuation)} decades, because more gradient enters on the way.`;
}
