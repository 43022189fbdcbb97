/** Tells losses with numbers as targets from those with classes, or shares of classes. */

import type { LossName } from "./resolved.ts";

export function isRegression(loss: LossName): boolean {
  return loss === "meanSquaredError" || loss === "meanAbsoluteError";
}
