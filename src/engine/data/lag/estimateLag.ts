/**
 * How far back the inputs are that the targets depend on, from the data alone.
 *
 * 1. Every input at every lag is correlated with the targets; permutations tell from which size on that is no chance.
 * 2. The targets are regressed on the inputs of the lags 0 … k, for all k, cross-validated: a partial autocorrelation of the
 *    inputs with the targets (Box & Jenkins 1970, 3.2.5), which does not mistake a lag for needed because what it says is
 *    already said by a later input.
 * 3. What is left unexplained is searched again: single inputs, products of two, random functions. What is found joins the
 *    regression.
 * 4. The lag is the smallest k that explains as much as any k does: within the noise, or all but 2 % and with an error that is
 *    at most 5 % larger.
 *
 * Its confidence is the explained share, plus as much of the rest as was shown to depend on nothing. Inputs that take a few
 * values only can be combined in ways that no pair of them shows (parity): there a rest that depends on nothing is not known to.
 *
 * How sure the best possible loss is, is another question. The lag may be that of the first input, which nothing is older
 * than, and most of what the inputs say unknown. Single inputs and pairs are searched, products of three are not.
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

/** Share of the explained variance that a lag is not needed for, unless it is this share of the least error, and enough of all. */
const immaterial = 0.02;
const ofLeast = 0.05;
const ofAll = 0.003;
/** t (19 degrees of freedom) from which a difference of errors counts: 5 % one-sided. */
const sure = 1.73;
/** Confidence in a dependence on the first input: that it was found by chance. */
const sureOfOldest = 0.98;
/** Confidence that a rest which the search finds nothing in depends on no older input, where it could see all pairs. */
const sureOfRest = 0.92;
/** The same, that it depends on nothing at all: three or more inputs together are not searched. */
const sureOfNothing = 0.7;
/** Searches of what is left. */
const rounds = 3;
/** Operations that the regressions of these may take together: as many as four of 2000 examples on 128 columns. */
const affordable = 220_000_000;

export interface LagQuestion {
  readonly axis: TimeAxis;
  readonly loss: LossName;
  /** Whether rows of zeros at the end do not count. */
  readonly masked: boolean;
  /** Whether the inputs are names (of tokens) that an embedding looks up. */
  readonly named: boolean;
  /** Whether the net reads what comes after a target, too: then both directions are looked at. */
  readonly bothWays?: boolean;
}

interface Fit {
  readonly columns: readonly LagColumn[];
  readonly nested: Nested;
  /** How many columns predict best. */
  readonly best: number;
}

/**
 * Bounded in time whatever the size of the data, the same every time. Null where it cannot be told: too few samples, targets
 * that do not go with the timesteps, or discrete inputs that show nothing for themselves.
 */
export function estimateLag(dataset: Dataset, question: LagQuestion): LagEstimate | null {
  const past = estimateOneWay(dataset, question, "past");
  if (!question.bothWays || dataset.targetShape.length < 2) return past;
  return eitherWay(past, estimateOneWay(dataset, question, "future"));
}

/** The farther of two; as sure as the less sure one, and half as sure where one direction does not tell. */
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
  // There is nothing older than the first input.
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

/** From 0 to 1. What could not be computed (NaN) shows nothing: 0. */
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

/** Whether the errors with the best columns are surely smaller than with the first `columns`, by the groups' differences. */
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
  /** Whether the search ended because there was nothing more. */
  readonly exhausted: boolean;
  readonly complete: boolean;
}

/** Searches what the fit leaves unexplained, and fits again with what is found, while that helps. */
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
  /** Whether a regression on so many columns is within the budget, which it then takes. */
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
      // More of them are looked at than the threshold was made for.
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
    // What the last input says by itself must not be taken for what older ones say with it.
    const functions = [randomOfLast(), randomColumns(examples)].map((random) => [...kept, ...random]);
    const curves = round === 0 && !channels.discrete && functions.every(({ length }) => affords(length));
    if (round === 0 && !channels.discrete && !curves) complete = false;
    const curved = functions.reduce((before, columns) => better(before, columns, curves, fitted), next);
    if (curved === fit) return { fit, exhausted: telling.length === 0, complete };
    fit = curved;
  }
  return { fit, exhausted: false, complete };
}

/** Of sums of products, factors and predictions out of fold: about 1.7 per example and pair of columns (see `nestedRidge`). */
function regressionCost(count: number, columns: number): number {
  return 1.7 * count * columns ** 2;
}

/** The fit with these columns where it surely explains more of the rest, else the one there is. */
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

/** Of the columns in the order of their lags, the lag of the last one that is needed. */
function neededLag(fit: Fit): number {
  const { nested, best, columns } = fit;
  const gain = nested.errors[0]! - nested.errors[best]!;
  for (let j = 1; j < best; j++) {
    // Only whole lags: columns of the same one count together.
    if (columns[j]!.lag === columns[j - 1]!.lag) continue;
    const missing = nested.errors[j]! - nested.errors[best]!;
    const little =
      missing <= Math.min(immaterial * gain, Math.max(ofLeast * nested.errors[best]!, ofAll * nested.errors[0]!));
    if (little || !surely(fit, j)) return columns[j - 1]!.lag;
  }
  return columns[best - 1]!.lag;
}

/** How much of what single inputs and pairs could say of the rest the search would have seen, 0 to 1. */
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
