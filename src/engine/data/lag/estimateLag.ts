/**
 * Estimates from the data alone how far back the inputs are that the targets depend on.
 *
 * 1. Every input at every lag is correlated with the targets. Permutations show how large a correlation must be not to
 *   be chance.
 * 2. The targets are regressed on the inputs at the lags 0 … k, for all k, with cross-validation: a partial
 *   autocorrelation of the inputs with the targets (Box & Jenkins 1970, 3.2.5). It does not count a lag as needed if a
 *   later input already says the same.
 * 3. The unexplained rest is searched again: single inputs, products of two, random functions. Whatever is found joins
 *   the regression.
 * 4. The lag is the smallest k that explains as much as any k does: within the noise, or all but 2 % with an error that
 *   is at most 5 % larger.
 *
 * The confidence is the explained share, plus as much of the rest as was shown to depend on nothing. Inputs with only a
 * few values can combine in ways that no pair of them reveals (parity); then a rest without a visible dependence may
 * still have one.
 *
 * The certainty of the lag and of the best possible loss differ. If the lag reaches the first input, nothing older
 * exists, yet most of what the inputs say can still be unknown. Single inputs and pairs are searched; products of three
 * are not.
 */

import type { LossName } from "../../../config/resolved.ts";
import type { LagEstimate } from "../../../protocol/dataFacts.ts";
import type { Dataset } from "../dataset.ts";
import { lossShare } from "./achievable.ts";
import {
  columnLimit,
  denseColumns,
  randomColumns,
  randomOfLast,
  significantSingles,
  sparseColumns,
} from "./candidates.ts";
import { type Channels, channelsOf } from "./channels.ts";
import { columnKey, designOf, type LagColumn } from "./columns.ts";
import { type Examples, examplesOf } from "./examples.ts";
import { errorGroups, type Nested, nestedRidge } from "./nestedRidge.ts";
import { searchProducts } from "./products.ts";
import { permutationThreshold, screen, sumsOf, type Threshold } from "./screen.ts";
import type { TimeAxis } from "./timeAxis.ts";

/**
 * A lag is not needed if dropping it loses at most this share of the explained variance, and at most `ofLeast` of the
 * least error or `ofAll` of the whole variance.
 */
const immaterial = 0.02;
const ofLeast = 0.05;
const ofAll = 0.003;
/** t (19 degrees of freedom) above which a difference of errors is significant: 5 %, one-sided. */
const sure = 1.73;
/** Confidence in a dependence on the first input; it may have been found by chance. */
const sureOfOldest = 0.98;
/**
 * Confidence that the rest does not depend on an older input when the search, which could see all pairs, finds nothing.
 */
const sureOfRest = 0.92;
/** Confidence that the rest depends on nothing at all: three or more inputs together are not searched. */
const sureOfNothing = 0.7;
/** Number of searches of the unexplained rest. */
const rounds = 3;
/**
 * Operations that the regressions of these searches may take together: as many as four with 2000 examples and 128
 * columns.
 */
const affordable = 220_000_000;

export interface LagQuestion {
  readonly axis: TimeAxis;
  readonly loss: LossName;
  /** Whether rows of zeros at the end do not count. */
  readonly masked: boolean;
  /** Whether the inputs are names (tokens) that an embedding looks up. */
  readonly named: boolean;
  /** Whether the net also reads what follows a target; then both directions are examined. */
  readonly bothWays?: boolean;
}

interface Fit {
  readonly columns: readonly LagColumn[];
  readonly nested: Nested;
  /** The number of columns that predict best. */
  readonly best: number;
}

/**
 * Bounded in time for any size of the data, and deterministic. Null if the lag cannot be determined: too few samples,
 * targets that do not align with the timesteps, or discrete inputs that show nothing on their own.
 */
