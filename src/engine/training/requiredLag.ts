/** How far back the gradient needs to reach, and who says so. */

import type { LayerInfo, RunInfo } from "../../protocol/run.ts";

export type RequiredLag = Pick<RunInfo, "requiredLag" | "requiredLagSource">;

/** The config decides, else the task; where neither knows, T − 1 of the longest recurrent layer. */
export function requiredLag(config: number | null, task: number | null, layers: readonly LayerInfo[]): RequiredLag {
  const lengths = layers.flatMap((layer) => layer.recurrent?.timesteps ?? []);
  if (lengths.length === 0) return { requiredLag: null, requiredLagSource: null };
  if (config !== null) return { requiredLag: config, requiredLagSource: "config" };
  if (task !== null) return { requiredLag: task, requiredLagSource: "task" };
  return { requiredLag: Math.max(...lengths) - 1, requiredLagSource: "sequence-length" };
}
