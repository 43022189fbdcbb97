/**
 * Combines the steps of the processes of one training. Each writes its figures as parts of the whole loss, which is the
 * mean of theirs, so squares of norms add up (docs/run-format.md).
 */

import type { Profile } from "../protocol/frame.ts";
import type { Quantity } from "../protocol/quantities.ts";
import type { Column } from "../protocol/run.ts";

/** One step of one process. */
export interface RankStep {
  readonly step: number;
  readonly row: Float64Array;
  readonly profiles: readonly Profile[];
}

/** How a quantity combines; one that is not named is the same in all processes. */
const rules: { readonly [quantity in Quantity]?: (values: readonly number[]) => number } = {
  loss: mean,
  metric: mean,
  testLoss: mean,
  testAccuracy: mean,
  testMetric: mean,
  activationMean: mean,
  activationStd: mean,
  activationSaturated: mean,
  outputGradientNorm: hypotenuse,
  activationNonFinite: sum,
  milliseconds: (values) => Math.max(...values),
  // A unit is dead only if it is in every process.
  activationDead: (values) => Math.min(...values),
};

/**
 * One step of all processes, as one process would have measured it on the whole batch.
 *
 * @param parts the same step of each process
 * @param squares for each column, whether each process holds a part of it
 */
export function combineRanks(
  parts: readonly RankStep[],
  columns: readonly Column[],
  squares: readonly boolean[],
): RankStep {
  const [first] = parts;
  if (!first || parts.length === 1) return first ?? { step: 0, row: new Float64Array(0), profiles: [] };
  const row = first.row.map((value, i) => {
    const values = parts.map((part) => part.row[i] ?? Number.NaN);
    const quantity = columns[i]?.quantity;
    if (squares[i]) return hypotenuse(values);
    return (quantity && rules[quantity])?.(values) ?? value;
  });
  const profiles = first.profiles.flatMap((profile) => combineProfile(profile, parts) ?? []);
  return { step: first.step, row, profiles };
}

/** Null if a process lacks it. */
function combineProfile({ layer, channel }: Profile, parts: readonly RankStep[]): Profile | null {
  const rowsOf = (name: string, which: "values" | "max"): readonly Float64Array[] =>
    parts.flatMap(({ profiles }) => profiles.find((p) => p.layer === layer && p.channel === name)?.[which] ?? []);
  const combine = (which: "values" | "max"): Float64Array | null => {
    const rows = rowsOf(channel, which);
    const norms = rowsOf(channel.replace(/gain$/, "logNorm"), which);
    if (rows.length !== parts.length || norms.length !== parts.length) return null;
    const at = (from: readonly Float64Array[], t: number) => from.map((row) => row[t] ?? Number.NaN);
    return (rows[0] ?? new Float64Array(0)).map((_, t) => {
      if (channel.endsWith(".logNorm")) return logOfSquares(at(rows, t));
      if (channel.endsWith(".gain")) return gain(at(rows, t), at(norms, t));
      return channel.endsWith(".nonFinite") ? sum(at(rows, t)) : mean(at(rows, t));
    });
  };
  const values = combine("values");
  const max = combine("max");
  return values && max && { layer, channel, values, max };
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function hypotenuse(values: readonly number[]): number {
  return Math.hypot(...values);
}

/** log₁₀ of the root of the sum of the squares of numbers given by their log₁₀. */
function logOfSquares(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  if (!Number.isFinite(largest)) return largest;
  return largest + 0.5 * Math.log10(sum(logs.map((log) => 10 ** (2 * (log - largest)))));
}

/** ‖Jᵀd‖ / ‖d‖ over all processes, from γ and log₁₀ ‖d‖ of each. */
function gain(gains: readonly number[], logs: readonly number[]): number {
  const total = logOfSquares(logs);
  if (total === Number.NEGATIVE_INFINITY) return Number.NaN;
  const sent = gains.flatMap((value, i) => {
    const log = logs[i] ?? Number.NaN;
    return log === Number.NEGATIVE_INFINITY ? [] : [log + Math.log10(value)];
  });
  return 10 ** (logOfSquares(sent) - total);
}
