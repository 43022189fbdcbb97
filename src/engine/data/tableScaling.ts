/** Scales a table's columns by the rows that no test sample contains, each column once. */

import type { Problem } from "../../config/problem.ts";
import { isRegression } from "../../config/regression.ts";
import { type Side, scalingOf } from "../../config/scaling.ts";
import { arrayWords } from "../../messages/arrays.ts";
import type { OpenTable } from "./openTable.ts";
import { columnScale } from "./scaling.ts";
import type { Split } from "./split.ts";
import { columnNames, columnPath } from "./tableProblems.ts";
import { type Column, unscaled } from "./tableSamples.ts";

export interface ScaledColumns {
  readonly inputs: readonly Column[];
  readonly targets: readonly Column[];
  /** Warnings about columns that are constant. */
  readonly warnings: readonly Problem[];
}

/** @param firstRows first rows of the samples */
export function scaledColumns(
  { data, written, at, training, table, column, target }: OpenTable,
  firstRows: Split,
): ScaledColumns {
  const warnings: Problem[] = [];
  const names = columnNames(written);
  const scalable = new Set(names);
  // Class targets stay as they are: a scaled class index would no longer be an index.
  const stays = (side: Side) => side === "targets" && !isRegression(training.loss);
  const done = new Map<string, Column>();
  const scaled = (side: Side, name: string): Column => {
    const values = column(name);
    const scaling = stays(side) || !scalable.has(name) ? null : scalingOf(data, side);
    if (scaling === null) return unscaled(values);
    const key = `${scaling} ${name}`;
    const known = done.get(key);
    if (known) return known;
    const { center, spread, constant } = columnScale(scaling, (visit) => {
      for (const row of rowsToLearnFrom(data.shuffle, table.bounds, firstRows))
        if (!Number.isNaN(values[row])) visit(values[row]!);
    });
    const result = { values, center, spread };
    done.set(key, result);
    if (constant) {
      const message = arrayWords().constantColumn({ column: name, tested: data.test !== null });
      warnings.push({ severity: "warning", message, path: columnPath(written, at, names.indexOf(name)), on: "value" });
    }
    return result;
  };
  return {
    inputs: data.inputs.map((name) => scaled("inputs", name)),
    targets: data.targets.map((name) => (stays("targets") ? unscaled(target(name)) : scaled("targets", name))),
    warnings,
  };
}

/** Rows of the table that no test sample contains. @param bounds first row of each series, then the number of rows */
function* rowsToLearnFrom(shuffle: boolean, bounds: Uint32Array, { training, test }: Split): Generator<number> {
  if (test !== null && shuffle) {
    yield* training;
    return;
  }
  // In each series, the rows before its first test sample.
  let next = 0;
  for (let s = 1; s < bounds.length; s++) {
    const end = bounds[s]!;
    const first = test?.at(next) ?? end;
    for (let row = bounds[s - 1]!; row < Math.min(first, end); row++) yield row;
    while (test !== null && (test.at(next) ?? end) < end) next++;
  }
}
