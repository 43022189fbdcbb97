/** Determines how far back the gradient needs to reach, and the source of that figure. */

import type { LagEstimate } from "../../protocol/dataFacts.ts";
import type { LayerInfo, RunInfo } from "../../protocol/run.ts";
import { lagInLayer, type TimeAxis } from "../data/lag/timeAxis.ts";

export type RequiredLag = Pick<RunInfo, "requiredLag" | "requiredLagSource">;

/** Confidence above which an estimate is better than the assumption that the first timestep matters. */
export const sureEnough = 0.75;

export interface LagSources {
  /** Null: not set in the config. */
  readonly config: number | null;
  /** Null: not a built-in task, or a task with an unknown lag. */
  readonly task: number | null;
  /** Estimate from the data; null: they do not determine it. */
  readonly estimate: LagEstimate | null;
  /**
   * Time axis of the data, whose timesteps the estimate counts; null: masked layers count the same real timesteps as
   * the estimate.
   */
  readonly axis: TimeAxis | null;
}

/**
 * The config decides, then the task, then an estimate from the data that is confident enough. Otherwise T − 1 of the
 * longest recurrent layer is assumed. This is also assumed if the estimate found nothing: that does not mean a lag of
 * 0, because a dependence on three or more inputs together looks the same.
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
