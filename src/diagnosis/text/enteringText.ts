/** Why a norm and the product of the gains differ. */

import { formatDecades } from "./numbers.ts";

/**
 * A sentence, led by a space, where `attenuation` is more than a decade above `survival`: gradient then enters on the
 * way, be it by the timesteps' own losses, from a recurrent layer above, or into an LSTM's c, or an external memory, by way of what is read of it.
 */
export function enteringText(attenuation: number, survival: number): string {
  if (!(attenuation - survival > 1)) return "";
  return ` The norm itself changes by ${formatDecades(attenuation)} decades, because more gradient enters on the way.`;
}
