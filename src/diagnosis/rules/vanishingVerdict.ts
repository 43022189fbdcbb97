/** How grave a reach below the required lag is. */

import { listWords } from "../../messages/lists.ts";
import { verdictWords } from "../../messages/verdicts.ts";
import type { Reach } from "../../protocol/history/reach.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import type { Trend } from "../horizonTrend.ts";
import type { Learning } from "../learning.ts";
import { hardlyMoves } from "../movement.ts";
import { atBest, findsNothing, lagIsKnown } from "../need.ts";
import { fallingText, type GateDecision, standingText } from "../reasonToWorry.ts";

/** Timesteps after which truncation stops a gradient that gets this far; null if it does not. */
export function cutOf(truncate: number | null, { horizon, required }: Reach): number | null {
  return truncate !== null && truncate <= required && horizon >= truncate - 1 ? truncate : null;
}

/** log₁₀ of the smallest positive float32, 2⁻¹⁴⁹. */
const float32Floor = -149 * Math.log10(2);

/** Share of the required lag from which a probe is too short to rule out that the rest is learnt. */
const hopeful = 0.25;

/**
 * Steps needed for a verdict: `grace` for a gradient that is lost at once, and up to eleven times as many the nearer
 * its share is to `hopeful`.
 */
function needed(share: number, grace: number): number {
  return grace * (1 + (10 * share) / hopeful);
}

export interface VanishingFacts {
  readonly history: RunHistory;
  readonly reach: Reach;
  readonly learning: Learning;
  readonly trend: Trend;
  /** Another path by which the gradient gets there, in words. */
  readonly carried: string | undefined;
  /** Timesteps after which truncation stops the gradient; null without truncation. */
  readonly cut: number | null;
}

/**
 * A short reach is *information* while it need not mean anything: after too few steps, while the loss is on its way
 * down to the baseline, while the horizon grows at a pace that leads to the lag (nets that go on to learn grow it to T
 * − 1 before the loss leaves its plateau), or if another path carries the gradient. Otherwise it is a *warning*.
 *
 * Null means nothing to report: the net learns and nobody knows that it needs a longer reach, or it has learnt most of
 * its task and the config does not cut its gradient.
 *
 * An assumed or estimated lag is no evidence by itself. Other signs must show that reach is missing: the weights move,
 * and the loss is above what the data allow. If a quick search of the data finds nothing, `nothing-to-learn` speaks and
 * names both possibilities.
 *
 * A probe sees the first steps only, in which nets that learn also lose some of their reach, and their number depends
 * on the machine. It warns only if the horizon was and is under a quarter of the required lag, and noise cannot hide
 * growth at a relevant pace; the nearer the horizon is to a quarter, the more steps it waits. If a known lag requires a
 * gradient beyond float32's range, it waits for `minSteps` only: timesteps whose gradient is exactly zero in ordinary
 * training cannot teach anything.
 */
export function vanishingVerdict(facts: VanishingFacts): GateDecision | null {
  const { history, reach, learning, trend, carried, cut } = facts;
  const calm = (because: string) => ({ warning: false, because });
  const known = lagIsKnown(history);
  const { minSteps } = history.info.diagnosis.rules["vanishing-through-time"];
  const underflows = known && cut === null && reach.survival < float32Floor && learning.steps >= minSteps;
  if (learning.state === "short" && !underflows)
    return calm(verdictWords().stateAtInitialization({ steps: learning.steps, grace: learning.grace }));
  if (learning.state === "left")
    return known && (cut !== null || !learntMost(learning))
      ? calm(verdictWords().learnsAllTheSame(formatNumber(learning.loss)))
      : null;
  if (learning.state === "diverged") return calm(verdictWords().lossFirst(formatNumber(learning.loss)));
  if (carried) return calm(verdictWords().needNotHinder(carried));
  if (!known && cut === null && learning.state === "baseline" && findsNothing(history, learning)) return null;
  if (trend.growing) return calm(verdictWords().horizonGrows);
  if (learning.state === "falling" && !underflows) return calm(fallingText(learning));
  if (!known && cut === null) {
    if (atBest(history, learning)) return null;
    if (hardlyMoves(history)) return calm(verdictWords().weightsHardlyMove);
  }
  if (history.info.kind === "probe" && !underflows && !(cut !== null && known) && !stands(facts))
    return calm(verdictWords().probeTooShort(learning.steps));
  return { warning: true, because: warningText(facts, underflows) };
}

/** Whether the loss is under half of the baseline: such a net has learnt most of its task. */
function learntMost({ loss, baseline }: Learning): boolean {
  return baseline !== null && loss < baseline / 2;
}

/** Whether more steps than this probe's would show the same. */
function stands({ history, reach, learning, trend }: VanishingFacts): boolean {
  if (hardlyMoves(history)) return true;
  const share = Math.max(reach.horizon, trend.early) / reach.required;
  return share < hopeful && !trend.mayGrow && learning.steps >= needed(share, learning.grace);
}

function warningText({ reach, learning, trend, cut }: VanishingFacts, underflows: boolean): string {
  const why = [
    cut === null ? verdictWords().horizonStands(trend.crawling) : verdictWords().configCuts(cut),
    listWords().sentence(`${verdictWords().steps(learning.steps)} ${standingText(learning)}`),
    underflows && reach.survival > Number.NEGATIVE_INFINITY ? verdictWords().beyondFloat32 : "",
  ];
  return why.filter((s) => s !== "").join(" ");
}
