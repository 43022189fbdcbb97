/** Resolves `data` of one model. */

import type * as z from "zod";
import { configWords } from "../messages/config.ts";
import { tableDefaults } from "./defaults.ts";
import { onlyInput } from "./graph/layerGraph.ts";
import { show } from "./issues.ts";
import { maxTaskValues } from "./limits.ts";
import { gives, isObject, type JsonObject, type Merged, merge, originOf, type Section } from "./merge.ts";
import type { Problem } from "./problem.ts";
import type { ArrayFile, DataConfig, JsonPath, JsonValue, TaskData } from "./resolved.ts";
import { includes, type Scaled } from "./scaling.ts";
import { sections } from "./schema/config.ts";
import type { arraysSchema } from "./schema/data/arrays.ts";
import { namedArraysSchema } from "./schema/data/arrays.ts";
import { checkSection } from "./section.ts";
import { shorten } from "./shorten.ts";
import { taskShape } from "./taskShape.ts";

export interface Resolved<T> {
  readonly value: T | null;
  readonly path: JsonPath;
  readonly problems: readonly Problem[];
}

/** @param layers the `data` sections that apply, outermost first */
export function resolveData(layers: readonly Section[], modelPath: JsonPath): Resolved<DataConfig> {
  const merged = merge(sameSource(layers), ["data"]);
  const { path } = merged;
  if (layers.length === 0) {
    const message = configWords().dataMissing;
    return { value: null, path, problems: [{ severity: "error", message, path: modelPath, on: "key" }] };
  }
  return { ...resolvers[kindOf(merged.value) ?? "nothing"](merged), path };
}

type Kind = "task" | "table" | "arrays" | "namedArrays";

/** The kind of data, from its keys; null: the keys only override something else. */
function kindOf(data: JsonObject): Kind | null {
  if (gives(data, "task")) return "task";
  if (gives(data, "file")) return "table";
  const sides = [data["inputs"], data["targets"]];
  if (sides.some(isNamed)) return "namedArrays";
  return sides.some((side) => isObject(side) || typeof side === "string") ? "arrays" : null;
}

/** An array that is given only by its file, as an object like any other. */
function asArray(side: JsonValue): JsonValue {
  return typeof side === "string" ? { file: side } : side;
}

/** The same for each array of the section. */
function withArrays(merged: Merged): Merged {
  const own = Object.entries(merged.value).map(([key, value]): [string, JsonValue] => {
    if (!["inputs", "targets", "weights"].includes(key)) return [key, value];
    if (!isNamed(value)) return [key, asArray(value)];
    return [key, Object.fromEntries(Object.entries(value).map(([name, array]) => [name, asArray(array)]))];
  });
  return { ...merged, value: Object.fromEntries(own) };
}

/** Whether a side has an array for each of several names. */
function isNamed(side: JsonValue | undefined): side is JsonObject {
  if (!isObject(side) || Object.hasOwn(side, "file")) return false;
  const arrays = Object.values(side);
  if (arrays.length === 0) return false;
  // An array without its file has texts, too.
  const oneArray = ["array", "encoding", "scaling"].some((key) => Object.hasOwn(side, key));
  return arrays.every((array) => isObject(array) || (typeof array === "string" && !oneArray));
}

const resolvers: { readonly [kind in Kind | "nothing"]: (merged: Merged) => Outcome } = {
  task,
  table,
  arrays,
  namedArrays,
  nothing,
};

type Outcome = { value: DataConfig | null; problems: readonly Problem[] };

function nothing({ path }: Merged): Outcome {
  const message = configWords().dataNeeds;
  return { value: null, problems: [{ severity: "error", message, path, on: "key" }] };
}

function refused(merged: Merged, key: string, message: string, on: "key" | "value" = "value"): Outcome {
  return { value: null, problems: [{ severity: "error", message, path: originOf(merged, [key]), on }] };
}

function task(merged: Merged): Outcome {
  if (Object.hasOwn(merged.value, "file") && !readsText(merged.value)) {
    const message = configWords().fileAndTask;
    return refused(merged, "task", message, "key");
  }
  const { value: checked, problems } = checkSection(sections.data.task, merged, "data");
  if (checked === null) return { value: null, problems };
  const { test = null } = checked;
  if (checked.task === "characterLanguageModel") return { value: { kind: "text", ...checked, test }, problems };
  if (checked.task === "delayedRecall" && checked.cue >= checked.length) {
    const message = configWords().longCue({ cue: checked.cue, length: checked.length });
    return refused(merged, Object.hasOwn(merged.value, "cue") ? "cue" : "length", message);
  }
  let value: TaskData;
  if ("horizon" in checked) {
    // The config's `horizon` is a distance ahead; elsewhere a horizon is how far back a gradient reaches.
    const { horizon: ahead, ...rest } = checked;
    value = { kind: "task", ...rest, ahead, test };
  } else value = { kind: "task", ...checked, test };
  const { timesteps, features } = taskShape(value);
  const size = value.samples * timesteps * features;
  if (size <= maxTaskValues) return { value, problems };
  const message = configWords().largeTask({
    samples: value.samples,
    size: size.toExponential(1),
    most: maxTaskValues.toExponential(1),
  });
  return refused(merged, "samples", message);
}

/** Whether the task reads a text file. */
function readsText({ task: name }: JsonObject): boolean {
  return name === "characterLanguageModel";
}

