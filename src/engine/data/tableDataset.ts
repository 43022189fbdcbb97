/** A CSV table as a data set: columns chosen, standardized, cut into windows. */

import path from "node:path";
import type { Problem } from "../../config/problem.ts";
import type { ConfigPath, LossName, TableData } from "../../config/resolved.ts";
import { constantBaseline } from "./baseline.ts";
import { type Dataset, type DataTraining, maxDataValues } from "./dataset.ts";
import { readCsv } from "./readCsv.ts";
import { isRegression, targetProblems } from "./tableTargets.ts";

/** Where a table's file is. */
export function tableFile(data: TableData, configDir: string): string {
  return path.resolve(configDir, data.file);
}

/** Reads the table, or says what is wrong with it. */
export async function tableDataset(
  data: TableData,
  at: ConfigPath,
  configDir: string,
  training: DataTraining,
): Promise<Dataset | Problem[]> {
  const names = [...data.inputs, ...data.targets];
  const wanted = [...new Set(names)];
  const csv = await readCsv(tableFile(data, configDir), data.file, wanted);
  if ("length" in csv) {
    return csv.map((fault) => {
      const index = fault.column === null ? -1 : names.indexOf(wanted[fault.column]!);
      return error(fault.message, index < 0 ? [...at, "file"] : columnPath(data, at, index));
    });
  }
  const columnOf = new Map(wanted.map((name, i) => [name, csv.columns[i]!]));
  const problems = [
    ...rowProblems(data, at, csv.rows),
    ...targetProblems(data, at, training, (name) => columnOf.get(name)!),
  ];
  if (problems.length > 0) return problems;

  const warnings: Problem[] = [];
  const standardized = new Map<string, Float64Array>();
  const scaled = (name: string): Float64Array => {
    const values = columnOf.get(name)!;
    if (!data.standardize) return values;
    const known = standardized.get(name);
    if (known) return known;
    const result = standardize(values);
    standardized.set(name, result.values);
    if (result.constant) {
      warnings.push({
        severity: "warning",
        message: `Column "${name}" has the same value in every row: there is no deviation to divide by, so it is only centred, to zeros.`,
        path: columnPath(data, at, names.indexOf(name)),
        on: "value",
      });
    }
    return result.values;
  };
  // Class targets stay as they are: a standardized class index would be no index.
  const targetOf = (name: string) => (isRegression(training.loss) ? scaled(name) : columnOf.get(name)!);
  return cut(data, csv.rows, data.inputs.map(scaled), data.targets.map(targetOf), training.loss, warnings);
}

function cut(
  data: TableData,
  rows: number,
  inputColumns: readonly Float64Array[],
  targetColumns: readonly Float64Array[],
  loss: LossName,
  warnings: readonly Problem[],
): Dataset {
  const window = data.window ?? 1;
  const samples = samplesOf(data, rows);
  const features = inputColumns.length;
  const width = targetColumns.length;
  const inputs = new Float32Array(samples * window * features);
  const targets = new Float32Array(samples * width);
  for (let i = 0; i < samples; i++) {
    for (let t = 0; t < window; t++) {
      for (let f = 0; f < features; f++) inputs[(i * window + t) * features + f] = inputColumns[f]![i + t]!;
    }
    for (let k = 0; k < width; k++) targets[i * width + k] = targetColumns[k]![i + window - 1 + data.horizon]!;
  }
  return {
    samples,
    inputs,
    inputShape: data.window === null ? [features] : [window, features],
    targets,
    targetShape: [width],
    features,
    timesteps: data.window,
    classes: loss === "sparseCategoricalCrossentropy" ? targets.reduce((m, y) => Math.max(m, y), 0) + 1 : null,
    requiredLag: null,
    baselineLoss: (asked) => constantBaseline(asked, targets, samples, width),
    warnings,
  };
}

/** The i-th sample is rows i … i + window − 1; its target is row i + window − 1 + horizon. */
function samplesOf({ window, horizon }: TableData, rows: number): number {
  return rows - (window ?? 1) - horizon + 1;
}

function rowProblems(data: TableData, at: ConfigPath, rows: number): Problem[] {
  const samples = samplesOf(data, rows);
  const window = data.window ?? 1;
  if (samples < 1) {
    const needed = window + data.horizon;
    const which = window > rows || data.horizon === 0 ? "window" : "horizon";
    return [
      error(
        `"${data.file}" has ${rows} ${rows === 1 ? "row" : "rows"} of data, but one sample takes ${needed}: a window of ${window}${data.horizon > 0 ? ` and a target ${data.horizon} later` : ""}. Choose a smaller "${which}".`,
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

/** Population mean and standard deviation, in two passes for accuracy. */
function standardize(values: Float64Array): { readonly values: Float64Array; readonly constant: boolean } {
  const n = values.length;
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n);
  const constant = values.every((v) => v === values[0]);
  return { values: values.map((v) => (constant ? 0 : (v - mean) / deviation)), constant };
}

/** Place of a column's name, by its index in inputs then targets. */
function columnPath(data: TableData, at: ConfigPath, index: number): ConfigPath {
  return index < data.inputs.length ? [...at, "inputs", index] : [...at, "targets", index - data.inputs.length];
}

function error(message: string, path: ConfigPath): Problem {
  return { severity: "error", message, path, on: "value" };
}
