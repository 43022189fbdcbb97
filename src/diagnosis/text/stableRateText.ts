/** What the loss's curvature says about the learning rate in force. */

import { count, formatNumber } from "../../protocol/numberText.ts";
import type { StableRate } from "../stableRate.ts";

/** A sentence, led by a space, if the rate in force overshoots; else the empty string. */
export function stableRateText(stable: StableRate | null): string {
  if (!stable || !(stable.rate < stable.inForce)) return "";
  return ` By the curvature at ${count(stable.measured, "step")}, rates above ${formatNumber(stable.rate)} overshoot here; ${formatNumber(stable.inForce)} is in force.`;
}
