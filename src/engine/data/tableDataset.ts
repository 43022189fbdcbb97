/** Builds a data set from a table: columns are chosen, scaled and cut into windows. */

import path from "node:path";
import { maxDataValues } from "../../config/limits.ts";
import type { Problem } from "../../config/problem.ts";
import { isRegression } from "../../config/regression.ts";
import type { JsonPath, LossName, TableData } from "../../config/resolved.ts";
import { type Side, scalingOf } from "../../config/scaling.ts";
import type { Question } from "../readingThread/jobs.ts";
import { readInWorker, refusedAs } from "../readingThread/reader.ts";
import { constantBaseline } from "./baseline.ts";
import type { Dataset, DataTraining, Samples } from "./dataset.ts";
import { fillMissing, present } from "./fillMissing.ts";
import { indicesOf } from "./labels.ts";
import { leakageWarnings } from "./leakage.ts";
import { columnScale, constantText } from "./scaling.ts";
import { type Indices, range, type Split, split } from "./split.ts";
import { columnNames, columnPath, faultProblem, remarkProblem } from "./tableProblems.ts";
import { samplesOf, span, startsOf, toTarget } from "./tableSamples.ts";
import { classTargetWarnings, targetProblems } from "./tableTargets.ts";
import type { PositionWeights } from "./weights.ts";
import { valuesFault } from "./weightsFault.ts";

