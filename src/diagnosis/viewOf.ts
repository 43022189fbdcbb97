/** What is known of a model: from its config, or from the measurements of a program's run. */

import type { ResolvedModel } from "../config/resolved.ts";
import type { RunHistory } from "../protocol/history.ts";
import { clips } from "./fixes/clipFixes.ts";
import { isWildRate } from "./fixes/trainingFixes.ts";
import type { ModelView } from "./modelView.ts";

export function viewOfConfig(model: ResolvedModel): ModelView {
  const { name, layers, inputs, outputs, file, dataPath, trainingPath, training } = model;
  return {
    name,
    layers,
    inputs,
    outputs,
    file,
    dataPath,
    trainingPath,
    loss: training.loss,
    clips: clips(model),
    truncate: training.truncate,
    learningRate: training.optimizer.learningRate,
    reportsLoss: true,
    wildRate: isWildRate(model),
  };
}

/** A share of the norm below which the norm after clipping is not the one before it. */
const untouched = 0.999;

/** A model that a program has built: what its run shows of it. */
export function viewOfProgram(history: RunHistory): ModelView {
  const after = history.series("clippedGradientNorm");
  const clipped = history.series("gradientNorm")?.some((norm, i) => (after?.[i] ?? Number.NaN) < untouched * norm);
  const rates = history.series("learningRate")?.filter((rate) => rate > 0) ?? new Float64Array(0);
  return {
    name: history.info.model,
    layers: [],
    inputs: [],
    outputs: [],
    file: null,
    dataPath: [],
    trainingPath: [],
    loss: null,
    clips: clipped === true ? true : null,
    truncate: null,
    learningRate: rates.length > 0 ? Math.max(...rates) : null,
    reportsLoss: reportsLoss(history.series("loss")),
    wildRate: false,
  };
}

/** A program may report its loss at some of the steps only: then there are finite losses after missing ones. */
function reportsLoss(losses: Float64Array | undefined): boolean {
  const first = losses?.findIndex(Number.isNaN) ?? -1;
  return losses !== undefined && first > 0 && !losses.subarray(first).some((loss) => !Number.isNaN(loss));
}
