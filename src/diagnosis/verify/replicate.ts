/** One run of one side of a comparison, reduced to what is compared. */

import type { ResolvedModel } from "../../config/resolved.ts";
import type { RunEnd } from "../../protocol/engineMessages.ts";
import { type FindingCode, type Fix, type Severity, severities } from "../../protocol/finding.ts";
import { tail } from "../../protocol/history/median.ts";
import { reachOf } from "../../protocol/history/reach.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { diagnose } from "../diagnose.ts";
import { level } from "../statistics.ts";
import { offersOf } from "./candidates.ts";
import { type LossProgress, lossProgress } from "./lossProgress.ts";

/** A run as its runner hands it over. */
export interface Ran {
  readonly end: RunEnd;
  /** Null if refused before its first step. */
  readonly history: RunHistory | null;
}

export interface Replicate {
  /** Reach of the recurrent layer compared; null without one, or if its gradient is not finite. */
  readonly reach: {
    readonly horizon: number;
    readonly required: number;
    readonly gain: number;
    readonly survival: number;
  } | null;
  /** Mean loss of the last tenth of the steps, 5 to 50 of them, or more for small batches; +∞ if the run diverged. */
  readonly loss: number;
  /** Loss of the best constant answer, in the units of this run's loss; null if it is not known or is 0. */
  readonly baseline: number | null;
  readonly progress: LossProgress;
  /** The class weights of its loss, as JSON; omitted if all are the same. */
  readonly classWeight?: string;
  /** Largest L2 norm over all gradients after clipping; NaN counts as +∞. */
  readonly gradientNorm: number;
  readonly diverged: boolean;
  /** Gravest severity of each code found. */
  readonly findings: ReadonlyMap<FindingCode, Severity>;
  /** Fixes for what this run is warned of and for what is known about its data, the likeliest cause first. */
  readonly offers: readonly Fix[];
}

/**
 * @param ordinal index of the recurrent layer compared, among the model's recurrent layers: fixes change a layer's name
 * and place, but not the order of the recurrent ones.
 */
export function replicateOf(history: RunHistory, end: RunEnd, model: ResolvedModel, ordinal: number): Replicate {
  const diverged = end.kind === "diverged" || !Number.isFinite(history.latest("loss") ?? Number.NaN);
  const losses = history.series("loss") ?? new Float64Array(0);
  const tenth = Math.min(50, Math.max(5, Math.round(losses.length / 10)));
  const window = Math.max(tenth, Math.min(Math.ceil(tenth * (32 / history.info.batchSize)), losses.length >> 1));
  const { baselineLoss } = history.info;
  const norms = history.series("clippedGradientNorm") ?? new Float64Array(0);
  const recurrent = recurrentLayers(history);
  const index = recurrent[Math.min(ordinal, recurrent.length - 1)];
  const reach = index === undefined ? undefined : reachOf(history, index);
  const findings = new Map<FindingCode, Severity>();
  const found = diagnose(history, model);
  for (const { code, severity } of found) {
    const other = findings.get(code);
    if (other === undefined || severities.indexOf(severity) < severities.indexOf(other)) findings.set(code, severity);
  }
  return {
    reach: reach
      ? { horizon: reach.horizon, required: reach.required, gain: reach.gain, survival: reach.survival }
      : null,
    loss: diverged ? Number.POSITIVE_INFINITY : level(tail(losses, window)).mean,
    baseline: baselineLoss !== null && baselineLoss > 0 ? baselineLoss : null,
    progress: lossProgress(history, model, diverged),
    ...(model.training.classWeight && { classWeight: JSON.stringify(model.training.classWeight.weights) }),
    gradientNorm: norms.reduce((max, v) => Math.max(max, Number.isNaN(v) ? Number.POSITIVE_INFINITY : v), 0),
    diverged,
    findings,
    offers: offersOf(found, history, model),
  };
}

/** Loss as a share of its baseline; NaN if none is known. */
export function lossShare({ loss, baseline }: Replicate): number {
  return baseline === null ? Number.NaN : loss / baseline;
}

/**
 * Figures that are equal for two runs if two different fixes had the same effect. Six digits: a run that is read from
 * its file has the figures of float32.
 */
export function effectKey({ loss, baseline, gradientNorm, reach, diverged }: Replicate): string {
  return JSON.stringify([loss, baseline, gradientNorm, reach, diverged], (_, figure: unknown) =>
    typeof figure === "number" ? figure.toPrecision(6) : figure,
  );
}

/** Index of a layer among the recurrent ones; the first for a layer that is not recurrent. */
export function recurrentOrdinal(history: RunHistory, layer: string | null): number {
  const ordinal = recurrentLayers(history).findIndex((i) => history.info.layers[i]?.name === layer);
  return Math.max(0, ordinal);
}

function recurrentLayers(history: RunHistory): readonly number[] {
  return history.info.layers.flatMap((layer, i) => (layer.recurrent ? [i] : []));
}
