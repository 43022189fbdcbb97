/** How far back the gradient needs to reach, and who says so. */

import type { LagEstimate } from "../../protocol/dataFacts.ts";
import type { LayerInfo, RunInfo } from "../../protocol/run.ts";
import { lagInLayer, type TimeAxis } from "../data/lag/timeAxis.ts";

export type RequiredLag = Pick<RunInfo, "requiredLag" | "requiredLagSource">;

/** Confidence from which on an estimate is better than the assumption that the first timestep matters. */
export const sureEnough = 0.75;

export interface LagSources {
  /** Null: not in the config. */
  readonly config: number | null;
  /** Null: no built-in task, or one that does not know. */
  readonly task: number | null;
  /** From the data; null: they do not tell. */
  readonly estimate: LagEstimate | null;
  /** Of the data, whose timesteps the estimate counts; null: masked layers count the same real timesteps as it does. */
  readonly axis: TimeAxis | null;
}

/**
 * The config decides, else the task, else an estimate from the data that is sure enough; where none of them knows, T − 1 of
 * the longest recurrent layer is assumed. So it is where the estimate found nothing: that is no lag of 0, since what depends on
 * three or more inputs together looks the same.
 */
export function requiredLag({ config, task, estimate, axis }: LagSources, layers: readonly LayerInfo[]): RequiredLag {
  const lengths = layers.flatMap((layer) => layer.recurrent?.timesteps ?? []);
  if (lengths.length === 0) return { requiredLag: null, requiredLagSource: null };
  if (config !== null) return { requiredLag: config, requiredLagSource: "config" };
  if (task !== null) return { requiredLag: task, requiredLagSource: "task" };
  const longest = Math.max(...lengths);
  if (estimate && estimate.explained > 0 && estimate.confidence >= sureEnough) {
    const lag = axis ? lagInLayer(estimate.lag, axis.timesteps, longest) : Math.min(estimate.lag, longest - 1);
    return { requiredLag: lag, requiredLagSource: "estimated" };
  }
  return { requiredLag: longest - 1, requiredLagSource: "sequence-length" };
}