export function estimateLag(dataset: Dataset, question: LagQuestion): LagEstimate | null {
  const past = estimateOneWay(dataset, question, "past");
  if (!question.bothWays || dataset.targetShape.length < 2) return past;
  return eitherWay(past, estimateOneWay(dataset, question, "future"));
}

/**
 * The larger lag of the two, with the smaller confidence; half of the confidence if one direction gives no estimate.
 */
function eitherWay(past: LagEstimate | null, future: LagEstimate | null): LagEstimate | null {
  if (!past || !future) {
    const known = past ?? future;
    return (
      known && {
        ...known,
        confidence: known.confidence / 2,
        achievableConfidence: known.achievableConfidence / 2,
      }
    );
  }
  const shares = [past.achievable, future.achievable].filter((share) => share !== null);
  return {
    ...(future.lag > past.lag || past.explained === 0 ? future : past),
    confidence: Math.min(past.confidence, future.confidence),
    explained: Math.max(past.explained, future.explained),
    achievable: shares.length > 0 ? Math.min(...shares) : null,
    achievableConfidence: Math.min(past.achievableConfidence, future.achievableConfidence),
  };
}

function estimateOneWay(
  dataset: Dataset,
  { axis, loss, masked, named }: LagQuestion,
  direction: "past" | "future",
): LagEstimate | null {
  const examples = examplesOf(dataset, axis, masked, direction);
  if (!examples) return null;
  const channels = channelsOf(dataset, axis, examples, named);
  if (channels.count === 0) return null;
  const { targets } = examples;
  const screening = screen(examples, channels, targets);
  const threshold = permutationThreshold(examples, channels, targets);
  const fitted = (columns: readonly LagColumn[]): Fit => regress(examples, channels, columns);

  const sparse = fitted(sparseColumns(examples, channels.early, screening, threshold));
  const dense = fitted(denseColumns(examples, channels.early, screening, threshold));
  let chosen = least(dense) < least(sparse) ? dense : sparse;
  const sums = sumsOf(screening.scores, channels.early);
  const dependent =
    screening.scores.some((r2) => r2 > threshold.single) || sums.some((s) => s > threshold.sum) || surely(chosen, 0, 3);
  if (!dependent) chosen = nothing(chosen);

  const rest = searchRest(examples, channels, threshold, chosen, fitted);
  chosen = rest.fit;
  const explained = explainedBy(chosen);
  const found = explained > 0 && chosen.best > 0;
  if (!found && channels.discrete) return null;
  const seen = restSeen(examples, channels, threshold, rest);
  const share = found ? shareOf(explained) : 0;
  const lag = found ? neededLag(chosen) : 0;
  // Nothing is older than the first input.
  const oldest = lag === axis.timesteps - 1;
  const achievable = found ? lossShare(loss, examples, chosen.nested.predictions(chosen.best)) : 1;
  return {
    lag,
    method: channels.discrete ? "mutual-information" : "partial-autocorrelation",
    confidence: shareOf(oldest ? sureOfOldest : share + (1 - share) * sureOfRest * seen),
    explained: share,
    achievable,
    achievableConfidence: achievable === null ? 0 : shareOf(share + (1 - share) * sureOfNothing * seen),
  };
}

/** A share from 0 to 1. A value that could not be computed (NaN) shows nothing: 0. */
function shareOf(value: number): number {
  return value > 0 ? Math.min(1, value) : 0;
}

function regress(examples: Examples, channels: Channels, columns: readonly LagColumn[]): Fit {
  const { design, columns: sorted } = designOf(examples, channels, columns);
  const nested = nestedRidge(design, examples.targets);
  return { columns: sorted, nested, best: nested.errors.indexOf(nested.errors.reduce((a, b) => Math.min(a, b))) };
}

function nothing(fit: Fit): Fit {
  return { ...fit, best: 0 };
}

function least({ nested, best }: Fit): number {
  return nested.errors[best]!;
}

