/**
 * `exploding-through-time`: the gradient grows on its way back.
 *
 * Warning at once when, at the median of the newest steps (of step 1 when there is no other), some state's gradient at
 * timestep 1 is more than `decades` decades above that of the last timestep, or the gains alone make that much of it.
 */

import type { Finding } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import type { StateName } from "../../protocol/run.ts";
import { boundedActivationFix, orthogonalFix, present, swapFix } from "../fixes/layerFixes.ts";
import { clipFix } from "../fixes/trainingFixes.ts";
import { layerSource, typePlace, written } from "../layerSource.ts";
import { median, tail } from "../statistics.ts";
import { explodingText } from "../text/explodingText.ts";
import { formatDecades, formatGain, formatNumber } from "../text/numbers.ts";
import { lastWithSignal } from "../throughTime.ts";
import { evidence, findingId, type Rule } from "./rule.ts";

/** Newest steps whose median decides: an unlucky batch alone is not an explosion. */
const window = 5;

/** What is usually clipped at when the observed norms themselves are the explosion. */
const ordinaryNorm = 1;

interface Growth {
  readonly state: StateName;
  /** Decades from the last timestep to the first: the larger of attenuation and survival. */
  readonly decades: number;
  readonly attenuation: number;
  readonly survival: number;
  readonly gain: number;
}

export const explodingThroughTime: Rule = (history, model) => {
  const rule = history.info.diagnosis.rules["exploding-through-time"];
  if (!rule.enabled) return [];
  return history.info.layers.flatMap((layer, i): Finding[] => {
    const growth = (layer.recurrent?.states ?? [])
      .map((state) => growthOf(history, i, state))
      .filter((g) => g.decades > rule.decades)
      .sort((a, b) => b.decades - a.decades)[0];
    const recurrent = layer.recurrent;
    if (!growth || !recurrent) return [];
    const source = layerSource(model, layer.path, layer.type);
    const norm = history.latest("gradientNorm");
    return [
      {
        id: findingId("exploding-through-time", model.name, layer.name),
        code: "exploding-through-time",
        severity: "warning",
        model: model.name,
        layer: layer.name,
        weight: null,
        place: written(source, "recurrentInitializer") ?? typePlace(source),
        timesteps: regionOf(history, i, growth.state, rule.decades) ?? [1, recurrent.timesteps - 1],
        step: firstStep(history, i, growth.state, rule.decades),
        message: explodingText(growth.decades, recurrent.timesteps - 1, growth.gain, recurrent.reversed),
        explanation:
          `From the last timestep to timestep 1 the gradient ∂L/∂${growth.state} changes by ${formatDecades(growth.attenuation)} decades ` +
          `(${formatDecades(growth.survival)} by the recurrent connection alone, ${formatGain(growth.gain)} per timestep); ` +
          `${formatDecades(rule.decades)} is the limit. The first timesteps alone decide the direction of the update` +
          `${norm === undefined || Number.isNaN(norm) ? "" : `, and the norm of all gradients is ${formatNumber(norm)}`}.` +
          (recurrent.reversed ? " The layer reads backward: its timestep 1 is the sequence's last position." : ""),
        evidence: evidence({
          decades: growth.decades,
          attenuationDecades: growth.attenuation,
          survivalDecades: growth.survival,
          gainPerTimestep: growth.gain,
          limitDecades: rule.decades,
          gradientNorm: norm,
        }),
        fixes: present([
          orthogonalFix(source),
          boundedActivationFix(source),
          clipFix(model, ordinaryNorm),
          source.type === "simpleRNN" ? swapFix(source, "lstm") : undefined,
          source.type === "simpleRNN" ? swapFix(source, "gru") : undefined,
        ]),
      },
    ];
  });
};

function growthOf(history: RunHistory, layer: number, state: StateName): Growth {
  const recent = (quantity: "attenuation" | "survival" | "meanGain") => {
    const series = history.series(quantity, layer, state);
    return series ? median(tail(series, window)) : Number.NaN;
  };
  const attenuation = recent("attenuation");
  const survival = recent("survival");
  return { state, decades: larger(attenuation, survival), attenuation, survival, gain: recent("meanGain") };
}

/** The larger of two that may be unknown. */
function larger(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : Math.max(a, b);
}

function firstStep(history: RunHistory, layer: number, state: StateName, decades: number): number {
  const attenuation = history.series("attenuation", layer, state);
  const survival = history.series("survival", layer, state);
  const i = history.steps.findIndex(
    (_, k) => larger(attenuation?.[k] ?? Number.NaN, survival?.[k] ?? Number.NaN) > decades,
  );
  return history.steps[Math.max(0, i)] ?? 1;
}

/** Timesteps 1 … t of the newest profile, t the latest at which norm or product of gains is beyond the limit. */
function regionOf(history: RunHistory, layer: number, state: StateName, decades: number): [number, number] | undefined {
  const logNorm = history.profile(layer, `${state}.logNorm`);
  const gain = history.profile(layer, `${state}.gain`);
  if (!logNorm || !gain) return undefined;
  const last = lastWithSignal(logNorm);
  let transported = 0;
  for (let i = last - 1; i >= 0; i--) {
    transported += Math.log10(gain[i + 1]!);
    if (logNorm[i]! - logNorm[last]! > decades || transported > decades) return [1, i + 1];
  }
  return undefined;
}
