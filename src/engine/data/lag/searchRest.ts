/** Searches what a fit leaves unexplained: single inputs, products of two, random functions. */

import type { Pauses } from "../facts/pauses.ts";
import { columnLimit, randomColumns, randomOfLast, significantSingles } from "./candidates.ts";
import type { Channels } from "./channels.ts";
import type { Examples } from "./examples.ts";
import { columnKey, type LagColumn } from "./lagColumns.ts";
import { better, explainedBy, type Fit, immaterial } from "./lagFit.ts";
import { searchProducts } from "./products.ts";
import { screen, type Threshold } from "./screen.ts";

/** Number of searches of the unexplained rest. */
const rounds = 3;
/**
 * Operations that the regressions of these searches may take together: as many as four with 2000 examples and 128
 * columns.
 */
const affordable = 220_000_000;

export interface Rest {
  readonly fit: Fit;
  /** Whether the search ended because nothing more was found. */
  readonly exhausted: boolean;
  readonly complete: boolean;
}

/** Searches what the fit leaves unexplained and refits with what it finds, as long as that helps. */
export async function searchRest(
  examples: Examples,
  channels: Channels,
  threshold: Threshold,
  first: Fit,
  fitted: (columns: readonly LagColumn[]) => Promise<Fit>,
  pauses: Pauses,
): Promise<Rest> {
  let fit = first;
  let complete = true;
  let left = affordable;
  /** Whether a regression on this many columns fits into the budget; if it does, its cost is deducted. */
  const affords = (columns: number): boolean => {
    const cost = regressionCost(examples.count, columns);
    if (cost > left) return false;
    left -= cost;
    return true;
  };
  for (let round = 0; round < rounds; round++) {
    if (explainedBy(fit) > 1 - immaterial / 2) return { fit, exhausted: true, complete };
    const predictions = fit.nested.predictions(fit.best);
    const residuals = examples.targets.map((y, i) => y - predictions[i]!);
    const used = fit.columns.slice(0, fit.best);
    const room = columnLimit(examples) - used.length;
    const known = new Set(used.map(columnKey));
    const singles = significantSingles(
      screen(examples, channels, residuals, true).scores,
      channels.count,
      // The search covers more candidates than the threshold was made for.
      { ...threshold, single: 1.1 * threshold.single },
      Math.min(32, Math.max(8, room)),
      0,
    );
    await pauses.ifDue();
    const products = searchProducts(examples, channels, residuals);
    complete &&= products.complete;
    const telling = [...singles, ...products.found].filter((column) => !known.has(columnKey(column)));
    const worthwhile = telling.length > 0 && affords(used.length + telling.length);
    const next = await better(fit, [...used, ...telling], worthwhile, fitted);
    const kept = next.columns.slice(0, next.best);
    // The last input's own effect must not be mistaken for an effect of older inputs.
    const functions = [randomOfLast(), randomColumns(examples)].map((random) => [...kept, ...random]);
    const curves = round === 0 && !channels.discrete && functions.every(({ length }) => affords(length));
    if (round === 0 && !channels.discrete && !curves) complete = false;
    let curved = next;
    for (const columns of functions) curved = await better(curved, columns, curves, fitted);
    if (curved === fit) return { fit, exhausted: telling.length === 0, complete };
    fit = curved;
  }
  return { fit, exhausted: false, complete };
}

/**
 * Cost of the sums of products, the factors and the out-of-fold predictions: about 1.7 operations per example and pair
 * of columns (see `nestedRidge`).
 */
function regressionCost(count: number, columns: number): number {
  return 1.7 * count * columns ** 2;
}

/** The share, 0 to 1, of what single inputs and pairs could say about the rest that the search would have seen. */
export function restSeen(
  { complete, whole }: Examples,
  channels: Channels,
  { single }: Threshold,
  { exhausted, complete: allPairs }: Rest,
): number {
  // A dependence that explains 3.5 % would have been seen.
  const seen = Math.min(1, 0.035 / single);
  return (
    seen *
    (channels.discrete ? 0.45 : 1) *
    (complete && channels.whole && whole ? 1 : 0.75) *
    (allPairs ? 1 : 0.95) *
    (exhausted ? 1 : 0.3)
  );
}
