/** Builds a data set from a table: columns are chosen, scaled and cut into windows. */

import { setImmediate } from "node:timers/promises";
import { maxDataValues } from "../../config/limits.ts";
import type { Problem } from "../../config/problem.ts";
import type { JsonPath, LossName, TableData } from "../../config/resolved.ts";
import { fileWords } from "../../messages/files.ts";
import { listWords } from "../../messages/lists.ts";
import { constantBaseline } from "./baseline.ts";
import type { Dataset, DataTraining, Samples } from "./dataset.ts";
import { present } from "./fillMissing.ts";
import { leakageWarnings } from "./leakage.ts";
import { type OpenTable, openTable } from "./openTable.ts";
import type { PositionWeights } from "./positionWeights.ts";
import { type Indices, range, type Split } from "./split.ts";
import { splitSeries } from "./splitSeries.ts";
import { remarkProblem } from "./tableProblems.ts";
import { cut, samplesOf, samplesOfSeries, span, startsOf, unscaled } from "./tableSamples.ts";
import { scaledColumns } from "./tableScaling.ts";
import { classTargetWarnings, targetProblems } from "./tableTargets.ts";
import { valuesFault } from "./weightsFault.ts";

/** Reads the table, or says what is wrong with it. */
export async function tableDataset(
  written: TableData,
  at: JsonPath,
  configDir: string,
  training: DataTraining,
  signal: AbortSignal,
): Promise<Dataset | Problem[]> {
  const open = await openTable(written, at, configDir, training, signal);
  if (Array.isArray(open)) return open;
  const { data } = open;
  const problems = [
    ...rowProblems(data, at, open.table.bounds),
    ...targetProblems(data, at, training, open.target),
    ...weightProblems(open),
  ];
  if (problems.length > 0) return problems;
  const rows = firstRows(open);
  if ("message" in rows) return [rows];
  // Each part may take a while for a large table: between them the process handles other events.
  await setImmediate();
  const noticed = await warningsOf(open, rows);
  await setImmediate();
  const { inputs, targets, warnings } = scaledColumns(open, rows);
  const weights = data.weights === undefined ? null : open.column(data.weights);
  const own = await cut(data, inputs, targets, weights, rows.training);
  const test = rows.test && (await cut(data, inputs, targets, weights, rows.test));
  return {
    ...own,
    test,
    ...shapesOf(data, training.loss, own, test),
    timesteps: data.window,
    continues: rows.left > 0 || open.table.bounds.length > 2 ? undefined : (data.window ?? undefined),
    moving: data.window !== null && samplesOf(data, open.table.bounds) >= open.table.bounds.length,
    requiredLag: null,
    warnings: [...noticed, ...warnings],
  };
}

/** First rows of the samples without a missing value. */
interface FirstRows extends Split {
  /** First rows of a few samples, which tell whether neighbours are alike. */
  readonly some: Indices;
  /** Number of samples that are left out because a value is missing. */
  readonly left: number;
  /** Number of series that are kept whole for testing. */
  readonly whole: number;
}

function firstRows({ data, at, table, column }: OpenTable): FirstRows | Problem {
  const valuesOf = (list: readonly string[]) => list.map(column);
  const told = [...data.targets, ...(data.weights === undefined ? [] : [data.weights])];
  const starts = startsOf(data, table.bounds, valuesOf(data.inputs), valuesOf(told));
  if (starts.length === 0) return error(fileWords().allMissing(data.file), [...at, "missing"]);
  const counts = samplesOfSeries(starts, table.bounds);
  const parts = splitSeries(counts, { ...data, gap: span(data) - 1, path: at });
  if ("message" in parts) return parts;
  const left = samplesOf(data, table.bounds) - starts.length;
  const together = left === 0 && table.bounds.length === 2;
  const rowsOf = (part: Indices) => (together ? part : Uint32Array.from(part, (i) => starts.at(i)!));
  return {
    training: rowsOf(parts.training),
    test: parts.test && rowsOf(parts.test),
    some: rowsOf(range(0, Math.min(starts.length, 20_000))),
    left,
    whole: parts.whole,
  };
}

async function warningsOf(
  { data, at, training, table, column, target, filled }: OpenTable,
  rows: FirstRows,
): Promise<readonly Problem[]> {
  const { loss } = training;
  const timed = inTime(data);
  const whole = rows.whole === 0 ? [] : [fileWords().keptWhole(rows.whole)];
  const notes = [
    ...table.notes,
    ...whole,
    ...filled,
    ...shortSeriesNotes(data, table.bounds),
    ...(rows.left > 0 ? [leftText(data, rows.left)] : []),
  ];
  const remarks = timed || !data.shuffle ? table.remarks : table.remarks.filter(({ about }) => about !== "time");
  const columnsOf = (list: readonly string[], of: (name: string) => Float64Array) =>
    list.map((name) => unscaled(of(name)));
  const leakage = async (): Promise<readonly Problem[]> => {
    const some = await cut(data, columnsOf(data.inputs, column), columnsOf(data.targets, target), null, rows.some);
    return leakageWarnings(some, { ...data, at, loss, inputShape: [data.inputs.length], timed: table.timed });
  };
  return [
    ...notesOf(data, at, notes),
    ...remarks.map((remark) => remarkProblem(data, at, remark)),
    ...classTargetWarnings(data, at, loss),
    ...(timed ? [] : await leakage()),
  ];
}