function explainedBy({ nested, best }: Fit): number {
  return Math.max(0, 1 - nested.errors[best]! / nested.errors[0]!);
}

/**
 * Whether the errors with the best columns are significantly smaller than with the first `columns`, judged by the
 * groups' differences.
 */
function surely({ nested: { grouped }, best }: Fit, columns: number, limit = sure): boolean {
  let sum = 0;
  let squares = 0;
  for (let g = 0; g < errorGroups; g++) {
    const difference = grouped[columns * errorGroups + g]! - grouped[best * errorGroups + g]!;
    sum += difference;
    squares += difference ** 2;
  }
  const mean = sum / errorGroups;
  const variance = (squares / errorGroups - mean ** 2) * (errorGroups / (errorGroups - 1));
  return mean > 0 && mean > limit * Math.sqrt(Math.max(0, variance) / errorGroups);
}

interface Rest {
  readonly fit: Fit;
  /** Whether the search ended because nothing more was found. */
  readonly exhausted: boolean;
  readonly complete: boolean;
}

/** Searches what the fit leaves unexplained and refits with what it finds, as long as that helps. */
function searchRest(
  examples: Examples,
  channels: Channels,
  threshold: Threshold,
  first: Fit,
  fitted: (columns: readonly LagColumn[]) => Fit,
): Rest {
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
    const products = searchProducts(examples, channels, residuals);
    complete &&= products.complete;
    const telling = [...singles, ...products.found].filter((column) => !known.has(columnKey(column)));
    const worthwhile = telling.length > 0 && affords(used.length + telling.length);
    const next = better(fit, [...used, ...telling], worthwhile, fitted);
    const kept = next.columns.slice(0, next.best);
    // The last input's own effect must not be mistaken for an effect of older inputs.
    const functions = [randomOfLast(), randomColumns(examples)].map((random) => [...kept, ...random]);
    const curves = round === 0 && !channels.discrete && functions.every(({ length }) => affords(length));
    if (round === 0 && !channels.discrete && !curves) complete = false;
    const curved = functions.reduce((before, columns) => better(before, columns, curves, fitted), next);
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

/** The fit with these columns if it explains significantly more of the rest, otherwise the present one. */
function better(
  fit: Fit,
  columns: readonly LagColumn[],
  worthwhile: boolean,
  fitted: (columns: readonly LagColumn[]) => Fit,
): Fit {
  if (!worthwhile) return fit;
  const other = fitted(columns);
  const { grouped } = fit.nested;
  const before = grouped.subarray(fit.best * errorGroups, (fit.best + 1) * errorGroups);
  const after = other.nested.grouped.subarray(other.best * errorGroups, (other.best + 1) * errorGroups);
  const joined = { errors: Float64Array.of(0, 0), grouped: Float64Array.from([...before, ...after]) };
  const gain = least(fit) - least(other);
  const matters = gain > immaterial * Math.max(explainedBy(fit), 0.05) * fit.nested.errors[0]!;
  return matters && surely({ ...other, nested: { ...other.nested, ...joined }, best: 1 }, 0, 2.5) ? other : fit;
}

/** The lag of the last column that is needed, with the columns in the order of their lags. */
function neededLag(fit: Fit): number {
  const { nested, best, columns } = fit;
  const gain = nested.errors[0]! - nested.errors[best]!;
  for (let j = 1; j < best; j++) {
    // Only whole lags: columns of the same lag count together.
    if (columns[j]!.lag === columns[j - 1]!.lag) continue;
    const missing = nested.errors[j]! - nested.errors[best]!;
    const little =
      missing <= Math.min(immaterial * gain, Math.max(ofLeast * nested.errors[best]!, ofAll * nested.errors[0]!));
    if (little || !surely(fit, j)) return columns[j - 1]!.lag;
  }
  return columns[best - 1]!.lag;
}

/** The share, 0 to 1, of what single inputs and pairs could say about the rest that the search would have seen. */
function restSeen(
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
