/** Whether the inputs and targets that the net gets are far from unit scale. */

import { isRegression } from "../config/regression.ts";
import type { LossName } from "../config/resolved.ts";
import type { Side } from "../config/scaling.ts";
import type { ColumnFacts, DataFacts, PartFacts, Reading } from "../protocol/dataFacts.ts";

/**
 * Root mean square above which values are large. Initial weights (Glorot, He) and usual learning rates suit values of
 * mean 0 and deviation 1; values a decade larger make the curvature of the loss a hundred times as large (LeCun,
 * Bottou, Orr & Müller 1998, sections 4.3 and 5.2).
 */
export const largeSize = 10;
/** Standard deviation below which the differences between samples vanish beside the initial outputs. */
export const smallDeviation = 1e-3;
/** Single values of this size move a net by themselves, even if all others are usual. */
export const outlyingSize = 100;

export interface OffScale {
  readonly side: Side;
  /** Name of the input or output whose array it is; null: the only array of its side. */
  readonly array: string | null;
  /** `outliers`: a few values are the reason why it is large. */
  readonly kind: "large" | "small" | "outliers";
  /** The column that is farthest off; without a name if it stands for all of them together. */
  readonly worst: ColumnFacts;
  /** Index of that column; null for all of them together. */
  readonly column: number | null;
  /** How many columns are off, among those described one by one. */
  readonly off: number;
  readonly columns: number;
}

/**
 * The sides that are off, or their arrays, inputs first. Indices have no scale, and neither have targets that are classes or shares of
 * them.
 */
export function offScales(facts: DataFacts, loss: LossName): readonly OffScale[] {
  const { reading = unchanged, arrays } = facts;
  const inputs = arrays?.inputs ?? [{ name: null, reading, facts: facts.inputs }];
  const targets = arrays?.targets ?? [{ name: null, loss, facts: facts.targets }];
  const found: (OffScale | null)[] = [
    ...inputs.map(({ name, reading: own, facts: part }) =>
      own.as === "values" ? offScale("inputs", inputs.length > 1 ? name : null, part, own) : null,
    ),
    ...targets.map(({ name, loss: own, facts: part }) =>
      isRegression(own) ? offScale("targets", targets.length > 1 ? name : null, part, unchanged) : null,
    ),
  ];
  return found.filter((off) => off !== null);
}

/** What is read as it is. */
export const unchanged: Reading = { as: "values", scale: 1, offset: 0 };

/** Root mean square of a column's values. */
export function sizeOf({ mean, deviation }: ColumnFacts): number {
  return Math.hypot(mean, deviation);
}

/** The value that is farthest from 0. */
export function extremeOf({ min, max }: ColumnFacts): number {
  return Math.abs(min) > Math.abs(max) ? min : max;
}

function offScale(side: Side, array: string | null, part: PartFacts, reading: Reading): OffScale | null {
  const seen = (c: ColumnFacts) => rescaled(c, reading);
  const overall = seen(part.overall);
  const told = part.columns.map(seen);
  const columns = told.length;
  const kinds = told.map(bigKind);
  const off = kinds.filter((kind) => kind !== null).length;
  const at = kinds.reduce(
    (best, kind, i) => (kind !== null && (best < 0 || sizeOf(told[i]!) > sizeOf(told[best]!)) ? i : best),
    -1,
  );
  const kind = kinds[at];
  if (kind) {
    // If all columns are off, report them together.
    const together = off === columns && columns > 1;
    return { side, array, kind, worst: together ? overall : told[at]!, column: together ? null : at, off, columns };
  }
  const whole = bigKind(overall);
  if (whole) return { side, array, kind: whole, worst: overall, column: null, off: columns, columns };
  const varying = told.filter((c) => c.deviation > 0);
  if (varying.length > 0 && varying.every((c) => c.deviation < smallDeviation) && sizeOf(overall) <= largeSize) {
    const worst = varying.reduce((most, c) => (c.deviation > most.deviation ? c : most));
    return { side, array, kind: "small", worst, column: columns === 1 ? 0 : null, off: varying.length, columns };
  }
  return null;
}

function bigKind(column: ColumnFacts): "large" | "outliers" | null {
  // A constant column acts as a second bias and is harmless until it is large.
  if (column.outliers > 0 && Math.abs(extremeOf(column)) > outlyingSize) return "outliers";
  return sizeOf(column) > largeSize ? "large" : null;
}

/** A column as the first layer that weights it receives it. */
export function rescaled(column: ColumnFacts, { scale, offset }: Reading): ColumnFacts {
  const ends = [scale * column.min + offset, scale * column.max + offset];
  return {
    ...column,
    mean: scale * column.mean + offset,
    deviation: Math.abs(scale) * column.deviation,
    min: Math.min(...ends),
    max: Math.max(...ends),
  };
}
