/**
 * `exploding-gradient`: the gradient of a weight jumps, and the jump does damage.
 *
 * Fires for steps whose norm before clipping exceeds `factor` times the median of the (5 to 50) steps before it, or
 * exceeds `norm`, and that had an effect: the losses after it are clearly higher than those before, or the update
 * rewrote a tenth of the weight. One finding per layer: the weight that jumps most.
 *
 * Silent about jumps that are over: they came early, the loss is back where it was, and they do not recur.
 * *Information* if they recur in a net that learns all the same; *warning* otherwise.
 */

import type { JsonPath } from "../../config/resolved.ts";
import { gradientWords } from "../../messages/gradientFindings.ts";
import { median, tail } from "../../protocol/history/median.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { clipFix, clipNormFix, clipValueFix } from "../fixes/clipFixes.ts";
import { present } from "../fixes/fix.ts";
import { glorotFix, orthogonalFix } from "../fixes/layerFixes.ts";
import { lowerRateFix } from "../fixes/trainingFixes.ts";
import { layerSource, typePlace } from "../layerSource.ts";
import { learningOf } from "../learning.ts";
import type { ModelView } from "../modelView.ts";
import { evidence, type Found, findingId, type Rule } from "../rule.ts";
import { stableRateOf, stableRateText } from "../stableRate.ts";
import { fewest, type Jump, jumpsOf, type Limits, lastingJump } from "./gradientJumps.ts";

/** A usual norm above this is part of the explosion and no guide to a threshold. */
const largestClip = 10;

interface WeightJumps {
  readonly weight: string;
  readonly jumps: readonly Jump[];
  readonly worst: Jump;
}

export const explodingGradient: Rule = (history, model) => {
  const { enabled, ...limits } = history.info.diagnosis.rules["exploding-gradient"];
  if (!enabled) return [];
  const { state, loss } = learningOf(history);
  const stable = stableRateOf(history);
  return history.info.layers.flatMap((layer, i): Found[] => {
    const all = layer.weights
      .flatMap((weight): WeightJumps[] => {
        const stands = state === "baseline" ? lastingJump(history, i, weight, limits, loss) : undefined;
        const jumps = stands ? [stands] : jumpsOf(history, i, weight, limits);
        const worst = [...jumps].sort((a, b) => b.excess - a.excess)[0];
        return worst ? [{ weight, jumps, worst }] : [];
      })
      .sort((a, b) => b.worst.excess - a.worst.excess);
    const gravest = all[0];
    if (!gravest) return [];
    const course = courseOf(
      history,
      all.flatMap(({ jumps }) => jumps),
    );
    if (course === "over" || (course === "once" && state === "left")) return [];
    const learns = state === "left";
    const { weight, jumps, worst } = gravest;
    const first = Math.min(...jumps.map(({ step }) => step));
    const source = layerSource(model, layer.path, layer.type);
    const usual = usualNorm(history, first);
    const wild = model.wildRate;
    return [
      {
        id: findingId("exploding-gradient", model.name, layer.name),
        code: "exploding-gradient",
        severity: learns ? "information" : "warning",
        model: model.name,
        layer: layer.name,
        weight,
        place: wild ? [...model.trainingPath, "optimizer", "learningRate"] : placeOf(model, typePlace(source)),
        timesteps: null,
        step: first,
        message: messageOf(weight, worst, limits),
        explanation: explain(model, layer.name, gravest, first, limits, all.slice(1), learns) + stableRateText(stable),
        evidence: evidence({
          gradientNorm: worst.norm,
          clippedGradientNorm: worst.clipped,
          median: Number.isNaN(worst.median) ? undefined : worst.median,
          factor: limits.factor,
          limit: limits.norm,
          firstStep: first,
          worstStep: worst.step,
          occurrences: jumps.length,
          stableRate: stable?.rate,
          ...(worst.effect.kind === "update"
            ? { updateRatio: worst.effect.after, usualUpdateRatio: worst.effect.before }
            : { lossBefore: worst.effect.before, lossAfter: worst.effect.after }),
        }),
        fixes: (config) =>
          present([
            wild ? lowerRateFix(config, stable) : undefined,
            clipFix(config, Math.min(largestClip, model.clips ? usual * 2 : usual * 5)),
            model.clips ? undefined : clipNormFix(config, Math.min(largestClip, worst.median * 5)),
            model.clips ? undefined : clipValueFix(config, Math.min(largestClip, worst.median)),
            glorotFix(source),
            layer.recurrent ? orthogonalFix(source) : undefined,
            wild ? undefined : lowerRateFix(config, stable),
          ]),
      },
    ];
  });
};

