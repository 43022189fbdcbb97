/** Why a norm and the product of the gains differ. */

import { formatDecades } from "../../protocol/numberText.ts";

/**
 * A sentence, led by a space, if `attenuation` is more than a decade above `survival`. More gradient then enters on the
 * way: per-timestep losses, a recurrent layer above, an LSTM's c, or reads from an external memory.
 */
export function enteringText(attenuation: number, survival: number): string {
  if (!(attenuation - survival > 1)) return "";
  return ` The norm itself changes by ${formatDecades(attenuation)} decades, because more gradient enters on the way.`;
}
