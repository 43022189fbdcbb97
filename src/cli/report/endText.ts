/** Describes in a few words how a run ended. */

import { reportWords } from "../../messages/report.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import type { Measured } from "../measured.ts";

export function endText(measured: Measured): string {
  const { outcome, history } = measured;
  const took = reportWords().took({
    steps: history?.lastStep ?? 0,
    seconds: formatNumber(measured.milliseconds / 1000),
  });
  switch (outcome.kind) {
    case "completed":
    case "budget":
      return took;
    case "completed-early":
      return reportWords().stoppedEarly({ took, reason: outcome.reason });
    case "cancelled":
      return reportWords().stoppedAfter(took);
    case "diverged":
      return reportWords().divergedAt(outcome.step);
    case "refused":
      return reportWords().refused;
    case "failed":
      return reportWords().failed;
  }
}
