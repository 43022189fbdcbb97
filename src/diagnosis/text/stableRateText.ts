/** What the loss's curvature says of the learning rate in force. */

import type { StableRate } from "../stableRate.ts";
import { count, formatNumber } from "./numbers.ts";

/** A sentence, led by a space, where the rate in force overshoots; else nothing. */
export function stableRateText(stable: StableRate | null): string {
  if (!stable || !(stable.rate < stable.inForce)) return "";
  return ` By the curvature at ${count(stable.measured, "step")}, rates above ${formatNumber(stable.rate)} overshoot here; ${formatNumber(stable.inForce)} is in force.`;
}
