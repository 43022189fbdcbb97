/** How a run goes badly, among the ways that badly scaled data cause. */

import type { ResolvedModel } from "../../config/resolved.ts";
import { stepsPerEpoch } from "../../config/stepsPerEpoch.ts";
import { listWords } from "../../messages/lists.ts";
import { verdictWords } from "../../messages/verdicts.ts";
import type { Finding, FindingCode } from "../../protocol/finding.ts";
import { median, tail } from "../../protocol/history/median.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { type Learning, learningOf } from "../learning.ts";
import { lossTrend } from "../lossTrend.ts";
import type { OffScale } from "../offScale.ts";
import { level } from "../statistics.ts";

/**
 * `warning`      the damage done by the scale is visible
 * `information`  the run is bad or young, and the scale may be the reason
 */
export interface Trouble {
  readonly severity: Finding["severity"];
  /** What goes wrong, in a sentence or two. */
  readonly because: string;
}

/** Multiple of its baseline above which a loss is more than noise. */
export const manyTimes = 2;
/** The same for the first steps, in which a net with random weights is above its baseline anyway. */
const manyTimesAtFirst = 10;

const explosive: readonly FindingCode[] = ["non-finite", "exploding-gradient", "loss-diverging"];
const saturating: readonly FindingCode[] = ["saturated-units", "saturated-gates", "dead-units"];

/** Null if the run is not bad, or not in a way that the scale can cause. */
export function troubleOf(
  history: RunHistory,
  model: ResolvedModel,
  off: readonly OffScale[],
  symptoms: readonly Finding[],
): Trouble | null {
  const learning = learningOf(history);
  const grave = symptoms.filter((f) => f.severity !== "information");
  const large = off.some(({ kind }) => kind !== "small");
  const largeInputs = off.some(({ kind, side }) => kind !== "small" && side === "inputs");
  const seen = (codes: readonly FindingCode[]) => grave.find((f) => codes.includes(f.code));
  if (learning.state === "left" || hasLearnt(history)) return null;

  const standing = lossText(learning);
  const told = (finding: Finding) =>
    listWords().sentences([finding.message, ...(standing.many ? [standing.text] : [])].map(ended).join(" "));
  const broken = seen(["non-finite"]);
  if (large && broken) return { severity: "warning", because: ended(broken.message) };
  const explodes = seen(explosive);
  if (large && explodes) return { severity: "warning", because: told(explodes) };
  // In the second half of a run a saturation counts below a warning, too: the net had its time.
  const late =
    history.info.kind === "train" && history.lastStep >= (history.info.plannedSteps ?? Number.POSITIVE_INFINITY) / 2;
  const saturates = seen(saturating) ?? (late ? symptoms.find((f) => saturating.includes(f.code)) : undefined);
  if (largeInputs && saturates) return { severity: "warning", because: told(saturates) };
  if (standing.many) return farAbove(history, model, learning, standing.text);
  if (learning.state !== "baseline") return null;
  const because = ended(standing.text);
  // Such inputs cause next to nothing to be learnt, whatever else is wrong; with other scales the reason may lie
  // elsewhere.
  if (off.some(({ kind, side }) => kind === "small" && side === "inputs")) return { severity: "warning", because };
  const others = grave.filter((f) => f.code !== "loss-plateau");
  const plateau = others.length < grave.length && !symptoms.some((f) => f.code === "nothing-to-learn");
  if (plateau && others.length === 0) return { severity: "warning", because };
  return { severity: "information", because: verdictWords().scaleMayBeReason(because) };
}

/** A loss that still has to come down to the cost of the best constant answer. */
function farAbove(
  history: RunHistory,
  model: ResolvedModel,
  { state, loss, baseline }: Learning,
  text: string,
): Trouble | null {
  if (baseline === null) return null;
  const worth = loss > manyTimesAtFirst * baseline;
  if (state === "short") return worth ? { severity: "information", because: verdictWords().tooEarly(text) } : null;
  const needed = stepsToBaseline(history, model, baseline);
  const left = stepsLeft(history, model);
  const pace = Number.isFinite(needed)
    ? verdictWords().presentPace({
        needed: formatNumber(needed),
        leftPart: left === 0 ? verdictWords().noneAre : verdictWords().someAre(formatNumber(left)),
      })
    : "";
  if (needed > left) return { severity: "warning", because: listWords().sentences(`${ended(text)}${pace}`) };
  return worth ? { severity: "information", because: listWords().sentences(`${ended(text)}${pace}`) } : null;
}

interface Standing {
  readonly text: string;
  /** Whether the loss is many times its baseline. */
  readonly many: boolean;
}

function lossText({ loss, baseline, steps }: Learning): Standing {
  const text = verdictWords().lossAfter({ loss: formatNumber(loss), steps });
  if (baseline === null) return { text: verdictWords().andStands(text), many: false };
  const many = baseline > 0 && loss > manyTimes * baseline;
  const comparison = many ? verdictWords().times(formatNumber(loss / baseline)) : verdictWords().noBetter;
  return { text: verdictWords().compared({ text, comparison, baseline: formatNumber(baseline) }), many };
}

/** Whether the loss was once clearly better than the baseline: later trouble has another cause. */
function hasLearnt(history: RunHistory): boolean {
  const { baselineLoss: baseline, batchSize } = history.info;
  const losses = history.series("loss");
  if (!losses || baseline === null) return false;
  const span = Math.max(20, Math.ceil(160 / batchSize));
  for (let end = span; end <= losses.length; end += span) {
    const part = losses.subarray(end - span, end);
    if (median(part) < 0.9 * baseline && level(part).mean < 0.9 * baseline) return true;
  }
  return false;
}

/**
 * Steps until the loss is down to its baseline if the distance of the outputs from the targets keeps shrinking
 * linearly, as Adam moves a bias; plain gradient descent would be faster. Infinity if the distance does not shrink.
 */
function stepsToBaseline(history: RunHistory, model: ResolvedModel, baseline: number): number {
  const losses = history.series("loss") ?? new Float64Array(0);
  const quarter = Math.max(3, Math.ceil(losses.length / 4));
  const distance = (loss: number) => (model.training.loss === "meanSquaredError" ? Math.sqrt(loss) : loss);
  const after = level(tail(losses, quarter));
  const before = level(losses.subarray(Math.max(0, losses.length - 2 * quarter), losses.length - quarter));
  if (!lossTrend(history)?.falls) return Number.POSITIVE_INFINITY;
  const [early, late] = [distance(before.mean), distance(after.mean)];
  const { steps } = history;
  const apart = (history.lastStep - (steps[Math.max(0, losses.length - 2 * quarter)] ?? 0)) / 2;
  const pace = (early - late) / apart;
  return pace > 0 ? Math.max(0, Math.ceil((late - distance(baseline)) / pace)) : Number.POSITIVE_INFINITY;
}

/** Steps left of the training run that the config asks for, also during a probe. */
function stepsLeft({ info, lastStep }: RunHistory, { training }: ResolvedModel): number {
  const { length } = training;
  const perEpoch = stepsPerEpoch(info.data?.samples ?? 0, info.batchSize);
  const asked = "steps" in length ? length.steps : length.epochs * perEpoch;
  return Math.max(0, Math.max(asked, info.plannedSteps ?? 0) - lastStep);
}

function ended(message: string): string {
  return listWords().sentence(message.charAt(0).toUpperCase() + message.slice(1));
}
