/** Regressions of the targets on inputs at their lags: what they explain, and the lag that they need. */

import type { Channels } from "./channels.ts";
import type { Examples } from "./examples.ts";
import { designOf, type LagColumn } from "./lagColumns.ts";
import { errorGroups, type Nested, nestedRidge } from "./nestedRidge.ts";

/**
 * A lag is not needed if dropping it loses at most this share of the explained variance, and at most `ofLeast` of the
 * least error or `ofAll` of the whole variance.
 */
export const immaterial = 0.02;
const ofLeast = 0.05;
const ofAll = 0.003;
/** t (19 degrees of freedom) above which a difference of errors is significant: 5 %, one-sided. */
const sure = 1.73;

/** Regressions on growing sets of columns. */
export interface Fit {
  readonly columns: readonly LagColumn[];
  readonly nested: Nested;
  /** The number of columns that predict best. */
  readonly best: number;
}

/** Regresses the targets on the first 0, 1, … of these columns, sorted by lag. */
export function regress(examples: Examples, channels: Channels, columns: readonly LagColumn[]): Fit {
  const { design, columns: sorted } = designOf(examples, channels, columns);
  const nested = nestedRidge(design, examples.targets);
  return { columns: sorted, nested, best: nested.errors.indexOf(nested.errors.reduce((a, b) => Math.min(a, b))) };
}

/** The same regressions: none of the columns is used. */
export function nothing(fit: Fit): Fit {
  return { ...fit, best: 0 };
}

/** The error with the best columns. */
export function least({ nested, best }: Fit): number {
  return nested.errors[best]!;
}

/** The share of the variance that the best columns explain. */
export function explainedBy({ nested, best }: Fit): number {
  return Math.max(0, 1 - nested.errors[best]! / nested.errors[0]!);
}

/**
 * Whether the errors with the best columns are significantly smaller than with the first `columns`, judged by the
 * groups' differences.
 */
export function surely({ nested: { grouped }, best }: Fit, columns: number, limit = sure): boolean {
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

/** The fit with these columns if it explains significantly more of the rest, otherwise the present one. */
export async function better(
  fit: Fit,
  columns: readonly LagColumn[],
  worthwhile: boolean,
  fitted: (columns: readonly LagColumn[]) => Promise<Fit>,
): Promise<Fit> {
  if (!worthwhile) return fit;
  const other = await fitted(columns);
  const { grouped } = fit.nested;
  const before = grouped.subarray(fit.best * errorGroups, (fit.best + 1) * errorGroups);
  const after = other.nested.grouped.subarray(other.best * errorGroups, (other.best + 1) * errorGroups);
  const joined = { errors: Float64Array.of(0, 0), grouped: Float64Array.from([...before, ...after]) };
  const gain = least(fit) - least(other);
  const matters = gain > immaterial * Math.max(explainedBy(fit), 0.05) * fit.nested.errors[0]!;
  return matters && surely({ ...other, nested: { ...other.nested, ...joined }, best: 1 }, 0, 2.5) ? other : fit;
}

/** The lag of the last column that is needed, with the columns in the order of their lags. */
export function neededLag(fit: Fit): number {
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
