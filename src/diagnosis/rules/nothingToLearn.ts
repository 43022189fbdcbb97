/**
 * `nothing-to-learn`: the loss stands at the trivial baseline because the data allow no better.
 *
 * *Information*, never more: nothing is wrong with the net. It rests on a quick model that is asked for the same targets
 * when the data are loaded and that does no better than the best constant answer on samples it has not seen.
 */

import { learningOf } from "../learning.ts";
import { achievableShare, atBest, nothingToLearn as hasNothing } from "../need.ts";
import { formatNumber, formatPercent } from "../text/numbers.ts";
import { evidence, findingId, type Rule } from "./rule.ts";

export const nothingToLearn: Rule = (history, model) => {
  if (!history.info.diagnosis.rules["nothing-to-learn"].enabled) return [];
  const learning = learningOf(history);
  const { state, loss, baseline, steps } = learning;
  if (state !== "baseline" || baseline === null || !hasNothing(history) || !atBest(history, learning)) return [];
  const lag = history.info.data?.lag;
  const share = achievableShare(history) ?? 1;
  return [
    {
      id: findingId("nothing-to-learn", model.name, null),
      code: "nothing-to-learn",
      severity: "information",
      model: model.name,
      layer: null,
      weight: null,
      place: model.dataPath,
      timesteps: null,
      step: steps,
      message: `nothing to learn here beyond the baseline: loss ${formatNumber(loss)}, baseline ${formatNumber(baseline)}`,
      explanation:
        `A quick model of the same inputs and targets gets no farther than ${formatPercent(Math.min(1, share))} of the trivial baseline on samples it has not seen: as far as it can tell, the targets do not depend on the inputs. ` +
        `No change of the net or its training helps then. If you know better, say how far back the targets depend on the inputs with "diagnosis": { "requiredLag": … }.`,
      evidence: evidence({ loss, baselineLoss: baseline, achievable: share, confidence: lag?.confidence, steps }),
      fixes: [],
    },
  ];
};
