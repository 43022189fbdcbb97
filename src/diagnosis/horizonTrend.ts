/** Whether the horizon of a recurrent layer grows, and fast enough to get to where it has to. */

import type { RunHistory } from "../protocol/history.ts";
import type { Reach } from "./reach.ts";
import { earlyAndLate, median, standardError, tail } from "./statistics.ts";

export interface Trend {
  readonly growing: boolean;
  /** It grows, but not at a pace at which it would get to the required lag. */
  readonly crawling: boolean;
  /** The newest half of the steps do not rule out growth at a pace that would count, noise and all. */
  readonly mayGrow: boolean;
  /** Median horizons of the run's first half and last quarter. */
  readonly early: number;
  readonly late: number;
}

/** A tenth, and more than one timestep's rounding. */
const growth = 1.1;

/** @param cut after how many timesteps truncation stops the gradient, which nothing grows past; null where it does not. */
export function trendOf(
  history: RunHistory,
  layer: number,
  horizons: Float64Array,
  reach: Reach,
  cut: number | null,
): Trend {
  const { early, late } = earlyAndLate(horizons);
  const stepwise = late >= Math.max(early * growth, early + 2);
  // Whole timesteps hide slow growth; ln ε / ln γ is the same figure for a constant gain, without rounding.
  const logEpsilon = Math.log(history.info.diagnosis.rules["vanishing-through-time"].epsilon);
  const gains = history.series("meanGain", layer, reach.state) ?? new Float64Array(0);
  const series = gains.map((g) => (g < 1 ? logEpsilon / Math.log(g) : reach.last - 1));
  const smooth = { series, ...earlyAndLate(series) };
  const continuous = smooth.late >= Math.max(smooth.early * growth, smooth.early + 1);
  const half = smooth.series.subarray(Math.floor(smooth.series.length / 2));
  const grows = stepwise || continuous;
  const arrives = [horizons, series].some((s) => wouldReach(history, s, reach.required));
  return {
    growing: cut === null && grows && arrives,
    crawling: cut === null && grows && !arrives,
    mayGrow: mayGrow(smooth.series) || mayGrow(half),
    early,
    late,
  };
}

/** Horizons of nets that learn grow faster the longer they are, so that the pace so far is given this much more time. */
const patience = 2;

/**
 * Whether a horizon that goes on growing by the same factor would get to the required lag in the steps that are left, or
 * in as many as there were, whichever is more, and `patience` times that: at the pace of the whole run, and at that of
 * its second half, noise and all, because many a horizon grows for a while and then stands still. A probe is too short to
 * say.
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

/** Steps over which growth would have to show: a pace, so that a verdict does not depend on how many were measured. */
const pace = 100;

/** Standard errors within which a difference may be noise. */
const unsure = 2;

/** Whether the second half of a series may be above the first by so much that it grows by `growth` within `pace` steps. */
function mayGrow(series: Float64Array): boolean {
  const middle = Math.floor(series.length / 2);
  const [before, after] = [series.subarray(0, middle), series.subarray(middle)];
  const noise = Math.hypot(standardError(before), standardError(after));
  const level = median(after);
  const perStep = (level - median(before) + unsure * noise) / middle;
  return !(perStep * pace < Math.max(level * (growth - 1), 1));
}
