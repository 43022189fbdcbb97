/** Edits that let a deep stack of transformer blocks train. */

import type { LayerEntry, ResolvedModel } from "../../config/resolved.ts";
import { fixWords } from "../../messages/fixes.ts";
import type { MaybeFix } from "./fix.ts";
import { warmupEdit } from "./trainingFixes.ts";

/** Changes all blocks at once: a single remaining one would still have its normalization in the residual path. */
export function preNormFix(blocks: readonly LayerEntry[]): MaybeFix {
  if (blocks.length === 0) return undefined;
  return {
    id: "pre-norm",
    title: fixWords().preNorm(blocks.length),
    edits: blocks.map(({ path }) => ({ path: [...path, "normalization"], value: "pre" })),
  };
}

/** At least a tenth of the run; the warm-up of Vaswani et al. (2017) is 4000 of 100,000 steps. */
const share = 0.1;
/** Warm-up for a run given in epochs, whose number of steps is not known. */
const usual = 100;

export function warmupFix(model: ResolvedModel): MaybeFix {
  const { schedule, length } = model.training;
  if (schedule.warmup > 0) return undefined;
  const warmup = "steps" in length ? Math.max(1, Math.ceil(length.steps * share)) : usual;
  return { id: "warm-up", title: fixWords().warmup(warmup), edits: [warmupEdit(model, warmup)] };
}
