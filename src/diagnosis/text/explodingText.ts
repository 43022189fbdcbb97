/** The wording of growth through time, shared by all views. */

import { formatDecades, formatGain } from "../../protocol/numberText.ts";

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
