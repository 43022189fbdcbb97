/** A finding about one argument of the optimizer, with its usual value as the fix. */

import type { ResolvedModel } from "../../config/resolved.ts";
import { type OptimizerChange, optimizerEdits } from "../fixes/trainingFixes.ts";
import type { Hold } from "./hold.ts";

interface OptimizerFault extends Pick<Hold, "kind" | "message" | "explanation" | "evidence"> {
  readonly key: keyof OptimizerChange;
  readonly usual: number;
  /** Title of the fix. */
  readonly title: string;
}

export function optimizerHold(model: ResolvedModel, { key, usual, title, ...found }: OptimizerFault): Hold {
  return {
    ...found,
    layer: null,
    place: [...model.trainingPath, "optimizer", key],
    fixes: [{ id: `usual-${found.kind}`, title, edits: optimizerEdits(model, { [key]: usual }) }],
  };
}