/** Reads the table, or says what is wrong with it. */
export async function tableDataset(
  data: TableData,
  at: JsonPath,
  configDir: string,
  training: DataTraining,
  signal: AbortSignal,
): Promise<Dataset | Problem[]> {
  const names = columnNames(data);
  const wanted = [...new Set(names)];
  const table = await readInWorker("table", questionOf(data, configDir, wanted), signal).catch(
    refusedAs((words) => [{ message: `"${data.file}": ${words}`, column: null, remedies: [] }]),
  );
  if ("length" in table) return table.map((fault) => faultProblem(data, at, training, wanted, fault));
  const columnOf = new Map(wanted.map((name, i) => [name, table.columns[i]!]));
  const filled = fillColumns(data, training, columnOf);
  const labels = labelColumns(data, at, training, (name) => columnOf.get(name)!);
  if (Array.isArray(labels)) return labels;
  const target = (name: string) => labels.get(name) ?? columnOf.get(name)!;
  const problems = [
    ...rowProblems(data, at, table.rows),
    ...targetProblems(data, at, training, target),
    ...weightProblems(data, at, columnOf),
  ];
  if (problems.length > 0) return problems;
  const valuesOf = (list: readonly string[]) => list.map((name) => columnOf.get(name)!);
  const told = [...data.targets, ...(data.weights === undefined ? [] : [data.weights])];
  const starts = startsOf(data, table.rows, valuesOf(data.inputs), valuesOf(told));
  if (starts.length === 0) return [error(`In "${data.file}" every sample has a missing value.`, [...at, "missing"])];
  const parts = split(starts.length, { ...data, gap: span(data) - 1, path: at });
  if ("message" in parts) return [parts];
  const firstRows = (part: Indices) => (starts.length === samplesOf(data, table.rows) ? part : pick(starts, part));

  // Class targets stay as they are: a scaled class index would no longer be an index.
  const stays = (side: Side) => side === "targets" && !isRegression(training.loss);
  const left = samplesOf(data, table.rows) - starts.length;
  const leakage = { ...data, at, loss: training.loss, inputShape: [data.inputs.length], timed: table.timed };
  /** As many rows as tell whether neighbours are alike, unscaled. */
  const firstSamples = (): Samples => {
    const columns = [...valuesOf(data.inputs).map(unscaled)];
    const some = firstRows(range(0, Math.min(starts.length, 20_000)));
    return cut(
      data,
      columns,
      data.targets.map((name) => unscaled(target(name))),
      null,
      some,
    );
  };
  const warnings: Problem[] = [
    ...notesOf(data, at, [...table.notes, ...filled, ...(left > 0 ? [leftText(data, left)] : [])]),
    ...(inTime(data) || !data.shuffle ? table.remarks : table.remarks.filter(({ about }) => about !== "time")).map(
      (remark) => remarkProblem(data, at, remark),
    ),
    ...classTargetWarnings(data, at, training.loss),
    ...(inTime(data) ? [] : leakageWarnings(firstSamples(), leakage)),
  ];
  const done = new Map<string, Column>();
  const scaled = (side: Side, name: string): Column => {
    const values = columnOf.get(name)!;
    const scaling = stays(side) ? null : scalingOf(data, side);
    if (scaling === null) return unscaled(values);
    const key = `${scaling} ${name}`;
    const known = done.get(key);
    if (known) return known;
    const rows = rowsToLearnFrom(data, table.rows, {
      training: firstRows(parts.training),
      test: parts.test && firstRows(parts.test),
    });
    const { center, spread, constant } = columnScale(scaling, (visit) => {
      for (const row of rows) if (!Number.isNaN(values[row])) visit(values[row]!);
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
  const own = cut(data, inputColumns, targetColumns, weights, firstRows(parts.training));
  const test = parts.test && cut(data, inputColumns, targetColumns, weights, firstRows(parts.test));
  const features = data.inputs.length;
  const { targetRows = 1 } = data;
  const width = data.targets.length;
  const highest = (part: Samples | null) => part?.targets.reduce((m, y) => Math.max(m, y), 0) ?? 0;
  const indices = training.loss === "sparseCategoricalCrossentropy";
  /** The same targets with this many values on their last axis. */
  const targetsOf = (shape: readonly number[], columns: readonly string[]) => ({
    targetShape: shape,
    baselineLoss: (asked: LossName, each: PositionWeights | null = null) =>
      constantBaseline(asked, own.targets, own.samples, shape.at(-1)!, each),
    columns: { inputs: data.inputs, targets: columns },
  });
  const inRows = targetsOf([targetRows, width], data.targets);
  const flat = targetsOf([targetRows * width], targetRows === 1 ? data.targets : rowNames(data));
  return {
    ...own,
    test,
    inputShape: data.window === null ? [features] : [data.window, features],
    ...(indices && targetRows > 1 ? inRows : flat),
    ...(targetRows > 1 && !indices && { inRows }),
    features,
    timesteps: data.window,
    continues: left > 0 ? undefined : (data.window ?? undefined),
    classes: indices ? (data.classes?.length ?? Math.max(highest(own), highest(test)) + 1) : null,
    requiredLag: null,
    warnings,
  };
}

function questionOf(data: TableData, configDir: string, wanted: readonly string[]): Question<"table"> {
  const { order, missing } = data;
  return {
    file: path.resolve(configDir, data.file),
    shown: data.file,
    wanted: [...wanted],
    encoding: data.encoding ?? null,
    separator: data.separator ?? null,
    decimal: data.decimal ?? null,
    thousands: data.thousands ?? null,
    header: data.header ?? null,
    marks: (missing?.marks ?? []).map(String),
    labels: hasWords(data) ? (data.classes ?? []).map(String) : null,
    labelled: hasWords(data) ? data.targets.map((name) => wanted.indexOf(name)) : [],
    fills: missing?.fill !== undefined,
    orderBy: order === undefined ? [] : typeof order.by === "string" ? [order.by] : [...order.by],
    dayFirst: order?.dayFirst ?? null,
  };
}

/** A single note about how the file was read. */
function notesOf(data: TableData, at: JsonPath, notes: readonly string[]): Problem[] {
  if (notes.length === 0) return [];
  const message = `"${data.file}": ${notes.join(" ")}`;
  return [{ severity: "information", message, path: [...at, "file"], on: "value" }];
}

/**
 * Fills missing values in place. Classes and weights are not filled, because values in between have no meaning there.
 * @returns notes
 */
function fillColumns(
  data: TableData,
  { loss }: DataTraining,
  columns: ReadonlyMap<string, Float64Array>,
): readonly string[] {
  const fill = data.missing?.fill;
  if (fill === undefined || fill === "drop") return [];
  const numbers = isRegression(loss) ? [...data.inputs, ...data.targets] : data.inputs;
  const asClasses = isRegression(loss) ? [] : data.targets;
  let count = 0;
  for (const name of new Set(numbers)) if (!asClasses.includes(name)) count += fillMissing(columns.get(name)!, fill);
  if (count === 0) return [];
  const how = fill === "forward" ? "with the last one before" : "on lines between their neighbours";
  return [`${count} missing ${count === 1 ? "value is" : "values are"} filled ${how}.`];
}

function leftText({ window }: TableData, left: number): string {
  const what = window === null ? (left === 1 ? "row" : "rows") : left === 1 ? "window" : "windows";
  return `${left} ${what} with missing values ${left === 1 ? "is" : "are"} left out.`;
}

/** `b +1`, `b +2`: names for the rows after the first target row. */
function rowNames({ targets, targetRows = 1 }: TableData): readonly string[] {
  return Array.from({ length: targetRows }, (_, row) =>
    targets.map((name) => (row === 0 ? name : `${name} +${row}`)),
  ).flat();
}

/** Whether the order of the rows has a meaning. */
function hasWords({ classes }: Pick<TableData, "classes">): boolean {
  return classes?.some((label) => typeof label === "string") ?? false;
}

function inTime({ window, ahead, targetRows = 1 }: TableData): boolean {
  return window !== null || ahead > 0 || targetRows > 1;
}

function pick(starts: Indices, part: Indices): Indices {
  return Uint32Array.from(part, (i) => starts.at(i)!);
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
  at: JsonPath,
  { loss, path: trainingPath }: DataTraining,
  columnOf: (name: string) => Float64Array,
): ReadonlyMap<string, Float64Array> | Problem[] {
  const columns = new Map<string, Float64Array>();
  if (classes === null) return columns;
  // Words have become their indices when the file was read.
  const numbers = classes.map((label, i) => (typeof label === "number" && !hasWords({ classes }) ? label : i));
  for (const [i, name] of targets.entries()) {
    const values = columnOf(name);
    const found = indicesOf(present(values), numbers, loss, { data: at, training: trainingPath });
    if ("fault" in found) {
      const place = found.about === "classes" ? [...at, "classes"] : [...at, "targets", i];
      return [{ ...error(`Column "${name}": ${found.fault}`, place), fixes: found.fixes }];
    }
    let next = 0;
    columns.set(
      name,
      values.map((value) => (Number.isNaN(value) ? value : found.indices[next++]!)),
    );
  }
  return columns;
}

function weightProblems(
  { weights }: TableData,
  at: JsonPath,
  columns: ReadonlyMap<string, Float64Array>,
): readonly Problem[] {
  const fault = weights === undefined ? null : valuesFault(present(columns.get(weights)!));
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
  const { targetRows = 1 } = data;
  const features = inputColumns.length;
  const width = targetColumns.length;
  const inputs = new Float32Array(starts.length * window * features);
  const targets = new Float32Array(starts.length * targetRows * width);
  const each = weights && new Float32Array(starts.length);
  let filled = 0;
  let i = 0;
  for (const start of starts) {
    for (let t = 0; t < window; t++) {
      for (let f = 0; f < features; f++) inputs[(i * window + t) * features + f] = valueAt(inputColumns[f]!, start + t);
    }
    const first = start + toTarget(data);
    for (let row = first; row < first + targetRows; row++)
      for (let k = 0; k < width; k++) targets[filled++] = valueAt(targetColumns[k]!, row);
    if (each) each[i] = weights[first]!;
    i++;
  }
  return { samples: starts.length, inputs, targets, ...(each && { weights: each }) };
}

/** Rows of the table that no test sample contains. */
function rowsToLearnFrom(data: TableData, rows: number, { training, test }: Split): Indices {
  if (test === null) return range(0, rows);
  if (data.shuffle) return training;
  return range(0, test.at(0)!);
}

function rowProblems(data: TableData, at: JsonPath, rows: number): Problem[] {
  const samples = samplesOf(data, rows);
  const window = data.window ?? 1;
  const { targetRows = 1 } = data;
  if (samples < 1) {
    const needed = span(data);
    const which = window > rows || data.ahead === 0 ? "window" : "horizon";
    return [
      error(
        `"${data.file}" has ${rows} ${rows === 1 ? "row" : "rows"} of data, but one sample needs ${needed}: a window of ${window}${data.ahead > 0 ? ` and a target ${data.ahead} later` : ""}${targetRows > 1 ? `, ${targetRows} rows of it` : ""}. Choose a smaller "${which}".`,
        [...at, which],
      ),
    ];
  }
  const values = samples * (window * data.inputs.length + targetRows * data.targets.length);
  if (values <= maxDataValues) return [];
  return [
    error(
      `${samples} windows of ${window} rows and ${data.inputs.length} columns are ${values} numbers; the limit is ${maxDataValues} (400 MB). Choose a smaller "window" or a part of the file.`,
      [...at, "window"],
    ),
  ];
}

function warning(message: string, path: JsonPath): Problem {
  return { severity: "warning", message, path, on: "value" };
}

function error(message: string, path: JsonPath): Problem {
  return { severity: "error", message, path, on: "value" };
}