/** From this number of jumps on they are no accident. */
const recurrence = 3;

/** Share of the run, and number of steps, that count as recent. */
const lately = 0.1;
const newest = 20;

/**
 * `once`    a few jumps, and the loss has not come back since, or the last one is recent
 * `recurs`  many jumps, or a norm that stays high
 * `over`    a few early jumps, and the loss is back where it was
 */
function courseOf(history: RunHistory, jumps: readonly Jump[]): "once" | "recurs" | "over" {
  if (jumps.some(({ effect }) => effect.kind === "standing")) return "recurs";
  const steps = new Set(jumps.map(({ step }) => step));
  const last = Math.max(...steps);
  const recent = last > history.lastStep - Math.max(newest, lately * history.lastStep);
  if (steps.size >= recurrence && recent) return "recurs";
  const now = median(tail(history.series("loss") ?? new Float64Array(0), 5));
  const back = jumps.every(({ effect }) => effect.kind === "update" || now <= backAt * effect.before);
  return back && !recent ? "over" : "once";
}

/** Multiple of the loss before the jump up to which the loss counts as back. */
const backAt = 1.2;

/** Median norm of all gradients before the first jump; a usual clip limit if too few steps came before it. */
function usualNorm(history: RunHistory, first: number): number {
  const norms = history.series("gradientNorm")?.filter((v, i) => history.steps[i]! < first && v > 0) ?? [];
  return norms.length < fewest ? 0.2 : median(norms);
}

/** Names the limit that the worst step exceeds more. A median of zero gives no ratio. */
function messageOf(weight: string, { norm, median: usual, step }: Jump, limits: Limits): string {
  const ratio = norm / usual;
  return usual > 0 && ratio / limits.factor >= norm / limits.norm
    ? gradientWords().jumpTimes({ weight, ratio: formatNumber(ratio), step, norm: formatNumber(norm) })
    : gradientWords().jumpNorm({ weight, norm: formatNumber(norm), step, limit: formatNumber(limits.norm) });
}

function explain(
  { clips }: ModelView,
  layer: string,
  { weight, jumps, worst }: WeightJumps,
  first: number,
  limits: Limits,
  others: readonly WeightJumps[],
  learns: boolean,
): string {
  const after = clips && worst.clipped !== undefined ? gradientWords().beforeClipping(formatNumber(worst.clipped)) : "";
  const usual = Number.isNaN(worst.median)
    ? gradientWords().tooFewBefore
    : gradientWords().medianBefore(formatNumber(worst.median));
  const sentences = [
    gradientWords().jump({ step: worst.step, layer, weight, norm: formatNumber(worst.norm), after, usual }),
    effectText(worst),
    gradientWords().firstAt({
      first,
      times: jumps.length === 1 ? gradientWords().once : gradientWords().times(jumps.length),
      factor: formatNumber(limits.factor),
      norm: formatNumber(limits.norm),
    }),
    others.length === 0 ? "" : gradientWords().also(others.map((o) => o.weight).join(", ")),
    clippingText(clips),
    learns ? gradientWords().learnsAllTheSame : "",
  ];
  return sentences.filter((s) => s !== "").join(" ");
}

function clippingText(clips: boolean | null): string {
  if (clips === null) return "";
  return clips ? gradientWords().clippingLets : gradientWords().nothingClips;
}

function effectText({ effect: { kind, before, after } }: Jump): string {
  if (kind === "standing") return gradientWords().stayedThere(formatNumber(after));
  if (kind === "update")
    return gradientWords().updateChanged({ after: formatNumber(after), before: formatNumber(before) });
  return Number.isNaN(after)
    ? gradientWords().lossNotFinite
    : gradientWords().lossBeforeAfter({ before: formatNumber(before), after: formatNumber(after) });
}

/** The place of the clipping that should have held the jump, if there is one. */
function placeOf(model: ModelView, layer: JsonPath): JsonPath {
  return model.clips ? [...model.trainingPath, "clip"] : layer;
}
