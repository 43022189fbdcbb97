/**
 * Whether a run looks, so far, as if it will not learn.
 *
 * The loss alone says so for every net that is still on its plateau. Most nets that will leave it show this before: the
 * slope of the loss leads below the baseline, or the gradient of some layer gets most of the way it has to go. What
 * remains is a net at its baseline whose gradient does not get there, or one with a cause of its own.
 */

import type { ResolvedModel } from "../config/resolved.ts";
import type { Finding, FindingCode } from "../protocol/finding.ts";
import { horizonSeries, reachOf } from "../protocol/history/reach.ts";
import type { RunHistory } from "../protocol/history.ts";
import { trendOf } from "./horizonTrend.ts";
import { type Learning, learningOf } from "./learning.ts";
import { lossTrend, newestHalf } from "./lossTrend.ts";
import { hardlyMoves } from "./movement.ts";
import { findsNothing, lagIsKnown } from "./need.ts";
import { restingLoss } from "./restingLoss.ts";
import { cutOf } from "./rules/vanishingVerdict.ts";

/** Findings that keep a net from learning even while its loss falls to the baseline. */
const lasting: readonly FindingCode[] = [
  "exploding-through-time",
  "exploding-gradient",
  "non-finite",
  "data-scale",
  "output-mismatch",
  "symmetric-units",
];

/** @param findings the result of `diagnose` for this history. */
export function predictsFailure(history: RunHistory, model: ResolvedModel, findings: readonly Finding[]): boolean {
  const learning = learningOf(history);
  if (learning.state === "left") return false;
  const grave = findings.filter(({ severity }) => severity !== "information");
  if (learning.state === "diverged" || grave.some(({ code }) => lasting.includes(code))) return true;
  const settles = settlesAtBaseline(history, learning);
  if (learning.state === "falling" && !settles) return false;
  // Data in which nothing is found promise little, however far the gradient reaches.
  const barren = !lagIsKnown(history) && findsNothing(history, learning);
  return hardlyMoves(history) || barren || !isPromising(history, model, learning, settles);
}

/**
 * Whether the loss slows down on its way to the baseline or above it. A straight line through it would lead below, but
 * every net falls to its baseline, and many no further.
 */
function settlesAtBaseline(history: RunHistory, { baseline }: Learning): boolean {
  if (baseline === null) return false;
  const { steps, losses } = newestHalf(history);
  return restingLoss(steps, losses) >= nearlyLeft * baseline;
}

/** Shares of the required lag from which the rest is nearly always learnt, for a reach that stands still or grows. */
const mostOfTheWay = 0.7;
const onTheWay = 0.4;

/**
 * Share of a run after which a reach that stands still no longer promises anything: the smallest one that left the
 * precision on the zoo's tuning half clearly above that of the loss alone.
 */
const late = 0.2;

/** Share of the baseline below which a loss has nearly always left it, although certainty takes more losses. */
const nearlyLeft = 0.93;

function isPromising(history: RunHistory, model: ResolvedModel, learning: Learning, settles: boolean): boolean {
  const { direction, steps, loss, baseline } = learning;
  // A straight line through a loss that slows down ends below the loss.
  const now = settles ? loss : Math.min(loss, lossTrend(history)?.now ?? loss);
  if (baseline !== null && now < nearlyLeft * baseline) return true;
  const early = steps < late * (history.info.plannedSteps ?? Number.POSITIVE_INFINITY);
  const layers = history.info.layers.flatMap((_, i) => {
    const reach = reachOf(history, i);
    return reach ? [{ i, reach, share: reach.horizon / reach.required }] : [];
  });
  if (layers.length === 0) return direction === "falls" && !settles;
  return layers.some(
    ({ i, reach, share }) =>
      (early && share >= mostOfTheWay) ||
      (share >= onTheWay &&
        trendOf(history, i, horizonSeries(history, i), reach, cutOf(model.training.truncate, reach)).growing),
  );
}
