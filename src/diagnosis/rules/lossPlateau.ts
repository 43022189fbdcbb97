/**
 * `loss-plateau`: after part of a training run the loss is still no better than the best constant answer's.
 *
 * Not reported in a probe, which sees only the first steps. *Information* until half of the run is over, because nets
 * that learn may take that long; then a *warning*. A *warning* at once for a loss above twice the baseline that stands
 * still, or that has not come down by the end of the run. *Information* if the losses of single batches vary so much
 * that the net may have learnt something (batches with few samples of a rare class). Dropped if another finding gives
 * the reason (see `settle`).
 */

import type { ResolvedModel } from "../../config/resolved.ts";
import { learningWords } from "../../messages/learningFindings.ts";
import type { Fix } from "../../protocol/finding.ts";
import { tail } from "../../protocol/history/median.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatNumber, formatPercent } from "../../protocol/numberText.ts";
import { present } from "../fixes/fix.ts";
import { adaptiveFix, classWeightFix, longerFix, rateFix } from "../fixes/trainingFixes.ts";
import { type Learning, learningOf } from "../learning.ts";
import { atBest, findsNothing } from "../need.ts";
import { farAbove, standingText } from "../reasonToWorry.ts";
import { evidence, findingId, type Rule } from "../rule.ts";
import { level } from "../statistics.ts";

/** Share of a run after which a plateau is no longer just a beginning. */
const half = 0.5;

export const lossPlateau: Rule = (history, model) => {
  const { enabled, tolerance, grace } = history.info.diagnosis.rules["loss-plateau"];
  const { kind, plannedSteps, baselineLoss } = history.info;
  if (!enabled || kind === "probe" || plannedSteps === null || baselineLoss === null) return [];
  // All targets are the same: a net that outputs them has nothing left to learn.
  if (baselineLoss <= 0) return [];
  const learning = learningOf(history, tolerance);
  const { state, loss, steps } = learning;
  const over = steps >= plannedSteps;
  const far = loss > farAbove * baselineLoss;
  const late = state === "falling" && over && loss > baselineLoss * (1 + tolerance);
  const stands = state === "baseline" && (far || steps >= grace * plannedSteps);
  if ((!stands && !late) || atBest(history, learning) || findsNothing(history, learning)) return [];
  const vague = isVague(history, baselineLoss, tolerance);
  const warning = far || (stands && !vague && steps >= half * plannedSteps);
  const text = standingText(learning);
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
      step: steps,
      message: learningWords().plateau({ standing: text.replace(/^the loss, ([^,]+),/, "loss $1"), steps }),
      explanation: learningWords().plateauWhy({
        baseline: formatNumber(baselineLoss),
        tolerance: formatPercent(tolerance),
        course: late
          ? learningWords().stillFalling
          : learningWords().shareIsOver({
              share: formatPercent(Math.min(1, steps / plannedSteps)),
              reservation: warning ? "" : vague ? learningWords().batchesVary : learningWords().needThatLong,
            }),
        recurrent: history.info.layers.some(({ recurrent }) => recurrent),
      }),
      evidence: evidence({ loss, baselineLoss, timesBaseline: loss / baselineLoss, tolerance, steps, plannedSteps }),
      fixes: (config) => fixesOf(config, learning, late, positivesOf(history)),
    },
  ];
};

/** Share of class 1 if the targets are one column of two classes; NaN otherwise. */
function positivesOf({ info: { data } }: RunHistory): number {
  return data?.targets.columns.length === 1 ? data.targets.overall.mean : Number.NaN;
}

/** Standard errors, and tolerances below the baseline, within which the newest quarter's mean may lie. */
const unsure = 2;
const clearly = 3;

function isVague(history: RunHistory, baseline: number, tolerance: number): boolean {
  const losses = history.series("loss") ?? new Float64Array(0);
  const { mean, error } = level(tail(losses, Math.ceil(losses.length / 4)));
  return mean - unsure * error < baseline * (1 - clearly * tolerance);
}

function fixesOf(model: ResolvedModel, { direction }: Learning, late: boolean, positives: number): readonly Fix[] {
  const faster = rateFix(model, 3);
  return present([
    classWeightFix(model, positives),
    ...(late || direction === "falls" ? [faster, longerFix(model)] : [longerFix(model), faster]),
    rateFix(model, 1 / 3),
    adaptiveFix(model),
  ]);
}
