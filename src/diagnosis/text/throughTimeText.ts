/** The wording of gradients that vanish or grow through time, shared by all views. */

import { verdictWords } from "../../messages/verdicts.ts";
import type { Reach } from "../../protocol/history/reach.ts";
import { formatDecades, formatGain } from "../../protocol/numberText.ts";

/** `gradient reaches 34 of 99 timesteps · ×0.87 per timestep`. */
export function reachText(reach: Reach, reversed: boolean): string {
  const reached = Math.min(reach.horizon, reach.required);
  const gain = Number.isNaN(reach.gain) ? "" : verdictWords().perTimestep(formatGain(reach.gain));
  return verdictWords().reaches({ reached, required: reach.required, gain, reversed });
}

/** The same for the end of a line: `34/99 · ×0.87 per timestep`. */
export function shortReachText(reach: Reach): string {
  const gain = Number.isNaN(reach.gain) ? "" : verdictWords().perTimestep(formatGain(reach.gain));
  return `${Math.min(reach.horizon, reach.required)}/${reach.required}${gain}`;
}

/** `gradient grows by 14.2 decades over 99 timesteps · ×1.38 per timestep`. */
export function explodingText(decades: number, timesteps: number, gain: number, reversed: boolean): string {
  const factor = Number.isNaN(gain) ? "" : verdictWords().perTimestep(formatGain(gain));
  const grown =
    decades === Number.POSITIVE_INFINITY
      ? verdictWords().beyondNumbers
      : verdictWords().growsBy(formatDecades(decades).replace("+", ""));
  return verdictWords().explodes({ grown, timesteps, factor, reversed });
}

/** The same for the end of a line: `+14.2 decades · ×1.38 per timestep`. */
export function shortExplodingText(decades: number, gain: number): string {
  const grown =
    decades === Number.POSITIVE_INFINITY
      ? verdictWords().shortBeyond
      : verdictWords().shortDecades(formatDecades(decades));
  return Number.isNaN(gain) ? grown : verdictWords().shortGrown({ grown, gain: formatGain(gain) });
}

/**
 * A sentence, led by a space, if `attenuation` is more than a decade above `survival`. More gradient then enters on the
 * way: per-timestep losses, a recurrent layer above, an LSTM's c, or reads from an external memory.
 */
export function enteringText(attenuation: number, survival: number): string {
  if (!(attenuation - survival > 1)) return "";
  return verdictWords().gradientEnters(formatDecades(attenuation));
}
