/** Facts of made-up data. */

import type { ColumnFacts, DataFacts, PartFacts } from "../../../src/protocol/dataFacts.ts";

export function column(mean: number, deviation: number, more: Partial<ColumnFacts> = {}): ColumnFacts {
  return {
    name: null,
    mean,
    deviation,
    min: mean - 1.7 * deviation,
    max: mean + 1.7 * deviation,
    whole: false,
    outliers: 0,
    duplicateOf: null,
    ...more,
  };
}

export const unit = column(0, 1);

/** For several columns, the whole has their joint mean and deviation. */
export function part(...columns: readonly ColumnFacts[]): PartFacts {
  const n = columns.length;
  const mean = columns.reduce((sum, c) => sum + c.mean, 0) / n;
  const square = columns.reduce((sum, c) => sum + c.mean ** 2 + c.deviation ** 2, 0) / n;
  const overall = column(mean, Math.sqrt(Math.max(0, square - mean ** 2)), {
    min: Math.min(...columns.map((c) => c.min)),
    max: Math.max(...columns.map((c) => c.max)),
    whole: columns.every((c) => c.whole),
    outliers: Math.max(...columns.map((c) => c.outliers)),
  });
  return { columns: [...columns], overall: n === 1 ? { ...columns[0]!, name: null } : overall };
}

export function dataFacts(more: Partial<DataFacts> = {}): DataFacts {
  return {
    samples: 1000,
    reading: { as: "values", scale: 1, offset: 0 },
    inputs: part(unit),
    targets: part(unit),
    classes: null,
    padding: null,
    lag: null,
    ...more,
  };
}
