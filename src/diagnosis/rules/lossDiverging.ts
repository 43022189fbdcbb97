/**
 * `loss-diverging`: the loss has grown to more than `factor` times its first value (or the trivial baseline, if that is
 * larger), at the median of `minSteps` steps in a row. *Warning*; *information* once it has come back.
 */

import { learningWords } from "../../messages/learningFindings.ts";
import { median, tail } from "../../protocol/history/median.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { clipFix } from "../fixes/clipFixes.ts";
import { present } from "../fixes/fix.ts";
import { lowerRateFix, plateauFix } from "../fixes/trainingFixes.ts";
import { learningOf } from "../learning.ts";
import { evidence, findingId, type Rule } from "../rule.ts";
import { stableRateOf, stableRateText } from "../stableRate.ts";

export const lossDiverging: Rule = (history, model) => {
  const { enabled, factor, minSteps } = history.info.diagnosis.rules["loss-diverging"];
  const losses = history.series("loss");
  const first = losses?.[0];
  if (!enabled || !losses || first === undefined || !Number.isFinite(first)) return [];
  const reference = Math.max(first, history.info.baselineLoss ?? first);
  const limit = factor * reference;
  let worst = 0;
  let since = -1;
  for (let end = minSteps; end <= losses.length; end++) {
    const level = median(losses.subarray(end - minSteps, end));
    if (!(level > limit)) continue;
    if (since < 0) since = end - minSteps;
    worst = Math.max(worst, level);
  }
  if (since < 0) return [];
  const now = median(tail(losses, minSteps));
  const lasting = now > limit;
  const learns = learningOf(history).state === "left";
  // The first step beyond the limit, even if it lay in an early minority of its window.
  const step = history.steps[losses.findIndex((v, i) => i >= since && v > limit)] ?? history.lastStep;
  const stable = stableRateOf(history);
  const before = history.series("gradientNorm")?.filter((v, i) => history.steps[i]! < step && v > 0) ?? [];
  return [
    {
      id: findingId("loss-diverging", model.name, null),
      code: "loss-diverging",
      severity: lasting && !learns ? "warning" : "information",
      model: model.name,
      layer: null,
      weight: null,
      place: [...model.trainingPath, "optimizer", "learningRate"],
      timesteps: null,
      step,
      message: learningWords().grown({
        to: lasting ? learningWords().to(formatNumber(now)) : learningWords().toAsMuchAs(formatNumber(worst)),
        first: formatNumber(first),
      }),
      explanation: learningWords().divergingWhy({
        factor: formatNumber(factor),
        isFirst: reference === first,
        reference: formatNumber(reference),
        steps: minSteps,
        step,
        stable: stableRateText(stable),
        now: lasting ? "" : learningWords().isNow(formatNumber(now)),
      }),
      evidence: evidence({
        loss: now,
        worstLoss: worst,
        firstLoss: first,
        baselineLoss: history.info.baselineLoss,
        factor,
        learningRate: model.learningRate,
        stableRate: stable?.rate,
      }),
      fixes: (config) =>
        present([
          lowerRateFix(config, stable),
          clipFix(config, before.length === 0 ? 1 : Math.min(10, median(before))),
          plateauFix(config),
        ]),
    },
  ];
};
