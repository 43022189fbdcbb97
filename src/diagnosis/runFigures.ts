/** Reduces a run to the figures by which it is compared with others. */

import type { RunFigures } from "../protocol/figures.ts";
import type { Finding, Severity } from "../protocol/finding.ts";
import { type Reach, reachOf } from "../protocol/history/reach.ts";
import type { RunHistory } from "../protocol/history.ts";
import { learningOf } from "./learning.ts";

export function runFigures(history: RunHistory, findings: readonly Finding[]): RunFigures {
  const reach = farthestReach(history);
  const latest = history.latest("loss") ?? Number.NaN;
  const of = (severity: Severity): number => findings.filter((f) => f.severity === severity).length;
  return {
    steps: history.lastStep,
    // A median would hide that the loss is no longer finite.
    loss: Number.isFinite(latest) ? learningOf(history).loss : latest,
    bestLoss: lowest(history.series("loss")),
    testLoss: newestKnown(history.series("testLoss")),
    baselineLoss: history.info.baselineLoss ?? Number.NaN,
    horizon: reach ? Math.min(reach.horizon, reach.required) : Number.NaN,
    requiredLag: reach?.required ?? Number.NaN,
    decades: reach?.survival ?? Number.NaN,
    gain: reach?.gain ?? Number.NaN,
    largestGradientNorm: largest(history.series("gradientNorm")),
    errors: of("error"),
    warnings: of("warning"),
    notes: of("information"),
  };
}

/** Reach of the layer that reaches farthest: if one layer carries the gradient all the way, the model does. */
export function farthestReach(history: RunHistory): Reach | undefined {
  const reaches = history.info.layers.flatMap((_, layer) => reachOf(history, layer) ?? []);
  const share = (r: Reach): number => Math.min(1, r.horizon / r.required);
  return reaches.sort((a, b) => share(b) - share(a))[0];
}

/** The newest known value of a figure that is not measured at every step. */
function newestKnown(series: Float64Array | undefined): number {
  return series?.findLast((v) => !Number.isNaN(v)) ?? Number.NaN;
}

function lowest(series: Float64Array | undefined): number {
  const known = series?.filter((v) => !Number.isNaN(v));
  return known && known.length > 0 ? known.reduce((a, b) => Math.min(a, b)) : Number.NaN;
}

function largest(series: Float64Array | undefined): number {
  return series && series.length > 0 ? series.reduce((a, b) => Math.max(a, b)) : Number.NaN;
}
