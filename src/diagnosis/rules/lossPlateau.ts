/**
 * `loss-plateau`: after part of a training run the loss is still no better than the best constant answer's.
 *
 * Not in a probe, which sees but the first steps. *Information* until half of the run is over (nets that learn may take
 * that long), then a *warning*. Left out where another finding says why (see `settle`).
 */

import { present } from "../fixes/layerFixes.ts";
import { adaptiveFix, longerFix, rateFix } from "../fixes/trainingFixes.ts";
import { learningOf } from "../learning.ts";
import { count, formatNumber, formatPercent } from "../text/numbers.ts";
import { evidence, findingId, type Rule } from "./rule.ts";

/** Share of a run after which a plateau is no longer a beginning. */
const half = 0.5;

export const lossPlateau: Rule = (history, model) => {
  const { enabled, tolerance, grace } = history.info.diagnosis.rules["loss-plateau"];
  const { kind, plannedSteps, baselineLoss } = history.info;
  if (!enabled || kind === "probe" || plannedSteps === null || baselineLoss === null) return [];
  const learning = learningOf(history, tolerance);
  if (learning.state !== "baseline" || learning.steps < grace * plannedSteps) return [];
  const warning = learning.steps >= half * plannedSteps;
  return [
    {
      id: findingId("loss-plateau", model.name, null),
      code: "loss-plateau",
      severity: warning ? "warning" : "information",
      model: model.name,
      layer: null,
      weight: null,
      place: [...model.trainingPath, "optimizer"],
      timesteps: null,
      step: learning.steps,
      message: `loss ${formatNumber(learning.loss)} is no better than the trivial baseline, ${formatNumber(baselineLoss)}, after ${count(learning.steps, "step")}`,
      explanation:
        `The best constant answer costs ${formatNumber(baselineLoss)}; a net within ${formatPercent(tolerance)} of it, or above it, has learnt nothing of its inputs yet. ` +
        `${formatPercent(learning.steps / plannedSteps)} of the run are over${warning ? "" : "; many nets need that long to begin"}. ` +
        `A gradient that reaches all timesteps is necessary for learning, but not sufficient: see how large the updates are.`,
      evidence: evidence({ loss: learning.loss, baselineLoss, tolerance, steps: learning.steps, plannedSteps }),
      fixes: present([longerFix(model), rateFix(model, 3), rateFix(model, 1 / 3), adaptiveFix(model)]),
    },
  ];
};
