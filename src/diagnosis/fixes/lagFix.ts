/** Writes into the config how far back a task depends on its inputs, if nothing states it yet. */

import type { ResolvedModel } from "../../config/resolved.ts";
import { fixWords } from "../../messages/fixes.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { lagIsKnown } from "../need.ts";
import type { MaybeFix } from "./fix.ts";

/**
 * Proposes the estimated lag if there is one, else the present reach of the gradient: the author knows whether the task
 * needs more. It does not change the training. Undefined if the config or the task states the lag, or if nothing is
 * reached.
 * @param reached timesteps back
 */
export function lagFix(history: RunHistory, model: ResolvedModel, reached: number): MaybeFix {
  const { requiredLag, requiredLagSource } = history.info;
  const lag = requiredLagSource === "estimated" ? requiredLag : reached;
  if (lagIsKnown(history) || lag === null || lag < 1) return undefined;
  return {
    id: "required-lag",
    title: fixWords().requiredLag(lag),
    edits: [{ path: [...model.path, "diagnosis", "requiredLag"], value: lag }],
  };
}
