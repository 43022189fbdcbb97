/** The figures of a data set: scale, spread and extremes of inputs and targets, over the samples to learn from. */

import { type ColumnFacts, type DataFacts, maxColumnFacts, type PartFacts } from "../../../protocol/dataFacts.ts";
import type { Dataset } from "../dataset.ts";

const known = new WeakMap<Dataset, DataFacts>();

/** Measured once per data set: linear in its size, with at most `maxColumnFacts` columns told one by one. */
export function dataFacts(dataset: Dataset): DataFacts {
  const before = known.get(dataset);
  if (before) return before;
  const { samples, inputs, targets, features, targetShape, classes } = dataset;
  const facts: DataFacts = {
    samples,
    inputs: partFacts(inputs, features),
    targets: partFacts(targets, targetShape.at(-1) ?? 1),
    classes: classes === null ? null : classesIn(targets),
    padding: null,
    lag: null,
  };
  known.set(dataset, facts);
  return facts;
}

/** @param values rows of `width` columns, row-major. */
function partFacts(values: Float32Array, width: number): PartFacts {
  const columns = Array.from({ length: Math.min(width, maxColumnFacts) }, (_, c) => columnFacts(values, c, width));
  return { columns, overall: width === 1 ? columns[0]! : columnFacts(values, 0, 1) };
}

function columnFacts(values: Float32Array, offset: number, stride: number): ColumnFacts {
  let n = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let whole = true;
  for (let i = offset; i < values.length; i += stride) {
    const v = values[i]!;
    if (!Number.isFinite(v)) continue;
    n++;
    sum += v;
    if (v < min) min = v;
    if (v > max) max = v;
    if (whole && !Number.isInteger(v)) whole = false;
  }
  const mean = sum / n;
  let squares = 0;
  for (let i = offset; i < values.length; i += stride) {
    const v = values[i]!;
    if (Number.isFinite(v)) squares += (v - mean) ** 2;
  }
  const deviation = Math.sqrt(squares / n);
  return { name: null, mean, deviation, min, max, whole, outliers: 0, duplicateOf: null };
}

/** As many as are told. */
const maxClasses = 1000;

function classesIn(targets: Float32Array): number[] {
  return [...new Set(targets)].sort((a, b) => a - b).slice(0, maxClasses);
}
