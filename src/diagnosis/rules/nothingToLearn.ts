/**
 * `nothing-to-learn`: the loss stands at the trivial baseline, and a quick model of the data finds nothing either.
 *
 * *Information*. When the data are loaded, a quick model tries to predict the same targets; the rule
 * applies if it does no better than the best constant answer on samples it has not seen. That model looks at single
 * inputs and pairs. Noise and a dependence on three or more inputs together look the same to it, so the message names
 * both. Identical targets are recognized from the data alone. Identical inputs are a *warning* once the loss stands at
 * its baseline: no setting of the net helps then, and the reader has to look at the data.
 */

import { learningWords } from "../../messages/learningFindings.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { hasConstantInputs, hasConstantTargets } from "../constantData.ts";
import { type Learning, learningOf } from "../learning.ts";
import type { ModelView } from "../modelView.ts";
import { findsNothing, lagIsKnown } from "../need.ts";
import { evidence, type Found, findingId, type Rule } from "../rule.ts";

export const nothingToLearn: Rule = (history, model) => {
  if (!history.info.diagnosis.rules["nothing-to-learn"].enabled) return [];
  if (hasConstantTargets(history)) return [ofConstantTargets(history, model)];
  const learning = learningOf(history);
  const { state, loss, baseline, steps } = learning;
  if (state !== "left" && hasConstantInputs(history)) return [ofConstantInputs(history, model, learning)];
  if (state !== "baseline" || baseline === null || !findsNothing(history, learning)) return [];
  const lag = history.info.data?.lag;
  return [
    found(model, {
      step: steps,
      message: learningWords().nothingFound({ loss: formatNumber(loss), baseline: formatNumber(baseline) }),
      explanation: learningWords().nothingFoundWhy(advice(lagIsKnown(history))),
      evidence: evidence({
        loss,
        baselineLoss: baseline,
        achievable: lag?.achievable,
        confidence: lag?.achievableConfidence,
        steps,
      }),
    }),
  ];
};

/** The finding for targets that are all the same. */
function ofConstantTargets({ info: { data, baselineLoss } }: RunHistory, model: ModelView): Found {
  const value = data?.classes ? data.classes[0] : data?.targets.overall.min;
  const alone = data?.classes || data?.targets.columns.length === 1 || data?.targets.overall.max === value;
  const what = alone ? learningWords().areAll(formatNumber(value ?? Number.NaN)) : learningWords().areSame;
  return found(model, {
    step: 1,
    message: learningWords().constantTargets(what),
    explanation: learningWords().constantTargetsWhy,
    evidence: evidence({ samples: data?.samples, baselineLoss, value: alone ? value : null }),
  });
}

/** The finding for inputs that are all the same. */
function ofConstantInputs(
  { info: { data } }: RunHistory,
  model: ModelView,
  { state, loss, baseline }: Learning,
): Found {
  const inputs = data?.inputs;
  const value = inputs?.overall.min;
  const alone = value === inputs?.overall.max;
  const what = alone ? learningWords().areAll(formatNumber(value ?? Number.NaN)) : learningWords().areSame;
  return {
    ...found(model, {
      step: 1,
      message: learningWords().constantInputs(what),
      explanation: learningWords().constantInputsWhy,
      evidence: evidence({ samples: data?.samples, loss, baselineLoss: baseline, value: alone ? value : null }),
    }),
    severity: state === "baseline" ? "warning" : "information",
  };
}

/** What the findings share: they concern the data, and no edit of the config helps. */
function found(model: ModelView, own: Pick<Found, "step" | "message" | "explanation" | "evidence">): Found {
  return {
    id: findingId("nothing-to-learn", model.name, null),
    code: "nothing-to-learn",
    severity: "information",
    model: model.name,
    layer: null,
    weight: null,
    place: model.dataPath,
    timesteps: null,
    fixes: () => [],
    ...own,
  };
}

function advice(known: boolean): string {
  return known ? learningWords().checkPairs : learningWords().stateTheLag;
}
