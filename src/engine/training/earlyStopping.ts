/** Ends a training run that no longer improves. */

import type { EarlyStoppingConfig } from "../../config/resolved.ts";
import { engineWords } from "../../messages/engine.ts";
import { formatNumber } from "../../protocol/numberText.ts";

export interface MonitoredLosses {
  /** Mean over the epoch's steps. */
  readonly loss: number;
  /** Loss at the epoch's end; null without samples for testing. */
  readonly testLoss: number | null;
}

/**
 * Receives each epoch's losses; returns why to stop, for people, or null to continue. Same as Keras's `EarlyStopping`.
 */
export function earlyStopping({
  monitor,
  patience,
  minDelta,
}: EarlyStoppingConfig): (losses: MonitoredLosses) => string | null {
  let best = Number.POSITIVE_INFINITY;
  let bestEpoch = 0;
  let epoch = 0;
  let waited = 0;
  return (losses) => {
    epoch++;
    const value = losses[monitor] ?? Number.NaN;
    if (value < best - minDelta) {
      best = value;
      bestEpoch = epoch;
      waited = 0;
      return null;
    }
    waited++;
    if (waited < patience) return null;
    const known = bestEpoch === 0 ? "" : engineWords().itsBest({ best: formatNumber(best), epoch: bestEpoch });
    return engineWords().notImproved({ monitor, epochs: waited, best: known });
  };
}
