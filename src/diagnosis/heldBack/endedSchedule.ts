/** A schedule that brings the learning rate to almost nothing long before the run ends. */

import { learningWords } from "../../messages/learningFindings.ts";
import type { Fix } from "../../protocol/finding.ts";
import { median } from "../../protocol/history/median.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatNumber, formatPercent } from "../../protocol/numberText.ts";
import { hardlyMoves, isKernel, movementOf } from "../movement.ts";
import { standingText } from "../reasonToWorry.ts";
import { evidence } from "../rule.ts";
import type { HoldCheck } from "./hold.ts";

/** Share of the full learning rate below which a step changes nothing: usual schedules end at a hundredth or above. */
const ended = 1e-3;

/** Share of the run that must be spent at such a rate. */
const most = 0.5;

/** At the full rate, a kernel would move by at least this share of itself; otherwise the rate itself is to blame. */
const enough = 0.1;

export const endedSchedule: HoldCheck = ({ history, model, learning }) => {
  const { schedule } = model.training;
  const rates = history.series("learningRate");
  if (schedule.type === "constant" || !rates || rates.length === 0 || !hardlyMoves(history)) return undefined;
  const full = model.training.optimizer.learningRate;
  // A warm-up also begins near zero, so only the steps after the last rate of some size count.
  const last = rates.findLastIndex((rate) => rate > ended * full);
  const end = last < 0 ? 0 : (history.steps[last] ?? 0);
  const share = 1 - end / history.lastStep;
  if (last < 0 || share < most || movementAt(history, rates, full) < enough) return undefined;
  const now = rates.at(-1) ?? Number.NaN;
  const path = [...model.trainingPath, "schedule"];
  return {
    kind: "schedule",
    layer: null,
    place: path,
    message: learningWords().scheduleEnds({ end, rate: formatNumber(now), share: formatNumber(now / full) }),
    explanation: learningWords().scheduleEndsWhy({
      share: formatPercent(share),
      ended: formatNumber(ended),
      full: formatNumber(full),
      movement: formatPercent(movementOf(history)),
      steps: learning.steps,
      standing: standingText(learning),
    }),
    evidence: evidence({
      endStep: end,
      share,
      learningRate: now,
      fullLearningRate: full,
      movement: movementOf(history),
    }),
    fixes: [
      {
        id: "end-with-the-run",
        title: learningWords().cosine,
        edits: [{ path, value: { type: "cosine", ...(schedule.warmup > 0 && { warmup: schedule.warmup }) } }],
      },
      {
        id: "constant-rate",
        title: learningWords().constantRate,
        edits: [{ path, value: { type: "constant", ...(schedule.warmup > 0 && { warmup: schedule.warmup }) } }],
      },
    ] satisfies readonly Fix[],
  };
};

/** How far the kernel that moves most would move over the run at the full learning rate, as a multiple of its norm. */
function movementAt(history: RunHistory, rates: Float64Array, full: number): number {
  const steps = Math.max(history.info.plannedSteps ?? 0, history.lastStep);
  const paces = history.info.layers.flatMap((layer, i) =>
    layer.weights.filter(isKernel).flatMap((weight) => {
      const ratios = history.series("weightUpdateRatio", i, weight);
      if (!ratios) return [];
      // Below that rate the update of a float32 weight is mostly rounding.
      const scaled = Array.from(ratios, (ratio, at) =>
        (rates[at] ?? 0) > ended * full ? (ratio * full) / rates[at]! : Number.NaN,
      );
      return [median(scaled.filter((ratio) => !Number.isNaN(ratio)))];
    }),
  );
  return Math.max(0, ...paces.filter((pace) => !Number.isNaN(pace))) * steps;
}
