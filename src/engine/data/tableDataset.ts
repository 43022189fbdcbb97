/** Builds a data set from a CSV table: columns are chosen, scaled and cut into windows. */

import path from "node:path";
import { maxDataValues } from "../../config/limits.ts";
import type { Problem } from "../../config/problem.ts";
import { isRegression } from "../../config/regression.ts";
import type { ConfigPath, TableData } from "../../config/resolved.ts";
import { type Side, scalingOf } from "../../config/scaling.ts";
import { readInWorker, refusedAs } from "../readingThread/reader.ts";
import { constantBaseline } from "./baseline.ts";
import type { Dataset, DataTraining, Samples } from "./dataset.ts";
import { indicesOf } from "./labels.ts";
import { columnScale, constantText } from "./scaling.ts";
import { type Indices, range, type Split, split } from "./split.ts";
import { classTargetWarnings, targetProblems } from "./tableTargets.ts";
import { valuesFault } from "./weightsFault.ts";

/** Reads the table, or says what is wrong with it. */
export async function tableDataset(
  data: TableData,
  at: ConfigPath,
  configDir: string,
  training: DataTraining,
  signal: AbortSignal,
): Promise<Dataset | Problem[]> {
  const names = [...data.inputs, ...data.targets, ...(data.weights === undefined ? [] : [data.weights])];
  const wanted = [...new Set(names)];
  const question = { file: path.resolve(configDir, data.file), shown: data.file, wanted };
  const csv = await readInWorker("csv", question, signal).catch(
    refusedAs((words) => [{ message: `"${data.file}": ${words}`, column: null }]),
  );
  if ("length" in csv) {
    return csv.map((fault) => {
      const index = fault.column === null ? -1 : names.indexOf(wanted[fault.column]!);
      return error(fault.message, index < 0 ? [...at, "file"] : columnPath(data, at, index));
    });
  }
  const columnOf = new Map(wanted.map((name, i) => [name, csv.columns[i]!]));
  const labels = labelColumns(data, at, training, (name) => columnOf.get(name)!);
  if (Array.isArray(labels)) return labels;
  const target = (name: string) => labels.get(name) ?? columnOf.get(name)!;
  const problems = [
    ...rowProblems(data, at, csv.rows),
    ...targetProblems(data, at, training, target),
    ...weightProblems(data, at, columnOf),
  ];
  if (problems.length > 0) return problems;
  const parts = split(samplesOf(data, csv.rows), { ...data, gap: span(data) - 1, path: at });
  if ("message" in parts) return [parts];

  // Class targets stay as they are: a scaled class index would no longer be an index.
  const stays = (side: Side) => side === "targets" && !isRegression(training.loss);
  const warnings: Problem[] = classTargetWarnings(data, at, training.loss);
  const done = new Map<string, Column>();
  const scaled = (side: Side, name: string): Column => {
    const values = columnOf.get(name)!;
    const scaling = stays(side) ? null : scalingOf(data, side);
    if (scaling === null) return unscaled(values);
    const key = `${scaling} ${name}`;
    const known = done.get(key);
    if (known) return known;
    const rows = rowsToLearnFrom(data, csv.rows, parts);
    const { center, spread, constant } = columnScale(scaling, (visit) => {
      for (const row of rows) visit(values[row]!);
    });
    const result = { values, center, spread };
    done.set(key, result);
    if (constant) {
      const path = columnPath(data, at, names.indexOf(name));
      warnings.push(warning(constantText(`Column "${name}" has`, "row", data.test !== null), path));
    }
    return result;
  };
  const inputColumns = data.inputs.map((name) => scaled("inputs", name));
  const targetColumns = data.targets.map((name) =>
    isRegression(training.loss) ? scaled("targets", name) : unscaled(target(name)),
  );
  const weights = data.weights === undefined ? null : columnOf.get(data.weights)!;
  const own = cut(data, inputColumns, targetColumns, weights, parts.training);
  const test = parts.test && cut(data, inputColumns, targetColumns, weights, parts.test);
  const features = data.inputs.length;
  const width = data.targets.length;
  const highest = (part: Samples | null) => part?.targets.reduce((m, y) => Math.max(m, y), 0) ?? 0;
  return {
    ...own,
    test,
    inputShape: data.window === null ? [features] : [data.window, features],
    targetShape: [width],
    features,
    timesteps: data.window,
    continues: data.window ?? undefined,
    classes:
      training.loss === "sparseCategoricalCrossentropy"
        ? (data.classes?.length ?? Math.max(highest(own), highest(test)) + 1)
        : null,
    requiredLag: null,
    baselineLoss: (asked, weights) => constantBaseline(asked, own.targets, own.samples, width, weights),
    columns: { inputs: data.inputs, targets: data.targets },
    warnings,
  };
}

