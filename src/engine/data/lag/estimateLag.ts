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
import { Pauses } from "../facts/pauses.ts";
import { lossShare } from "./achievable.ts";
import { denseColumns, sparseColumns } from "./candidates.ts";
import { channelsOf } from "./channels.ts";
import { examplesOf } from "./examples.ts";
import type { LagColumn } from "./lagColumns.ts";
import { explainedBy, type Fit, least, neededLag, nothing, regress, surely } from "./lagFit.ts";
import { permutationThreshold, screen, sumsOf } from "./screen.ts";
import { restSeen, searchRest } from "./searchRest.ts";
import type { TimeAxis } from "./timeAxis.ts";

/** Confidence in a dependence on the first input; it may have been found by chance. */
const sureOfOldest = 0.98;
/**
 * Confidence that the rest does not depend on an older input when the search, which could see all pairs, finds nothing.
 */
const sureOfRest = 0.92;
/** Confidence that the rest depends on nothing at all: three or more inputs together are not searched. */
const sureOfNothing = 0.7;

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

/**
 * Bounded in time for any size of the data, and deterministic; pauses now and then. Null if the lag cannot be determined: too few samples,
 * targets that do not align with the timesteps, or discrete inputs that show nothing on their own.
 */
export async function estimateLag(dataset: Dataset, question: LagQuestion): Promise<LagEstimate | null> {
  const past = await estimateOneWay(dataset, question, "past");
  if (!question.bothWays || dataset.targetShape.length < 2) return past;
  return eitherWay(past, await estimateOneWay(dataset, question, "future"));
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

async function estimateOneWay(
  dataset: Dataset,
  { axis, loss, masked, named }: LagQuestion,
  direction: "past" | "future",
): Promise<LagEstimate | null> {
  const pauses = new Pauses();
  const examples = examplesOf(dataset, axis, masked, direction);
  if (!examples) return null;
  const channels = channelsOf(dataset, axis, examples, named);
  if (channels.count === 0) return null;
  const { targets } = examples;
  await pauses.ifDue();
  const screening = screen(examples, channels, targets);
  await pauses.ifDue();
  const threshold = permutationThreshold(examples, channels, targets);
  const fitted = async (columns: readonly LagColumn[]): Promise<Fit> => {
    await pauses.ifDue();
    return regress(examples, channels, columns);
  };

  const sparse = await fitted(sparseColumns(examples, channels.early, screening, threshold));
  const dense = await fitted(denseColumns(examples, channels.early, screening, threshold));
  let chosen = least(dense) < least(sparse) ? dense : sparse;
  const sums = sumsOf(screening.scores, channels.early);
  const dependent =
    screening.scores.some((r2) => r2 > threshold.single) || sums.some((s) => s > threshold.sum) || surely(chosen, 0, 3);
  if (!dependent) chosen = nothing(chosen);

  const rest = await searchRest(examples, channels, threshold, chosen, fitted, pauses);
  await pauses.ifDue();
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
