/** Scales a table's columns by the rows that no test sample contains, each column once. */

import type { Problem } from "../../config/problem.ts";
import { isRegression } from "../../config/regression.ts";
import { type Side, scalingOf } from "../../config/scaling.ts";
import type { OpenTable } from "./openTable.ts";
import { columnScale, constantText } from "./scaling.ts";
import { type Indices, range, type Split } from "./split.ts";
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
  { data, at, training, table, column, target }: OpenTable,
  firstRows: Split,
): ScaledColumns {
  const warnings: Problem[] = [];
  const names = columnNames(data);
  // Class targets stay as they are: a scaled class index would no longer be an index.
  const stays = (side: Side) => side === "targets" && !isRegression(training.loss);
  const done = new Map<string, Column>();
  const scaled = (side: Side, name: string): Column => {
    const values = column(name);
    const scaling = stays(side) ? null : scalingOf(data, side);
    if (scaling === null) return unscaled(values);
    const key = `${scaling} ${name}`;
    const known = done.get(key);
    if (known) return known;
    const rows = rowsToLearnFrom(data.shuffle, table.rows, firstRows);
    const { center, spread, constant } = columnScale(scaling, (visit) => {
      for (const row of rows) if (!Number.isNaN(values[row])) visit(values[row]!);
    });
    const result = { values, center, spread };
    done.set(key, result);
    if (constant) {
      const message = constantText(`Column "${name}" has`, "row", data.test !== null);
      warnings.push({ severity: "warning", message, path: columnPath(data, at, names.indexOf(name)), on: "value" });
    }
    return result;
  };
  return {
    inputs: data.inputs.map((name) => scaled("inputs", name)),
    targets: data.targets.map((name) => (stays("targets") ? unscaled(target(name)) : scaled("targets", name))),
    warnings,
  };
}

/** Rows of the table that no test sample contains. */
function rowsToLearnFrom(shuffle: boolean, rows: number, { training, test }: Split): Indices {
  if (test === null) return range(0, rows);
  return shuffle ? training : range(0, test.at(0)!);
}