/** A column of the table and its scale where it is used: (v − center) / spread. */
interface Column {
  readonly values: Float64Array;
  readonly center: number;
  readonly spread: number;
}

function unscaled(values: Float64Array): Column {
  return { values, center: 0, spread: 1 };
}

function valueAt({ values, center, spread }: Column, row: number): number {
  return (values[row]! - center) / spread;
}

/**
 * The target columns as class indices, if the config lists the labels; otherwise none. A column may be an input, too.
 */
function labelColumns(
  { classes, targets }: TableData,
  at: ConfigPath,
  { loss, path: trainingPath }: DataTraining,
  columnOf: (name: string) => Float64Array,
): ReadonlyMap<string, Float64Array> | Problem[] {
  const columns = new Map<string, Float64Array>();
  if (classes === null) return columns;
  for (const [i, name] of targets.entries()) {
    const found = indicesOf(columnOf(name), classes, loss, { data: at, training: trainingPath });
    if ("fault" in found) {
      const place = found.about === "classes" ? [...at, "classes"] : [...at, "targets", i];
      return [{ ...error(`Column "${name}": ${found.fault}`, place), fixes: found.fixes }];
    }
    columns.set(name, Float64Array.from(found.indices));
  }
  return columns;
}

function weightProblems(
  { weights }: TableData,
  at: ConfigPath,
  columns: ReadonlyMap<string, Float64Array>,
): readonly Problem[] {
  const fault = weights === undefined ? null : valuesFault(columns.get(weights)!);
  return fault === null ? [] : [error(`Column "${weights}": ${fault}`, [...at, "weights"])];
}

/** The samples that start at the rows `starts`. */
function cut(
  data: TableData,
  inputColumns: readonly Column[],
  targetColumns: readonly Column[],
  weights: Float64Array | null,
  starts: Indices,
): Samples {
  const window = data.window ?? 1;
  const features = inputColumns.length;
  const width = targetColumns.length;
  const inputs = new Float32Array(starts.length * window * features);
  const targets = new Float32Array(starts.length * width);
  const each = weights && new Float32Array(starts.length);
  let i = 0;
  for (const start of starts) {
    for (let t = 0; t < window; t++) {
      for (let f = 0; f < features; f++) inputs[(i * window + t) * features + f] = valueAt(inputColumns[f]!, start + t);
    }
    for (let k = 0; k < width; k++) targets[i * width + k] = valueAt(targetColumns[k]!, start + span(data) - 1);
    if (each) each[i] = weights[start + span(data) - 1]!;
    i++;
  }
  return { samples: starts.length, inputs, targets, ...(each && { weights: each }) };
}

/** Number of rows from a sample's first to its target's. */
function span({ window, horizon }: TableData): number {
  return (window ?? 1) + horizon;
}

/** Rows of the table that no test sample contains. */
function rowsToLearnFrom(data: TableData, rows: number, { training, test }: Split): Indices {
  if (test === null) return range(0, rows);
  if (data.shuffle) return training;
  return range(0, test.at(0)!);
}

/** Number of samples. The i-th sample is rows i … i + window − 1; its target is row i + window − 1 + horizon. */
function samplesOf(data: TableData, rows: number): number {
  return rows - span(data) + 1;
}

function rowProblems(data: TableData, at: ConfigPath, rows: number): Problem[] {
  const samples = samplesOf(data, rows);
  const window = data.window ?? 1;
  if (samples < 1) {
    const needed = window + data.horizon;
    const which = window > rows || data.horizon === 0 ? "window" : "horizon";
    return [
      error(
        `"${data.file}" has ${rows} ${rows === 1 ? "row" : "rows"} of data, but one sample needs ${needed}: a window of ${window}${data.horizon > 0 ? ` and a target ${data.horizon} later` : ""}. Choose a smaller "${which}".`,
        [...at, which],
      ),
    ];
  }
  const values = samples * (window * data.inputs.length + data.targets.length);
  if (values <= maxDataValues) return [];
  return [
    error(
      `${samples} windows of ${window} rows and ${data.inputs.length} columns are ${values} numbers; the limit is ${maxDataValues} (400 MB). Choose a smaller "window" or a part of the file.`,
      [...at, "window"],
    ),
  ];
}

/** Place of a column's name, by its index in inputs, then targets, then weights. */
function columnPath(data: TableData, at: ConfigPath, index: number): ConfigPath {
  if (index >= data.inputs.length + data.targets.length) return [...at, "weights"];
  return index < data.inputs.length ? [...at, "inputs", index] : [...at, "targets", index - data.inputs.length];
}

function warning(message: string, path: ConfigPath): Problem {
  return { severity: "warning", message, path, on: "value" };
}

function error(message: string, path: ConfigPath): Problem {
  return { severity: "error", message, path, on: "value" };
}
