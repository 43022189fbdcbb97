/**
 * `exploding-gradient`: the gradient of a weight jumps.
 *
 * Fires for a step whose norm before clipping is more than `factor` times the median of the (up to 50, at least 5)
 * steps before it, or more than `norm`; a jump that is still below the usual norm of all gradients together moves nothing
 * and is left out, and one to no more than at the initial weights. One finding per layer: the weight that jumps most. *Warning*, or *information*
 * where clipping is in force and brought every such step back below both limits, or let it through unchanged, or where the loss has left its
 * baseline all the same: as a net learns, its usual norm falls, and single batches stand out of it.
 */

import type { ConfigPath, ResolvedModel } from "../../config/resolved.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { glorotFix, orthogonalFix, present } from "../fixes/layerFixes.ts";
import { clipFix, clipNormFix, clips, clipValueFix, lowerRateFix } from "../fixes/trainingFixes.ts";
import { layerSource, typePlace } from "../layerSource.ts";
import { learningOf } from "../learning.ts";
import { median, RunningMedian } from "../statistics.ts";
import { count, formatNumber } from "../text/numbers.ts";
import { evidence, findingId, type Rule } from "./rule.ts";

const window = 50;
const fewest = 5;

/** A usual norm beyond this is part of the explosion and no guide to a threshold. */
const largestClip = 10;

interface Jumps {
  readonly weight: string;
  readonly first: number;
  readonly worst: number;
  readonly count: number;
  /** Of the worst step. */
  readonly norm: number;
  readonly clipped: number | undefined;
  readonly median: number;
  /** How far beyond its limit the worst step is; above 1. */
  readonly excess: number;
  /** Every flagged step came out of clipping within both limits. */
  readonly contained: boolean;
}

interface Limits {
  readonly factor: number;
  readonly norm: number;
}

export const explodingGradient: Rule = (history, model) => {
  const { enabled, ...limits } = history.info.diagnosis.rules["exploding-gradient"];
  if (!enabled) return [];
  const learns = learningOf(history).state === "left";
  return history.info.layers.flatMap((layer, i): Finding[] => {
    const jumps = layer.weights
      .flatMap((weight) => jumpsOf(history, i, weight, limits, clips(model)) ?? [])
      .sort((a, b) => b.excess - a.excess);
    const worst = jumps[0];
    if (!worst) return [];
    const contained = jumps.every((j) => j.contained);
    const source = layerSource(model, layer.path, layer.type);
    const others = jumps.slice(1).map((j) => j.weight);
    const usual = usualNorm(history, jumps);
    return [
      {
        id: findingId("exploding-gradient", model.name, layer.name),
        code: "exploding-gradient",
        severity: contained || learns ? "information" : "warning",
        model: model.name,
        layer: layer.name,
        weight: worst.weight,
        place: placeOf(model, typePlace(source)),
        timesteps: null,
        step: worst.first,
        message: messageOf(worst, contained, limits),
        explanation:
          `At step ${worst.worst} the gradient norm of ${layer.name}/${worst.weight} was ${formatNumber(worst.norm)}${clips(model) && worst.clipped !== undefined ? ` before clipping and ${formatNumber(worst.clipped)} after` : ""}; ` +
          `${Number.isNaN(worst.median) ? "too few steps came before it for a median" : `the median of the steps before was ${formatNumber(worst.median)}`}. ` +
          `First at step ${worst.first}, ${worst.count === 1 ? "once" : count(worst.count, "time")} so far; the limits are ${formatNumber(limits.factor)} times the median and ${formatNumber(limits.norm)}.` +
          `${others.length === 0 ? "" : ` Also ${others.join(", ")}.`}` +
          `${contained ? " Clipping is in force and kept the updates within bounds." : clips(model) ? " Clipping is in force, but its limit lets this through." : " Nothing clips the gradients."}` +
          `${learns && !contained ? " The loss has left the baseline: the net learns all the same." : ""}`,
        evidence: evidence({
          gradientNorm: worst.norm,
          clippedGradientNorm: worst.clipped,
          median: Number.isNaN(worst.median) ? undefined : worst.median,
          factor: limits.factor,
          limit: limits.norm,
          firstStep: worst.first,
          worstStep: worst.worst,
          occurrences: worst.count,
        }),
        fixes: contained
          ? []
          : present([
              clipFix(model, Math.min(largestClip, clips(model) ? usual * 2 : usual * 5)),
              clips(model) ? undefined : clipNormFix(model, Math.min(largestClip, worst.median * 5)),
              clips(model) ? undefined : clipValueFix(model, Math.min(largestClip, worst.median)),
              glorotFix(source),
              layer.recurrent ? orthogonalFix(source) : undefined,
              lowerRateFix(model),
            ]),
      },
    ];
  });
};

