/** Why a norm and the product of the gains differ. */

import { formatDecades } from "./numbers.ts";

/**
 * A sentence, led by a space, where `attenuation` is more than a decade above `survival`: gradient then enters on the
 * way, be it by the timesteps' own losses, from a recurrent layer above, or into an LSTM's c by way of its h.
 */
export function enteringText(attenuation: number, survival: number): string {
  if (!(attenuation - survival > 1)) return "";
  return ` The norm itself changes by ${formatDecades(attenuation)} decades, because more gradient enters on the way.`;
}
