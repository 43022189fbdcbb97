/** A warm-up that lasts as long as the run or longer, so that the learning rate never gets to its full value. */

import { learningWords } from "../../messages/learningFindings.ts";
import { formatNumber, formatPercent } from "../../protocol/numberText.ts";
import { warmupEdit } from "../fixes/trainingFixes.ts";
import { hardlyMoves, movementOf } from "../movement.ts";
import { standingText } from "../reasonToWorry.ts";
import { evidence } from "../rule.ts";
import type { HoldCheck } from "./hold.ts";

/** The proposed warm-up, as a share of the run: a tenth or less is usual (Goyal et al. 2017; Ma & Yarats 2021). */
const usual = 0.1;

export const longWarmup: HoldCheck = ({ history, model, learning }) => {
  const { warmup } = model.training.schedule;
  const { kind, plannedSteps } = history.info;
  // A probe sees the beginning of a run, in which the rate is small on purpose.
  if (kind === "probe" || plannedSteps === null || warmup < plannedSteps || !hardlyMoves(history)) return undefined;
  const path = [...model.trainingPath, "schedule", "warmup"];
  const highest = Math.max(...(history.series("learningRate") ?? [Number.NaN]));
  const shorter = Math.max(1, Math.round(usual * plannedSteps));
  return {
    kind: "warmup",
    layer: null,
    place: path,
    message: learningWords().warmsUp({ warmup, steps: plannedSteps }),
    explanation: learningWords().warmsUpWhy({
      highest: formatNumber(highest),
      full: formatNumber(model.training.optimizer.learningRate),
      movement: formatPercent(movementOf(history)),
      steps: learning.steps,
      standing: standingText(learning),
    }),
    evidence: evidence({
      learningRate: highest,
      fullLearningRate: model.training.optimizer.learningRate,
      movement: movementOf(history),
    }),
    fixes: [
      { id: "shorter-warmup", title: learningWords().shorterWarmup(shorter), edits: [warmupEdit(model, shorter)] },
      { id: "no-warmup", title: learningWords().noWarmup, edits: [warmupEdit(model, 0)] },
    ],
  };
};
