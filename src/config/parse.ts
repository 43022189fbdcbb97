/** Reads a config: what it means, what is wrong with it, and where everything is. */

import { didYouMean, some } from "./didYouMean.ts";
import { show } from "./issues.ts";
import { isObject, type JsonObject } from "./merge.ts";
import type { Problem } from "./problem.ts";
import { rangeOf } from "./ranges.ts";
import { resolveData } from "./resolveData.ts";
import { resolveDiagnosis } from "./resolveDiagnosis.ts";
import type { ConfigPath, JsonValue, ResolvedConfig, ResolvedModel } from "./resolved.ts";
import { resolveModel, type SectionName } from "./resolveModel.ts";
import { resolveTraining } from "./resolveTraining.ts";
import { rootKeys } from "./schema/config.ts";
import { duplicates, jsonOf, nodeAt, properties, type Range, readSource, type Source } from "./source.ts";
import { withSuggestion } from "./suggestion.ts";

export interface ParsedConfig {
  /** Every model that is sound; null when there is none, or when the text is not JSON. */
  readonly config: ResolvedConfig | null;
  readonly problems: readonly Problem[];
  /**
   * Where to show something about `path`. A place that is not written falls back to the nearest one that is:
   * a layer entry is shown by its type, a model by its key.
   */
  rangeOf(path: ConfigPath, on?: "value" | "key"): Range;
}

/** Never throws: whatever is wrong with the text comes back as problems. */
export function parseConfig(text: string): ParsedConfig {
  const source = readSource(text);
  const { models, problems } = understand(source);
  return {
    config: models.length > 0 ? { models } : null,
    problems,
    rangeOf: (path, on) => rangeOf(source, path, on),
  };
}

interface Understood {
  readonly models: readonly ResolvedModel[];
  readonly problems: readonly Problem[];
}

function understand(source: Source): Understood {
  // What the parser guesses from broken text would bring problems that are not there.
  if (source.problems.length > 0) return { models: [], problems: unique(source.problems) };
  const value = source.root === undefined ? null : jsonOf(source.root);
  if (!isObject(value)) {
    const message = `A config is an object like { "data": …, "models": … }, not ${show(value)}.`;
    return { models: [], problems: [error(message, [])] };
  }
  const repeated = repeatedKeys(source);
  const entries = modelEntries(source);
  const outcomes = [...entries.keys()].map((name) => resolveModel(name, entries, value));
  const problems = [
    ...repeated,
    ...rootProblems(value),
    ...topProblems(value),
    ...outcomes.flatMap((outcome) => outcome.problems),
  ];
  const models = outcomes.flatMap(({ model }) => (model === null || ambiguous(model, repeated) ? [] : [model]));
  return { models, problems: unique(problems).map((problem) => withSuggestion(problem, value)) };
}

function modelEntries(source: Source): ReadonlyMap<string, JsonValue> {
  const entries = new Map<string, JsonValue>();
  for (const { key, value } of properties(nodeAt(source.root, ["models"])))
    if (value !== undefined && !entries.has(key)) entries.set(key, jsonOf(value));
  return entries;
}

function repeatedKeys(source: Source): readonly Problem[] {
  return duplicates(source.root).map(({ path, range }) => ({
    ...error(`"${String(path.at(-1))}" is here already; which of the two is meant?`, path, "key"),
    ...range,
  }));
}

/** Something written twice belongs to the model it is in, or, outside of all models, to every model. */
function ambiguous(model: ResolvedModel, repeated: readonly Problem[]): boolean {
  return repeated.some(({ path }) => path[0] !== "models" || path.length < 2 || path[1] === model.name);
}

function rootProblems(root: JsonObject): readonly Problem[] {
  const problems: Problem[] = [];
  for (const key of Object.keys(root)) {
    if (key === "$schema" || rootKeys.some((known) => known === key)) continue;
    const hint = didYouMean(key, rootKeys) || ` It has ${some(rootKeys, "and")}.`;
    problems.push(error(`A config has no "${key}".${hint}`, [key], "key"));
  }
  for (const name of ["data", "training", "diagnosis"] as const) {
    const section = root[name];
    if (section !== undefined && !isObject(section))
      problems.push(error(`${name} must be an object, not ${show(section)}.`, [name]));
  }
  const { models } = root;
  if (models === undefined)
    problems.push(error('"models" is missing: { "models": { "lstm": { "layers": […] } } }.', []));
  else if (!isObject(models))
    problems.push(error(`models must be an object of named models, not ${show(models)}.`, ["models"]));
  else if (Object.keys(models).length === 0)
    problems.push(error('models is empty: describe at least one, e.g. "lstm": { "layers": […] }.', ["models"]));
  return problems;
}

/** Problems of the top's own sections, which no model may happen to use. */
function topProblems(root: JsonObject): readonly Problem[] {
  const section = (name: SectionName) => {
    const value = root[name];
    return isObject(value) ? [{ value, path: [name] }] : null;
  };
  const data = section("data");
  const training = section("training");
  const diagnosis = section("diagnosis");
  return [
    ...(data === null ? [] : resolveData(data, []).problems),
    ...(training === null ? [] : resolveTraining(training, null).problems),
    ...(diagnosis === null ? [] : resolveDiagnosis(diagnosis).problems),
  ];
}

/** Models share the top's sections, and with them their problems. */
function unique(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return problems.filter((p) => {
    const id = JSON.stringify([p.message, p.path, p.on, p.offset]);
    return !seen.has(id) && seen.add(id);
  });
}

function error(message: string, path: ConfigPath, on: "value" | "key" = "value"): Problem {
  return { severity: "error", message, path, on };
}
