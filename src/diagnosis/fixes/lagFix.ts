/** Says in the config how far back a task depends on its inputs, where nobody has said so yet. */

import type { ResolvedModel } from "../../config/resolved.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { lagIsKnown } from "../need.ts";
import { count } from "../text/numbers.ts";
import type { MaybeFix } from "./fix.ts";

/**
 * The estimated lag where there is one, else what the gradient reaches now: the author knows whether that is all the task
 * needs. It changes no training. Undefined where the config or the task says the lag, or nothing is reached.
 * @param reached timesteps back
 */
export function lagFix(history: RunHistory, model: ResolvedModel, reached: number): MaybeFix {
  const { requiredLag, requiredLagSource } = history.info;
  const lag = requiredLagSource === "estimated" ? requiredLag : reached;
  if (lagIsKnown(history) || lag === null || lag < 1) return undefined;
  return {
    id: "required-lag",
    title: `Say that the task needs ${count(lag, "timestep")} (diagnosis.requiredLag)`,
    edits: [{ path: [...model.path, "diagnosis", "requiredLag"], value: lag }],
  };
}