type Shapes = "inputShape" | "targetShape" | "baselineLoss" | "columns" | "inRows" | "features" | "classes";

/** Shapes, names and classes of the samples; targets of several rows have two shapes. */
function shapesOf(data: TableData, loss: LossName, own: Samples, test: Samples | null): Pick<Dataset, Shapes> {
  const features = data.inputs.length;
  const { targetRows = 1 } = data;
  const width = data.targets.length;
  const highest = (part: Samples | null) => part?.targets.reduce((m, y) => Math.max(m, y), 0) ?? 0;
  const indices = loss === "sparseCategoricalCrossentropy";
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
    inputShape: data.window === null ? [features] : [data.window, features],
    ...(indices && targetRows > 1 ? inRows : flat),
    ...(targetRows > 1 && !indices && { inRows }),
    features,
    classes: indices ? (data.classes?.length ?? Math.max(highest(own), highest(test)) + 1) : null,
  };
}

/** A single note about how the file was read. */
function notesOf(data: TableData, at: JsonPath, notes: readonly string[]): Problem[] {
  if (notes.length === 0) return [];
  const message = fileWords().ofFile({ file: data.file, fault: listWords().sentences(notes.join(" ")) });
  return [{ severity: "information", message, path: [...at, "file"], on: "value" }];
}

function leftText({ window }: TableData, left: number): string {
  return fileWords().leftOut({ n: left, windows: window !== null });
}

/** A note about series that are too short for a sample. */
function shortSeriesNotes(data: TableData, bounds: Uint32Array): readonly string[] {
  const needed = span(data);
  const short = lengthsOf(bounds).filter((length) => length < needed).length;
  if (short === 0) return [];
  return [fileWords().shortSeries({ n: short, rows: needed })];
}

/** Number of rows of each series. */
function lengthsOf(bounds: Uint32Array): Uint32Array {
  return bounds.subarray(1).map((end, s) => end - bounds[s]!);
}

/** `b +1`, `b +2`: names for the rows after the first target row. */
function rowNames({ targets, targetRows = 1 }: TableData): readonly string[] {
  return Array.from({ length: targetRows }, (_, row) =>
    targets.map((name) => (row === 0 ? name : `${name} +${row}`)),
  ).flat();
}

/** Whether the order of the rows has a meaning. */
function inTime({ window, ahead, targetRows = 1 }: TableData): boolean {
  return window !== null || ahead > 0 || targetRows > 1;
}

function weightProblems({ data, at, column }: OpenTable): readonly Problem[] {
  const { weights } = data;
  const fault = weights === undefined ? null : valuesFault(present(column(weights)));
  return fault === null ? [] : [error(fileWords().ofColumn({ column: weights ?? "", fault }), [...at, "weights"])];
}

function rowProblems(data: TableData, at: JsonPath, bounds: Uint32Array): Problem[] {
  const samples = samplesOf(data, bounds);
  const window = data.window ?? 1;
  const { targetRows = 1 } = data;
  if (samples < 1) return [tooShort(data, at, bounds)];
  const values = samples * (window * data.inputs.length + targetRows * data.targets.length);
  if (values <= maxDataValues) return [];
  return [
    error(fileWords().manyWindows({ samples, window, columns: data.inputs.length, values, most: maxDataValues }), [
      ...at,
      "window",
    ]),
  ];
}

/** The problem of a table that is shorter than one sample, with a window that fits as a fix. */
function tooShort(data: TableData, at: JsonPath, bounds: Uint32Array): Problem {
  const rows = lengthsOf(bounds).reduce((most, length) => Math.max(most, length), 0);
  const { window, ahead, targetRows = 1 } = data;
  const parts = [
    fileWords().aWindow(window ?? 1),
    ...(ahead > 0 ? [fileWords().aTargetLater(ahead)] : []),
    ...(targetRows > 1 ? [fileWords().targetRows(targetRows)] : []),
  ];
  const which = fileWords().rowsOf({ file: data.file, rows, series: bounds.length - 1 });
  const has = fileWords().oneSampleNeeds({ which, rows: span(data), parts: listWords().commas(parts) });
  const most = rows - span({ ...data, window: 1 }) + 1;
  if (window === null || most < 1) {
    const key = window !== null && window > rows ? "window" : "horizon";
    return error(fileWords().smallerKey({ has, key }), [...at, key]);
  }
  const path = [...at, "window"];
  // Half of it leaves about as many samples as a window has rows.
  const value = Math.ceil(most / 2);
  return {
    ...error(fileWords().largestWindow({ has, most }), path),
    fixes: [{ id: "smaller-window", title: fileWords().setWindow(value), edits: [{ path, value }] }],
  };
}

function error(message: string, path: JsonPath): Problem {
  return { severity: "error", message, path, on: "value" };
}
