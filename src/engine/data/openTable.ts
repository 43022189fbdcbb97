/** A table as it was read, with its columns by name, filled and with their words as class indices. */

import path from "node:path";
import type { Problem } from "../../config/problem.ts";
import { isRegression } from "../../config/regression.ts";
import type { JsonPath, TableData } from "../../config/resolved.ts";
import { fileWords } from "../../messages/files.ts";
import { noteWords } from "../../messages/tableNotes.ts";
import type { TableColumns } from "../formats/table/tableQuestion.ts";
import type { Question } from "../readingThread/jobs.ts";
import { readInWorker, refusedAs } from "../readingThread/reader.ts";
import type { DataTraining } from "./dataset.ts";
import { fillMissing, present } from "./fillMissing.ts";
import { indicesOf } from "./labels.ts";
import { columnNames, faultProblem } from "./tableProblems.ts";

export interface OpenTable {
  /** The config's data, with a column for each word in place of a column of words. */
  readonly data: TableData;
  /** The config's data. */
  readonly written: TableData;
  /** Place of the data section. */
  readonly at: JsonPath;
  readonly training: DataTraining;
  readonly table: TableColumns;
  /** Values of a column as numbers. */
  column(name: string): Float64Array;
  /** Values of a target: its class indices if the config lists the labels. A column may be an input, too. */
  target(name: string): Float64Array;
  /** Notes about filled values. */
  readonly filled: readonly string[];
}

/** Reads the table, or says what is wrong with it. */
export async function openTable(
  data: TableData,
  at: JsonPath,
  configDir: string,
  training: DataTraining,
  signal: AbortSignal,
): Promise<OpenTable | Problem[]> {
  const wanted = [...new Set(columnNames(data))];
  const table = await readInWorker("table", questionOf(data, configDir, wanted), signal).catch(
    refusedAs((words) => [
      { message: fileWords().ofFile({ file: data.file, fault: words }), column: null, remedies: [] },
    ]),
  );
  if ("length" in table) return table.map((fault) => faultProblem(data, at, training, wanted, fault));
  const columnOf = new Map(wanted.map((name, i) => [name, table.columns[i]!]));
  const column = (name: string) => columnOf.get(name)!;
  const filled = fillColumns(data, training, table.bounds, column);
  const labels = labelColumns(data, at, training, column);
  if (Array.isArray(labels)) return labels;
  const hot = oneHotColumns(data, column);
  const of = (name: string) => hot.columns.get(name) ?? column(name);
  const target = (name: string) => labels.get(name) ?? column(name);
  return { data: { ...data, inputs: hot.inputs }, written: data, at, training, table, column: of, target, filled };
}

/** The inputs with one column, of 0 and 1, for each word; a missing word is missing in each. */
function oneHotColumns(
  { inputs, oneHot = {} }: TableData,
  column: (name: string) => Float64Array,
): { readonly inputs: readonly string[]; readonly columns: ReadonlyMap<string, Float64Array> } {
  const columns = new Map<string, Float64Array>();
  const names = inputs.flatMap((name) => {
    if (!Object.hasOwn(oneHot, name)) return [name];
    const values = column(name);
    return oneHot[name]!.map((word, i) => {
      const own = `${name} = ${word}`;
      columns.set(
        own,
        values.map((value) => (Number.isNaN(value) ? value : Number(value === i))),
      );
      return own;
    });
  });
  return { inputs: names, columns };
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
    list: data.list ?? null,
    marks: (missing?.marks ?? []).map(String),
    labels: hasWords(data) ? (data.classes ?? []).map(String) : null,
    targets: data.targets.map((name) => wanted.indexOf(name)),
    words: Object.entries(data.oneHot ?? {}).map(([name, words]) => ({
      column: wanted.indexOf(name),
      words: words.map(String),
    })),
    fills: missing?.fill !== undefined,
    where: Object.entries(data.where ?? {}).map(([column, values]) => ({ column, values: [values].flat() })),
    series: listed(data.series),
    orderBy: listed(order?.by),
    dayFirst: order?.dayFirst ?? null,
  };
}

function listed(names: string | readonly string[] | undefined): string[] {
  return names === undefined ? [] : typeof names === "string" ? [names] : [...names];
}

/**
 * Fills missing values in place, within each series. Classes and weights are not filled, because values in between have no meaning there.
 * @returns notes
 */
function fillColumns(
  data: TableData,
  { loss }: DataTraining,
  bounds: Uint32Array,
  column: (name: string) => Float64Array,
): readonly string[] {
  const fill = data.missing?.fill;
  if (fill === undefined || fill === "drop") return [];
  const numbers = isRegression(loss) ? [...data.inputs, ...data.targets] : data.inputs;
  const asClasses = isRegression(loss) ? [] : data.targets;
  let count = 0;
  for (const name of new Set(numbers))
    if (!asClasses.includes(name))
      for (let s = 1; s < bounds.length; s++)
        // There is nothing between two words.
        count += fillMissing(
          column(name).subarray(bounds[s - 1], bounds[s]),
          Object.hasOwn(data.oneHot ?? {}, name) ? "forward" : fill,
        );
  if (count === 0) return [];
  return [noteWords().filled({ n: count, forward: fill === "forward" })];
}

/** The target columns as class indices, if the config lists the labels; otherwise none. */
function labelColumns(
  { classes, targets }: TableData,
  at: JsonPath,
  { loss, path: trainingPath }: DataTraining,
  column: (name: string) => Float64Array,
): ReadonlyMap<string, Float64Array> | Problem[] {
  const columns = new Map<string, Float64Array>();
  if (classes === null) return columns;
  // Words have become their indices when the file was read.
  const numbers = classes.map((label, i) => (typeof label === "number" && !hasWords({ classes }) ? label : i));
  for (const [i, name] of targets.entries()) {
    const values = column(name);
    const found = indicesOf(present(values), numbers, loss, { data: at, training: trainingPath });
    if ("fault" in found) {
      const place = found.about === "classes" ? [...at, "classes"] : [...at, "targets", i];
      const message = fileWords().ofColumn({ column: name, fault: found.fault });
      return [{ severity: "error", message, path: place, on: "value", fixes: found.fixes }];
    }
    let next = 0;
    columns.set(
      name,
      values.map((value) => (Number.isNaN(value) ? value : found.indices[next++]!)),
    );
  }
  return columns;
}

/** Whether the classes are given as words. */
function hasWords({ classes }: Pick<TableData, "classes">): boolean {
  return classes?.some((label) => typeof label === "string") ?? false;
}
