/** Which losses take numbers as targets; the others take classes, or shares of them. */

import type { LossName } from "./resolved.ts";

export function isRegression(loss: LossName): boolean {
  return loss === "meanSquaredError" || loss === "meanAbsoluteError";
}
