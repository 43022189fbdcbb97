/** Decides whether a loss rose, from the differences of groups of samples. */

/** One loss per group. */
export type GroupLosses = Float64Array;

export interface Rise {
  /** Rise of the mean loss. */
  readonly mean: number;
  /** Whether the rise is too large to be chance, and too large to be neglected. */
  readonly sure: boolean;
}

/** Standard errors that a rise must exceed. */
const limit = 3;
/** A rise below this share of the rise with all inputs exchanged does not matter. */
const immaterial = 0.02;

/**
 * Paired by group: what makes a group's samples hard does so both times.
 *
 * @param rounds the losses after one or several exchanges.
 * @param whole the rise that exchanging all inputs would cause.
 */
export function rise(before: GroupLosses, rounds: readonly GroupLosses[], whole: number): Rise {
  const n = before.length;
  const differences = Array.from(before, (loss, g) => {
    const after = rounds.reduce((sum, losses) => sum + losses[g]!, 0) / rounds.length;
    return after - loss;
  });
  const mean = differences.reduce((a, b) => a + b, 0) / n;
  const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1);
  return { mean, sure: mean > limit * Math.sqrt(variance / n) && mean > immaterial * whole };
}
