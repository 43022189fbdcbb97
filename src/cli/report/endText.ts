/** Describes in a few words how a run ended. */

import { count, formatNumber } from "../../protocol/numberText.ts";
import type { Measured } from "../measured.ts";

export function endText(measured: Measured): string {
  const { outcome, history } = measured;
  const took = `${count(history?.lastStep ?? 0, "step")} in ${formatNumber(measured.milliseconds / 1000)} s`;
  switch (outcome.kind) {
    case "completed":
    case "budget":
      return took;
    case "completed-early":
      return `${took}, stopped early: ${outcome.reason}`;
    case "cancelled":
      return `stopped after ${took}`;
    case "diverged":
      return `diverged at step ${outcome.step}`;
    case "refused":
      return "refused";
    case "failed":
      return "failed";
  }
}
