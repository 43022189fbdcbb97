/**
 * Turns the table reader's faults and remarks into problems at their places in the config, with edits that fix them.
 */

import type { Fix } from "../../config/fix.ts";
import type { Problem } from "../../config/problem.ts";
import type { JsonPath, TableData } from "../../config/resolved.ts";
import { fileWords } from "../../messages/files.ts";
import { listWords } from "../../messages/lists.ts";
import type { Remedy, TableFault, TableRemark } from "../formats/table/tableQuestion.ts";
import type { DataTraining } from "./dataset.ts";
import { encodingFix } from "./encodingFix.ts";

/** Place of a column's name, by its index in inputs, then targets, then weights. */
export function columnPath(data: TableData, at: JsonPath, index: number): JsonPath {
  if (index >= data.inputs.length + data.targets.length) return [...at, "weights"];
  return index < data.inputs.length ? [...at, "inputs", index] : [...at, "targets", index - data.inputs.length];
}

/** Names of all columns in use, in the order of `columnPath`. */
export function columnNames({ inputs, targets, weights }: TableData): readonly string[] {
  return [...inputs, ...targets, ...(weights === undefined ? [] : [weights])];
}

/** @param wanted the requested columns, which a fault's column index counts. */
export function faultProblem(
  data: TableData,
  at: JsonPath,
  training: DataTraining,
  wanted: readonly string[],
  fault: TableFault,
): Problem {
  const { column, message, place, remedies = [] } = fault;
  const name = column === null ? undefined : wanted[column];
  const index = name === undefined ? -1 : columnNames(data).indexOf(name);
  const path = place ? [...at, ...place] : index < 0 ? [...at, "file"] : columnPath(data, at, index);
  const fixes = remedies.flatMap((remedy) =>
    remedy.set === "classes" ? classFixes(remedy.value, data, at, training, name) : fixesOf(remedy, data, at, name),
  );
  return { severity: "error", message, path, on: "value", ...(fixes.length > 0 && { fixes }) };
}

export function remarkProblem(data: TableData, at: JsonPath, { message, remedies, about }: TableRemark): Problem {
  const place = about === "time" && data.order ? [...at, "order"] : [...at, "file"];
  const fixes = remedies.flatMap((remedy) => (remedy.set === "classes" ? [] : fixesOf(remedy, data, at, undefined)));
  return { severity: "warning", message, path: place, on: "value", fixes };
}

/** Lists the words of a target as classes, with a loss that takes them. */
function classFixes(
  words: readonly string[],
  data: TableData,
  at: JsonPath,
  { loss, path }: DataTraining,
  name: string | undefined,
): readonly Fix[] {
  if (name === undefined || data.targets.length > 1 || data.targets[0] !== name) return [];
  const takes = loss === "sparseCategoricalCrossentropy" || (loss === "binaryCrossentropy" && words.length === 2);
  const right = words.length === 2 ? "binaryCrossentropy" : "sparseCategoricalCrossentropy";
  const edits = [
    { path: [...at, "classes"], value: [...words] },
    ...(takes ? [] : [{ path: [...path, "loss"], value: right }]),
  ];
  return [{ id: "classes", title: fileWords().wordsAsClasses(takes ? null : right), edits }];
}

function fixesOf(
  remedy: Exclude<Remedy, { readonly set: "classes" }>,
  data: TableData,
  at: JsonPath,
  name: string | undefined,
): readonly Fix[] {
  switch (remedy.set) {
    case "header": {
      const title = fileWords().firstRow(remedy.value);
      return [{ id: `header-${remedy.value}`, title, edits: [{ path: [...at, "header"], value: remedy.value }] }];
    }
    case "list": {
      const title = fileWords().readList(remedy.value);
      return [{ id: `list-${remedy.value}`, title, edits: [{ path: [...at, "list"], value: remedy.value }] }];
    }
    case "encoding":
      return [encodingFix(remedy.value, at)];
    case "separator": {
      const edits = [{ path: [...at, "separator"], value: remedy.value }];
      return [{ id: "separator", title: fileWords().separator(remedy.value), edits }];
    }
    case "decimal": {
      const mark = remedy.value === "," ? "comma" : "point";
      const edits = [{ path: [...at, "decimal"], value: remedy.value }];
      return [{ id: `decimal-${mark}`, title: fileWords().decimal(remedy.value === ","), edits }];
    }
    case "orderBy": {
      const [first = "", ...rest] = remedy.value;
      const by = rest.length === 0 ? first : [...remedy.value];
      const title = fileWords().sortBy(listWords().and(remedy.value.map((each) => `"${each}"`)));
      return [{ id: "order", title, edits: [{ path: [...at, "order"], value: { by } }] }];
    }
    case "dayFirst": {
      const order = data.order ?? { by: remedy.by };
      const by = typeof order.by === "string" ? order.by : [...order.by];
      const title = fileWords().dayFirst(remedy.value);
      const edits = [{ path: [...at, "order"], value: { by, dayFirst: remedy.value } }];
      return [{ id: "day-first", title, edits }];
    }
    case "series": {
      const [first = "", ...rest] = remedy.value;
      const title = fileWords().seriesBy(listWords().and(remedy.value.map((each) => `"${each}"`)));
      const value = rest.length === 0 ? first : [...remedy.value];
      return [{ id: "series", title, edits: [{ path: [...at, "series"], value }] }];
    }
    case "fill":
      return [
        fill(at, "interpolate", fileWords().interpolate),
        fill(at, "forward", fileWords().forward),
        fill(at, "drop", fileWords().drop(data.window !== null)),
      ];
    case "oneHot": {
      if (name === undefined) return [];
      const edits = [{ path: [...at, "oneHot", name], value: [...remedy.value] }];
      return [{ id: "one-hot", title: fileWords().oneHot(remedy.value.length), edits }];
    }
    case "notAnInput": {
      const index = name === undefined ? -1 : data.inputs.indexOf(name);
      if (index < 0 || name === undefined || data.inputs.length < 2) return [];
      const edits = [
        { path: [...at, "inputs"], value: data.inputs.filter((each) => each !== name) },
        { path: [...at, "order"], value: { by: name } },
      ];
      return [{ id: "order-not-input", title: fileWords().orderInstead(name), edits }];
    }
  }
}

function fill(at: JsonPath, how: string, title: string): Fix {
  return { id: `fill-${how}`, title, edits: [{ path: [...at, "missing", "fill"], value: how }] };
}
