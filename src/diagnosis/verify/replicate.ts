/** One run of one side of a comparison, reduced to what is compared. */

import type { ResolvedModel } from "../../config/resolved.ts";
import type { RunEnd } from "../../protocol/engineMessages.ts";
import { type FindingCode, type Severity, severities } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { diagnose } from "../diagnose.ts";
import { reachOf } from "../reach.ts";
import { level, tail } from "../statistics.ts";
import { type LossProgress, lossProgress } from "./lossProgress.ts";

/** A run as whoever ran it hands it over. */
export interface Ran {
  readonly end: RunEnd;
  /** Null: refused before its first step. */
  readonly history: RunHistory | null;
}

export interface Replicate {
  /** Of the recurrent layer compared; null without one, or where its gradient is not finite. */
  readonly reach: {
    readonly horizon: number;
    readonly required: number;
    readonly gain: number;
    readonly survival: number;
  } | null;
  /** Mean of the last tenth of the steps, 5 to 50 of them, more of small batches; +∞ where the run diverged. */
  readonly loss: number;
  /** Of the best constant answer, in the units of this run's loss; null where none is known, or it costs nothing. */
  readonly baseline: number | null;
  readonly progress: LossProgress;
  /** How much the classes count in its loss, as JSON; left out: all the same. */
  readonly classWeight?: string;
  /** Largest L2 norm over all gradients after clipping; NaN counts as +∞. */
  readonly gradientNorm: number;
  readonly diverged: boolean;
  /** Gravest severity of each code found. */
  readonly findings: ReadonlyMap<FindingCode, Severity>;
}

/**
 * @param ordinal which of the model's recurrent layers is compared, counted from 0: fixes change a layer's name and its
 *   place, but not the order of the recurrent ones.
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
  for (const { code, severity } of diagnose(history, model)) {
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
  };
}

/** Loss as a share of its baseline; NaN where none is known. */
export function lossShare({ loss, baseline }: Replicate): number {
  return baseline === null ? Number.NaN : loss / baseline;
}

/** What two runs of different sides have to have in common for two different fixes to have had the same effect. */
export function effectKey({ loss, baseline, gradientNorm, reach, diverged }: Replicate): string {
  return JSON.stringify([loss, baseline, gradientNorm, reach, diverged]);
}

/** Which recurrent layer a layer is, counted from 0; the first for one that is not recurrent. */
export function recurrentOrdinal(history: RunHistory, layer: string | null): number {
  const ordinal = recurrentLayers(history).findIndex((i) => history.info.layers[i]?.name === layer);
  return Math.max(0, ordinal);
}

function recurrentLayers(history: RunHistory): readonly number[] {
  return history.info.layers.flatMap((layer, i) => (layer.recurrent ? [i] : []));
}
