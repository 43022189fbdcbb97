/**
 * `vanishing-through-depth` and `exploding-through-depth`: the gradient of an early layer's output is less than a
 * thousandth, or more than a thousand times, that of a later layer's, at the median of the newest steps.
 *
 * Vanishing is *information* while it need not mean anything (see `gate`), while it is recovering, and if another path
 * through the net carries the gradient past; *warning* otherwise, and at once if nothing at all is left. Exploding is a
 * *warning* from `minSteps` on, because the first updates do the damage, unless the net learns all the same.
 */

import { isSigmoid } from "../../config/activations.ts";
import type { JsonPath } from "../../config/resolved.ts";
import { gradientWords } from "../../messages/gradientFindings.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatDecades, formatNumber } from "../../protocol/numberText.ts";
import { depthFixes } from "../fixes/depthFixes.ts";
import { innerSource, type LayerSource, nameOf, typePlace, written } from "../layerSource.ts";
import { type Learning, learningOf } from "../learning.ts";
import { arrives } from "../lossTrend.ts";
import type { ModelView } from "../modelView.ts";
import { type GateDecision, gate } from "../reasonToWorry.ts";
import { evidence, type Found, findingId, firstStep, type Rule } from "../rule.ts";
import { earlyAndLate } from "../statistics.ts";
import { type DepthChange, type Direction, depthChange, depthSeries } from "../throughDepth.ts";

export const vanishingThroughDepth: Rule = (history, model) => throughDepth(history, model, "vanishing");
export const explodingThroughDepth: Rule = (history, model) => throughDepth(history, model, "exploding");

function throughDepth(history: RunHistory, model: ModelView, direction: Direction): readonly Found[] {
  const code = `${direction}-through-depth` as const;
  const { enabled, factor, minSteps } = history.info.diagnosis.rules[code];
  if (!enabled || history.steps.length < minSteps) return [];
  const limit = Math.abs(Math.log10(factor));
  const change = depthChange(history, model, direction, limit, minSteps);
  if (!change) return [];
  const learning = learningOf(history);
  const series = depthSeries(history, change);
  const verdict =
    direction === "vanishing" ? judgeVanishing(history, change, series, learning, limit) : judgeExploding(learning);
  const source = innerSource(model, change.steepest);
  const info = history.info.layers.find(({ name }) => name === change.steepest.name) ?? null;
  const nothing = change.decades === Number.NEGATIVE_INFINITY;
  return [
    {
      id: findingId(code, model.name, change.to.name),
      code,
      severity: verdict.warning ? "warning" : "information",
      model: model.name,
      layer: change.to.name,
      weight: null,
      place: placeOf(source),
      timesteps: null,
      step: firstStep(history, series, (v) => Math.abs(v) > limit),
      message: messageOf(change),
      explanation: `${explain(change, factor, source)} ${verdict.because}`,
      evidence: evidence({
        decades: change.decades,
        limit: factor,
        layersBetween: change.layers,
        gradientNorm: change.toNorm,
        laterGradientNorm: change.fromNorm,
        steepestDecades: change.steepestDecades,
        loss: learning.loss,
        baselineLoss: learning.baseline,
        steps: learning.steps,
      }),
      fixes: (config) =>
        depthFixes(direction, config, { entry: change.steepest, source, info, nothing }, change.fromNorm),
    },
  ];
}

/** The value that makes the layer change the gradient: a squashing activation, its initial weights, or its type. */
function placeOf(source: LayerSource): JsonPath {
  const activation = written(source, "activation");
  if (activation && isSigmoid(nameOf(source, "activation"))) return activation;
  return written(source, "kernelInitializer") ?? activation ?? typePlace(source);
}

/** Less than this many decades of recovery is noise. */
const mending = Math.log10(2);

function judgeVanishing(
  history: RunHistory,
  change: DepthChange,
  series: Float64Array,
  learning: Learning,
  limit: number,
): GateDecision {
  const verdict = gate(learning);
  if (change.bypass)
    return {
      warning: false,
      because: gradientWords().otherPath(change.bypass.name),
    };
  if (learning.state !== "left" && change.decades === Number.NEGATIVE_INFINITY)
    return {
      warning: true,
      because: gradientWords().exactlyZeroBefore,
    };
  const { early, late } = earlyAndLate(series);
  // From the middle of the first half to that of the last quarter.
  const pace = (late - early) / ((5 / 8) * history.lastStep);
  if (verdict.warning && late - early > mending && arrives(history, late, pace, -limit))
    return { warning: false, because: gradientWords().recovering };
  return verdict;
}

function judgeExploding(learning: Learning): GateDecision {
  if (learning.state === "left") return gate(learning);
  return { warning: true, because: gradientWords().firstTooLarge };
}

function messageOf({ decades, from, to, layers, steepest }: DepthChange): string {
  const way = gradientWords().between({ from: from.name, to: to.name });
  if (decades === Number.NEGATIVE_INFINITY)
    return gradientWords().nothingPast({ steepest: steepest.name, to: to.name });
  const each = layers > 1 ? gradientWords().perLayer(formatNumber(10 ** (decades / layers))) : "";
  return gradientWords().depth({
    shrinks: decades < 0,
    decades: formatDecades(Math.abs(decades)).slice(1),
    way,
    each,
  });
}

function explain(change: DepthChange, factor: number, source: LayerSource): string {
  const { from, to, fromNorm, toNorm, layers, steepest, steepestDecades } = change;
  const share =
    layers > 1 && Number.isFinite(steepestDecades)
      ? gradientWords().aloneAccounts({ steepest: steepest.name, decades: formatDecades(steepestDecades) })
      : "";
  const squashing = isSigmoid(nameOf(source, "activation")) && change.decades < 0 ? gradientWords().sigmoidSlope : "";
  return gradientWords().throughDepth({
    from: from.name,
    fromNorm: formatNumber(fromNorm),
    to: to.name,
    layers,
    toNorm: formatNumber(toNorm),
    factor: formatNumber(factor),
    share,
    squashing,
  });
}