/** Median norm of all gradients before the first jump; where too few steps came before it, what is usually clipped at. */
function usualNorm(history: RunHistory, jumps: readonly Jumps[]): number {
  const first = Math.min(...jumps.map((j) => j.first));
  const norms = history.series("gradientNorm")?.filter((v, i) => history.steps[i]! < first && v > 0) ?? [];
  return norms.length < fewest ? 0.2 : median(norms);
}

/** Names the limit that the worst step is farther beyond. */
function messageOf(jumps: Jumps, contained: boolean, limits: Limits): string {
  const { weight, norm } = jumps;
  const clipped = contained && jumps.clipped !== undefined ? `clipped to ${formatNumber(jumps.clipped)}` : "";
  const ratio = norm / jumps.median;
  if (ratio / limits.factor >= norm / limits.norm) {
    const figures = [`norm ${formatNumber(norm)}`, clipped].filter((part) => part !== "").join(", ");
    return `gradient of ${weight} was ${formatNumber(ratio)} times its median at step ${jumps.worst} (${figures})`;
  }
  const beyond = `gradient norm of ${weight} was ${formatNumber(norm)} at step ${jumps.worst}`;
  return `${beyond} (${clipped === "" ? `limit ${formatNumber(limits.norm)}` : clipped})`;
}

/** The clipping that should have held it, where there is one. */
function placeOf(model: ResolvedModel, layer: ConfigPath): ConfigPath {
  return clips(model) ? [...model.trainingPath, "clip"] : layer;
}

function jumpsOf(
  history: RunHistory,
  layer: number,
  weight: string,
  limits: Limits,
  clipping: boolean,
): Jumps | undefined {
  const norms = history.series("weightGradientNorm", layer, weight);
  if (!norms || !mayJump(norms, limits)) return undefined;
  const clippedNorms = history.series("weightClippedGradientNorm", layer, weight);
  const all = history.series("gradientNorm");
  const before = new RunningMedian(window);
  const allBefore = new RunningMedian(window);
  let result: Jumps | undefined;
  norms.forEach((norm, i) => {
    // Back to the size it had at the initial weights is the end of a plateau, not an explosion.
    const usual = before.count >= fewest && !(norm <= norms[0]!) ? before.value : Number.NaN;
    const excess = excessOf(norm, usual, limits);
    if (excess > 1 && !(norm < allBefore.value)) {
      const step = history.steps[i]!;
      const clipped = clippedNorms?.[i];
      // What clipping leaves as it is, the config has declared to be within bounds.
      const contained =
        clipping &&
        clipped !== undefined &&
        (excessOf(clipped, usual, limits) <= 1 || (clipped === norm && norm <= limits.norm));
      const worst = result === undefined || excess > result.excess;
      result = {
        weight,
        first: result?.first ?? step,
        count: (result?.count ?? 0) + 1,
        contained: contained && (result?.contained ?? true),
        ...(worst || result === undefined
          ? { worst: step, norm, clipped, median: usual, excess }
          : {
              worst: result.worst,
              norm: result.norm,
              clipped: result.clipped,
              median: result.median,
              excess: result.excess,
            }),
      };
    }
    before.push(norm);
    allBefore.push(all?.[i] ?? Number.NaN);
  });
  return result;
}

/** Largest of norm / limit over both limits; 0 for what is not finite (that is `non-finite`'s) or has no usable median. */
function excessOf(norm: number, usual: number, limits: Limits): number {
  if (!Number.isFinite(norm)) return 0;
  const relative = usual > 0 ? norm / (limits.factor * usual) : 0;
  return Math.max(relative, norm / limits.norm);
}

/** A look at the extremes that spares most series the running median. */
function mayJump(norms: Float64Array, limits: Limits): boolean {
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (const v of norms) {
    if (!Number.isFinite(v)) continue;
    if (v > 0 && v < min) min = v;
    if (v > max) max = v;
  }
  return max > limits.norm || max > limits.factor * min;
}
