/**
 * `exploding-through-time`: the gradient grows on its way back.
 *
 * Fires if the gains of some state multiply to more than `decades` decades from the last timestep to the first: at step
 * 1, where only the initialization can be the cause, or at the median of any five steps in a row. The norms do not
 * decide: if gradient enters at every timestep (a loss of its own, a recurrent layer above), the first timesteps may
 * get more of it than the last ones, however much is lost in between.
 *
 * *Warning* at once, and for the rest of the run: the weights keep the damage of such updates (a net that was blown up
 * and saturated has vanishing gradients next). *Information* once the newest steps are within the limit and the loss
 * has left the baseline.
 */

import { gradientWords } from "../../messages/gradientFindings.ts";
import { known, median, tail } from "../../protocol/history/median.ts";
import { lastWithSignal } from "../../protocol/history/reach.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatDecades, formatGain, formatNumber } from "../../protocol/numberText.ts";
import type { StateName } from "../../protocol/run.ts";
import { stateGradientText } from "../../protocol/stateText.ts";
import { clipFix } from "../fixes/clipFixes.ts";
import { present } from "../fixes/fix.ts";
import { boundedActivationFix, l2Fix, maxNormFix, orthogonalFix, swapFix } from "../fixes/layerFixes.ts";
import { truncateFix } from "../fixes/trainingFixes.ts";
import { layerSource, typePlace, written } from "../layerSource.ts";
import { learningOf } from "../learning.ts";
import { evidence, type Found, findingId, type Rule } from "../rule.ts";
import { enteringText, explodingText } from "../text/throughTimeText.ts";

/** Steps in a row whose median decides: one unlucky batch is not an explosion. */
const window = 5;

/** A usual clip limit, for runs in which the observed norms themselves are the explosion. */
const ordinaryNorm = 1;

interface Growth {
  readonly state: StateName;
  /** Decades from the last timestep to the first by the gains alone, when it was worst. */
  readonly decades: number;
  /** Attenuation of the row that is the median at that time. */
  readonly attenuation: number;
  readonly gain: number;
  /** First step beyond the limit. */
  readonly step: number;
  /** The newest steps are beyond the limit. */
  readonly lasting: boolean;
}

export const explodingThroughTime: Rule = (history, model) => {
  const rule = history.info.diagnosis.rules["exploding-through-time"];
  if (!rule.enabled) return [];
  return history.info.layers.flatMap((layer, i): Found[] => {
    const growth = (layer.recurrent?.states ?? [])
      .flatMap((state) => growthOf(history, i, state, rule.decades) ?? [])
      .sort((a, b) => b.decades - a.decades)[0];
    const recurrent = layer.recurrent;
    if (!growth || !recurrent) return [];
    const over = !growth.lasting && learningOf(history).state === "left";
    const source = layerSource(model, layer.path, layer.type);
    const norm = history.latest("gradientNorm");
    const lag = Math.min(history.info.requiredLag ?? recurrent.timesteps, recurrent.timesteps);
    return [
      {
        id: findingId("exploding-through-time", model.name, layer.name),
        code: "exploding-through-time",
        severity: over ? "information" : "warning",
        model: model.name,
        layer: layer.name,
        weight: null,
        place: written(source, "recurrentInitializer") ?? typePlace(source),
        timesteps: [
          1,
          growth.lasting ? reachOfGrowth(history, i, growth.state, rule.decades) : recurrent.timesteps - 1,
        ],
        step: growth.step,
        message: explodingText(growth.decades, recurrent.timesteps - 1, growth.gain, recurrent.reversed),
        explanation: gradientWords().explodingThroughTime({
          stateGradient: stateGradientText(growth.state),
          decades: formatDecades(growth.decades),
          gain: formatGain(growth.gain),
          limit: formatDecades(rule.decades),
          entering: enteringText(growth.attenuation, growth.decades),
          lasting: lastingText(growth, over),
          norm: norm === undefined || Number.isNaN(norm) ? "" : gradientWords().normOfAll(formatNumber(norm)),
          reversed: recurrent.reversed,
        }),
        evidence: evidence({
          decades: growth.decades,
          attenuationDecades: growth.attenuation,
          gainPerTimestep: growth.gain,
          limitDecades: rule.decades,
          gradientNorm: norm,
        }),
        fixes: (config) =>
          present([
            orthogonalFix(source),
            boundedActivationFix(source),
            clipFix(config, ordinaryNorm),
            truncateFix(config, history.info.requiredLag, recurrent.timesteps),
            maxNormFix(source, "recurrent"),
            l2Fix(source, "recurrent"),
            source.type === "simpleRNN" ? swapFix(source, "lstm", lag) : undefined,
            source.type === "simpleRNN" ? swapFix(source, "gru", lag) : undefined,
          ]),
      },
    ];
  });
};

function growthOf(history: RunHistory, layer: number, state: StateName, limit: number): Growth | undefined {
  const attenuation = history.series("attenuation", layer, state);
  const survival = history.series("survival", layer, state);
  const gain = history.series("meanGain", layer, state);
  if (!attenuation || !survival || !gain) return undefined;
  const first = survival.findIndex((d) => d > limit);
  const decades = known(survival);
  if (first < 0) return undefined;

  let worst = decades[0]! > limit ? decades[0]! : Number.NaN;
  for (let end = window; end <= decades.length; end++) {
    const sustained = median(decades.subarray(end - window, end));
    if (sustained > limit && !(sustained <= worst)) worst = sustained;
  }
  if (Number.isNaN(worst)) return undefined;
  const row = survival.indexOf(worst);
  return {
    state,
    decades: worst,
    attenuation: attenuation[row]!,
    gain: gain[row]!,
    step: history.steps[first]!,
    lasting: median(tail(decades, window)) > limit,
  };
}

function lastingText(growth: Growth, over: boolean): string {
  if (growth.lasting) return gradientWords().soSince(growth.step);
  return over ? gradientWords().wasAtLearns(growth.step) : gradientWords().wasAtDamaged(growth.step);
}

/** The last timestep of the newest profile at which the product of gains is beyond the limit. */
function reachOfGrowth(history: RunHistory, layer: number, state: StateName, decades: number): number {
  const logNorm = history.profile(layer, `${state}.logNorm`);
  const gain = history.profile(layer, `${state}.gain`);
  const last = logNorm ? lastWithSignal(logNorm) : -1;
  if (!logNorm || !gain) return 1;
  let transported = 0;
  for (let i = last - 1; i >= 0; i--) {
    transported += Math.log10(gain[i + 1]!);
    if (transported > decades) return i + 1;
  }
  return Math.max(1, last);
}
