/** `data` of one model. */

import { tableDefaults } from "./defaults.ts";
import { show } from "./issues.ts";
import { maxTaskValues } from "./limits.ts";
import { isObject, type JsonObject, type Merged, merge, originOf, type Section } from "./merge.ts";
import type { Problem } from "./problem.ts";
import type { ConfigPath, DataConfig, JsonValue, TaskData } from "./resolved.ts";
import { sections } from "./schema/config.ts";
import { checkSection } from "./section.ts";

export interface Resolved<T> {
  readonly value: T | null;
  readonly path: ConfigPath;
  readonly problems: readonly Problem[];
}

/** @param layers the `data` sections that apply, outermost first */
export function resolveData(layers: readonly Section[], modelPath: ConfigPath): Resolved<DataConfig> {
  const merged = merge(sameSource(layers), ["data"]);
  const { path } = merged;
  if (layers.length === 0) {
    const message = '"data" is missing: name a task, e.g. { "task": "addingProblem", "length": 100 }, or a CSV file.';
    return { value: null, path, problems: [{ severity: "error", message, path: modelPath, on: "key" }] };
  }
  const { value, problems } = Object.hasOwn(merged.value, "file") ? table(merged) : task(merged);
  return { value, path, problems };
}

type Outcome = { value: DataConfig | null; problems: readonly Problem[] };

function task(merged: Merged): Outcome {
  if (!Object.hasOwn(merged.value, "task")) {
    const message = 'data needs a "task" (addingProblem, copyMemory or temporalOrder) or a "file" (a CSV table).';
    return { value: null, problems: [{ severity: "error", message, path: merged.path, on: "key" }] };
  }
  const checked = checkSection(sections.data.task, merged, "data");
  if (checked.value === null) return { value: null, problems: checked.problems };
  const value: TaskData = { kind: "task", ...checked.value, test: checked.value.test ?? null };
  const size = taskValues(value);
  if (size <= maxTaskValues) return { value, problems: checked.problems };
  const message = `${value.samples} samples of this length are ${size.toExponential(1)} numbers; there is room for ${maxTaskValues.toExponential(1)}. Lower "samples" or "length".`;
  return { value: null, problems: [{ severity: "error", message, path: originOf(merged, ["samples"]), on: "value" }] };
}

/** Numbers in the inputs of a task: samples × timesteps × features. */
function taskValues(data: TaskData): number {
  switch (data.task) {
    case "addingProblem":
      return data.samples * data.length * 2;
    case "copyMemory":
      return data.samples * (data.length + 2 * data.symbols) * (data.alphabet + 2);
    case "temporalOrder":
      return data.samples * data.length * 6;
  }
}

function table(merged: Merged): Outcome {
  if (Object.hasOwn(merged.value, "task")) {
    const message = `data has both a "file" and a "task"; it is either a table or a task. Remove one.`;
    return { value: null, problems: [{ severity: "error", message, path: originOf(merged, ["task"]), on: "key" }] };
  }
  const checked = checkSection(sections.data.table, merged, "data");
  if (checked.value === null) return { value: null, problems: checked.problems };
  const { window = null, test = null, shuffle, ...rest } = checked.value;
  const horizon =
    rest.horizon ?? (window === null ? tableDefaults.horizonWithoutWindow : tableDefaults.horizonWithWindow);
  const inTime = window !== null || horizon > 0;
  if (inTime && shuffle === true) {
    const message =
      "These samples are in the order of time and share rows: were the test samples drawn among them, the net would know them from their neighbours. Leave shuffle out; the last samples are kept.";
    return {
      value: null,
      problems: [{ severity: "error", message, path: originOf(merged, ["shuffle"]), on: "value" }],
    };
  }
  const value: DataConfig = { kind: "table", ...rest, window, horizon, test, shuffle: shuffle ?? !inTime };
  return { value, problems: checked.problems };
}

/** An override with a task or file of its own replaces all before it; other keys are laid over. */
function sameSource(layers: readonly Section[]): readonly Section[] {
  const start = layers.findLastIndex((layer, i) => i > 0 && startsAnew(layer.value, layers.slice(0, i)));
  return start < 0 ? layers : layers.slice(start);
}

function startsAnew(override: JsonObject, before: readonly Section[]): boolean {
  const present: JsonObject = merge(before, []).value;
  return (["task", "file"] as const).some((key) => Object.hasOwn(override, key) && !same(override[key], present[key]));
}

function same(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return a !== undefined && b !== undefined && !isObject(a) && !isObject(b) && show(a) === show(b);
}
