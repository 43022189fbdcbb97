/** Summary of a run's model and layers in a few words, for code lens, status bar, end of line and terminal. */

import { verdictWords } from "../../messages/verdicts.ts";
import type { Finding, Severity } from "../../protocol/finding.ts";
import { type Reach, reachOf } from "../../protocol/history/reach.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import type { StateName } from "../../protocol/run.ts";
import { learningOf } from "../learning.ts";
import { provisional } from "../provisional.ts";
import { reachText, shortExplodingText, shortReachText } from "./throughTimeText.ts";

export interface LayerSummary {
  /** Index into `RunInfo.layers`. */
  readonly layer: number;
  readonly name: string;
  readonly reversed: boolean;
  /** Null if no finite horizon was measured. */
  readonly reach: Reach | null;
  /** The state whose curve represents the layer. */
  readonly state: StateName;
  /** Newest log₁₀ ‖d_t‖ of that state; null before the first step. */
  readonly logNorm: Float64Array | null;
  /** For the end of a line: `34/99 · ×0.87 per timestep`. */
  readonly short: string;
  readonly findings: readonly Finding[];
}

export interface ModelSummary {
  /** The headline without the loss. */
  readonly reach: string;
  /** `gradient reaches 34 of 99 timesteps · loss 0.171, baseline 0.167`. */
  readonly headline: string;
  /** Recurrent layers in order. */
  readonly layers: readonly LayerSummary[];
  /** Why the verdict of a probe may still change; null where it stands. */
  readonly provisional: string | null;
  /** Severity of the gravest finding; null without findings. */
  readonly severity: Severity | null;
  /** Median of the newest losses. */
  readonly loss: number;
  readonly baselineLoss: number | null;
}

/** @param findings the result of `diagnose`: the gravest first. */
export function modelSummary(history: RunHistory, findings: readonly Finding[]): ModelSummary {
  const { requiredLag, requiredLagSource } = history.info;
  // A sequence of one timestep has no past, so its length is not a required lag.
  const needsPast = requiredLag !== 0 || requiredLagSource === "sequence-length";
  const layers = history.info.layers.flatMap((info, i): LayerSummary[] => {
    if (!info.recurrent) return [];
    const reach = reachOf(history, i) ?? null;
    const own = findings.filter((f) => f.layer === info.name);
    const state = reach?.state ?? info.recurrent.states[0] ?? "h";
    return [
      {
        layer: i,
        name: info.name,
        reversed: info.recurrent.reversed,
        reach,
        state,
        logNorm: history.profile(i, `${state}.logNorm`) ?? null,
        // A loss that is not finite makes every gradient non-finite, too.
        short: shortText(
          reach,
          [...own, ...findings.filter((f) => f.layer === null)],
          info.recurrent.timesteps,
          needsPast,
        ),
        findings: own,
      },
    ];
  });
  const learning = learningOf(history);
  const reach = history.lastStep === 0 ? verdictWords().notMeasured : stateOf(findings, layers, needsPast);
  return {
    reach,
    headline: history.lastStep === 0 ? reach : `${reach} · ${lossText(history)}`,
    layers,
    provisional: provisional(history, findings),
    severity: findings[0]?.severity ?? null,
    loss: learning.loss,
    baselineLoss: learning.baseline,
  };
}

/** `1 error · 2 warnings`; empty without findings above information. */
export function countsText(findings: readonly Finding[]): string {
  const of = (severity: Severity) => findings.filter((f) => f.severity === severity).length;
  const parts = [
    [of("error"), verdictWords().errors],
    [of("warning"), verdictWords().warnings],
  ] as const;
  return parts
    .filter(([n]) => n > 0)
    .map(([n, words]) => words(n))
    .join(" · ");
}

function stateOf(findings: readonly Finding[], layers: readonly LayerSummary[], needsPast: boolean): string {
  const gravest = findings.find((f) => f.code === "non-finite" || f.code === "exploding-through-time");
  if (gravest) return gravest.message;
  // The layer that reaches farthest represents the model: if one carries the gradient all the way, the model does.
  const reaches = layers.flatMap((l) => (l.reach ? [{ reach: l.reach, reversed: l.reversed }] : []));
  const share = (r: Reach) => Math.min(1, r.horizon / r.required);
  const best = reaches.sort((a, b) => share(b.reach) - share(a.reach))[0];
  if (best) return reachText(best.reach, best.reversed);
  if (layers.length === 0) return verdictWords().noRecurrent;
  return needsPast ? verdictWords().noTransport : verdictWords().lastIsEnough;
}

function lossText(history: RunHistory): string {
  const { loss, baseline } = learningOf(history);
  const now = verdictWords().loss(formatNumber(Number.isNaN(loss) ? (history.latest("loss") ?? loss) : loss));
  return baseline === null ? now : verdictWords().lossAndBaseline({ now, baseline: formatNumber(baseline) });
}

function shortText(reach: Reach | null, findings: readonly Finding[], timesteps: number, needsPast: boolean): string {
  const nonFinite = findings.find((f) => f.code === "non-finite");
  if (nonFinite) return verdictWords().nonFiniteAt(nonFinite.step);
  // Reaching the first timestep is no good news if the gradient grows.
  const grows = findings.find((f) => f.code === "exploding-through-time" && f.severity !== "information");
  if (grows)
    return shortExplodingText(grows.evidence["decades"] ?? Number.NaN, grows.evidence["gainPerTimestep"] ?? Number.NaN);
  if (reach) return shortReachText(reach);
  if (timesteps < 2) return verdictWords().oneTimestep;
  return needsPast ? verdictWords().noGradient : verdictWords().needsLastOnly;
}