function table(merged: Merged): Outcome {
  const { value: checked, problems } = checkSection(sections.data.table, merged, "data");
  if (checked === null) return { value: null, problems };
  const { window = null, test = null, classes = null, shuffle, horizon, ...rest } = checked;
  const ahead = horizon ?? (window === null ? tableDefaults.horizonWithoutWindow : tableDefaults.horizonWithWindow);
  const scaledTwice = scaledTwiceProblems(merged, rest);
  if (scaledTwice.length > 0) return { value: null, problems: scaledTwice };
  const stray = Object.keys(rest.oneHot ?? {}).find(
    (name) => !rest.inputs.includes(name) || rest.targets.includes(name),
  );
  if (stray !== undefined) return refused(merged, "oneHot", configWords().strayOneHot(shorten(stray)));
  const inTime = window !== null || ahead > 0 || rest.targetRows > 1;
  if (inTime && shuffle === true) {
    const message = configWords().shuffledTime;
    return refused(merged, "shuffle", message);
  }
  return { value: { kind: "table", ...rest, window, ahead, classes, test, shuffle: shuffle ?? !inTime }, problems };
}

function arrays(written: Merged): Outcome {
  const merged = withArrays(written);
  const { value: checked, problems } = checkSection(sections.data.arrays, merged, "data");
  if (checked === null) return { value: null, problems };
  const { inputs, targets, weights, classes = null, test = null, shuffle, standardize, minMax } = checked;
  const scaledTwice = scaledTwiceProblems(merged, checked);
  if (scaledTwice.length > 0) return { value: null, problems: scaledTwice };
  const value: DataConfig = {
    kind: "arrays",
    inputs: arrayFile(inputs),
    targets: arrayFile(targets),
    standardize,
    minMax,
    classes,
    ...(weights && { weights: arrayFile(weights) }),
    test,
    shuffle,
  };
  return { value, problems };
}

function arrayFile({ file, array, encoding, scaling }: z.infer<typeof arraysSchema>["inputs"]): ArrayFile {
  return {
    file,
    array: array ?? null,
    ...(encoding !== undefined && { encoding }),
    ...(scaling !== undefined && { scaling }),
  };
}

/** The name under which the targets of a model with one output are checked. */
const onlyOutput = "output";

function namedArrays(written: Merged): Outcome {
  const merged = withArrays(written);
  const { inputs, targets } = merged.value;
  const named = { inputs: isNamed(inputs), targets: isNamed(targets) };
  // A side with one array is checked as if it had a name; its problems are at the array itself.
  const value: JsonObject = {
    ...merged.value,
    ...(inputs === undefined ? {} : { inputs: named.inputs ? inputs : { [onlyInput]: inputs } }),
    ...(targets === undefined ? {} : { targets: named.targets ? targets : { [onlyOutput]: targets } }),
  };
  const { value: checked, problems } = checkSection(namedArraysSchema, { ...merged, value }, "data");
  if (checked === null) return { value: null, problems: problems.map((problem) => withoutName(problem, named)) };
  const { weights, test = null, shuffle, standardize, minMax } = checked;
  const scaledTwice = scaledTwiceProblems(merged, checked);
  if (scaledTwice.length > 0) return { value: null, problems: scaledTwice };
  const data: DataConfig = {
    kind: "namedArrays",
    inputs: Object.entries(checked.inputs).map(([name, array]) => ({ name, ...arrayFile(array) })),
    targets: Object.entries(checked.targets).map(([name, array]) => ({
      name: named.targets ? name : null,
      ...arrayFile(array),
    })),
    standardize,
    minMax,
    ...(weights && { weights: arrayFile(weights) }),
    test,
    shuffle,
  };
  return { value: data, problems };
}

function withoutName(problem: Problem, named: { readonly inputs: boolean; readonly targets: boolean }): Problem {
  const at = problem.path.findIndex((key) => key === "inputs" || key === "targets");
  const side = problem.path[at];
  if (at < 0 || (side === "inputs" ? named.inputs : named.targets)) return problem;
  return { ...problem, path: problem.path.filter((_, i) => i !== at + 1) };
}

/** One message for the sides that are scaled in two ways; none if there is no such side. */
function scaledTwiceProblems(merged: Merged, { standardize, minMax }: Scaled): readonly Problem[] {
  const twice = (["inputs", "targets"] as const).filter(
    (side) => includes(standardize, side) && includes(minMax, side),
  );
  if (twice.length === 0) return [];
  const message = configWords().scaledTwice(twice.length === 2 ? "both" : (twice[0] ?? "inputs"));
  return [{ severity: "error", message, path: originOf(merged, ["minMax"]), on: "value" }];
}

/** An override with a task or files of its own replaces all earlier layers; other keys override individual values. */
function sameSource(layers: readonly Section[]): readonly Section[] {
  const start = layers.findLastIndex((layer, i) => i > 0 && startsAnew(layer.value, layers.slice(0, i)));
  return start < 0 ? layers : layers.slice(start);
}

function startsAnew(override: JsonObject, before: readonly Section[]): boolean {
  const present = merge(before, []).value;
  const differs = (key: string) => gives(override, key) && !same(override[key], present[key]);
  // The same task with another text.
  const anotherText = readsText(present) && !gives(override, "inputs");
  const anotherKind = kindOf(override) !== null && kindOf(override) !== kindOf(present);
  return differs("task") || ((differs("file") || anotherKind) && !anotherText);
}

function same(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return a !== undefined && b !== undefined && !isObject(a) && !isObject(b) && show(a) === show(b);
}
