/** Whether inputs and targets are far from unit scale, as the net gets them. */

import { isRegression } from "../config/regression.ts";
import type { LossName } from "../config/resolved.ts";
import type { Side } from "../config/scaling.ts";
import type { ColumnFacts, DataFacts, PartFacts, Reading } from "../protocol/dataFacts.ts";

/**
 * Root mean square beyond which values are large. Initial weights (Glorot, He) and usual learning rates are made for
 * values of mean 0 and deviation 1; a decade beyond it the curvature of the loss is a hundred times as large (LeCun,
 * Bottou, Orr & Müller 1998, sections 4.3 and 5.2).
 */
export const largeSize = 10;
/** Standard deviation below which all that differs between samples is next to nothing beside the initial outputs. */
export const smallDeviation = 1e-3;
/** Single values of this size move a net by themselves, however usual the others are. */
export const outlyingSize = 100;

export interface OffScale {
  readonly side: Side;
  /** `outliers`: a few values are the reason why it is large. */
  readonly kind: "large" | "small" | "outliers";
  /** The column that is farthest off; without a name: all of them together. */
  readonly worst: ColumnFacts;
  /** Index of that column; null: all of them together. */
  readonly column: number | null;
  /** How many columns are off, of all that are told one by one. */
  readonly off: number;
  readonly columns: number;
}

/** The sides that are off, inputs first. Indices, and targets that are classes or shares of them, have no scale. */
export function offScales(facts: DataFacts, loss: LossName): readonly OffScale[] {
  const { reading = { as: "values", scale: 1, offset: 0 } } = facts;
  const found: OffScale[] = [];
  const inputs = reading.as === "values" ? offScale("inputs", facts.inputs, reading) : null;
  if (inputs) found.push(inputs);
  const targets = isRegression(loss) ? offScale("targets", facts.targets, { scale: 1, offset: 0 }) : null;
  if (targets) found.push(targets);
  return found;
}

/** Root mean square of a column's values. */
export function sizeOf({ mean, deviation }: ColumnFacts): number {
  return Math.hypot(mean, deviation);
}

/** The value that is farthest from 0. */
export function extremeOf({ min, max }: ColumnFacts): number {
  return Math.abs(min) > Math.abs(max) ? min : max;
}

function offScale(side: Side, part: PartFacts, { scale, offset }: Omit<Reading, "as">): OffScale | null {
  const seen = (c: ColumnFacts) => rescaled(c, scale, offset);
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
    // All alike, they are told of together.
    const together = off === columns && columns > 1;
    return { side, kind, worst: together ? overall : told[at]!, column: together ? null : at, off, columns };
  }
  const whole = bigKind(overall);
  if (whole) return { side, kind: whole, worst: overall, column: null, off: columns, columns };
  const varying = told.filter((c) => c.deviation > 0);
  if (varying.length > 0 && varying.every((c) => c.deviation < smallDeviation) && sizeOf(overall) <= largeSize) {
    const worst = varying.reduce((most, c) => (c.deviation > most.deviation ? c : most));
    return { side, kind: "small", worst, column: columns === 1 ? 0 : null, off: varying.length, columns };
  }
  return null;
}

function bigKind(column: ColumnFacts): "large" | "outliers" | null {
  // A column of a constant is a second bias, and as harmless until it is large.
  if (column.outliers > 0 && Math.abs(extremeOf(column)) > outlyingSize) return "outliers";
  return sizeOf(column) > largeSize ? "large" : null;
}

function rescaled(column: ColumnFacts, scale: number, offset: number): ColumnFacts {
  const ends = [scale * column.min + offset, scale * column.max + offset];
  return {
    ...column,
    mean: scale * column.mean + offset,
    deviation: Math.abs(scale) * column.deviation,
    min: Math.min(...ends),
    max: Math.max(...ends),
  };
}
