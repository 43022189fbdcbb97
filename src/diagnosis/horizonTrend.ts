/** Whether the horizon of a recurrent layer grows, and fast enough to reach the required lag. */

import { known, median, tail } from "../protocol/history/median.ts";
import type { Reach } from "../protocol/history/reach.ts";
import type { RunHistory } from "../protocol/history.ts";
import { earlyAndLate, standardError } from "./statistics.ts";

export interface Trend {
  readonly growing: boolean;
  /** It grows, but too slowly to reach the required lag. */
  readonly crawling: boolean;
  /** The newest half of the steps, given its noise, does not rule out growth at a relevant pace. */
  readonly mayGrow: boolean;
  /** Median horizons of the run's first half and last quarter. */
  readonly early: number;
  readonly late: number;
}

/** A tenth, and more than one timestep's rounding. */
const growth = 1.1;

/**
 * @param cut timesteps after which truncation stops the gradient, an upper limit of the horizon; null without
 * truncation.
 */
export function trendOf(
  history: RunHistory,
  layer: number,
  horizons: Float64Array,
  reach: Reach,
  cut: number | null,
): Trend {
  const measured = known(horizons);
  const { early, late } = earlyAndLate(measured);
  const stepwise = late >= Math.max(early * growth, early + 2);
  // Whole timesteps hide slow growth; ln ε / ln γ is the same figure for a constant gain, without rounding.
  const logEpsilon = Math.log(history.info.diagnosis.rules["vanishing-through-time"].epsilon);
  const gains = known(history.series("meanGain", layer, reach.state) ?? new Float64Array(0));
  const series = gains.map((g) => (g < 1 ? logEpsilon / Math.log(g) : reach.last - 1));
  const smooth = { series, ...earlyAndLate(series) };
  const continuous = smooth.late >= Math.max(smooth.early * growth, smooth.early + 1);
  const half = smooth.series.subarray(Math.floor(smooth.series.length / 2));
  const grows = stepwise || continuous;
  const arrives = [measured, series].some((s) => wouldReach(history, s, reach.required));
  return {
    growing: cut === null && grows && arrives,
    crawling: cut === null && grows && !arrives,
    mayGrow: mayGrow(smooth.series) || mayGrow(half),
    early,
    late,
  };
}

/**
 * The longer a horizon is, the faster it grows in nets that learn, so a projection at the present pace gets this many
 * times the steps.
 */
const patience = 2;

/**
 * Whether the horizon, growing on by the same factor, would reach the required lag. The time allowed is `patience`
 * times the larger of the steps left and the steps taken. Both the pace of the whole run and that of its second half
 * (with its noise) must suffice, because many a horizon grows for a while and then stands still. A probe is too short
 * to say, so the answer is true.
 */
function wouldReach({ info, lastStep }: RunHistory, series: Float64Array, required: number): boolean {
  if (info.kind === "probe") return true;
  const ahead = patience * Math.max((info.plannedSteps ?? 0) - lastStep, lastStep);
  const arrives = (early: number, late: number, between: number): boolean =>
    late * (late / Math.max(early, 1)) ** (ahead / (between * lastStep)) >= required;
  const { early, late } = earlyAndLate(series);
  const quarter = Math.ceil(series.length / 4);
  const last = tail(series, quarter);
  const third = tail(series.subarray(0, series.length - quarter), quarter);
  const noise = unsure * Math.hypot(standardError(third), standardError(last));
  // From the middle of the first half to that of the last quarter, and from that of the third quarter.
  return arrives(early, late, 5 / 8) && arrives(median(third), median(last) + noise, 1 / 4);
}

/**
 * Steps within which growth must show. A pace rather than a total, so the verdict does not depend on how many steps
 * were measured.
 */
const pace = 100;

/** Standard errors within which a difference may be noise. */
const unsure = 2;

/**
 * Whether the second half of a series may, within its noise, exceed the first by enough to grow by `growth` within
 * `pace` steps.
 */
function mayGrow(series: Float64Array): boolean {
  const middle = Math.floor(series.length / 2);
  const [before, after] = [series.subarray(0, middle), series.subarray(middle)];
  const noise = Math.hypot(standardError(before), standardError(after));
  const level = median(after);
  const perStep = (level - median(before) + unsure * noise) / middle;
  return !(perStep * pace < Math.max(level * (growth - 1), 1));
}
