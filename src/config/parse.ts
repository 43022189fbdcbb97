/** Reads a config: its meaning, its problems, and the place of everything in it. */

import type { Node } from "jsonc-parser";
import { configWords } from "../messages/config.ts";
import { didYouMean, some } from "./didYouMean.ts";
import { show } from "./issues.ts";
import { maxKeys, maxModels } from "./limits.ts";
import { isObject, type JsonObject } from "./merge.ts";
import type { Problem } from "./problem.ts";
import { capped, problemsFor, unique } from "./problems.ts";
import { rangeOf } from "./ranges.ts";
import type { JsonPath, JsonValue, ResolvedConfig, ResolvedModel } from "./resolved.ts";
import { resolveModel, type SectionName, sharedData, sharedDiagnosis, sharedTraining } from "./resolveModel.ts";
import { rootKeys } from "./schema/config.ts";
import { Sharing } from "./sharing.ts";
import { shorten } from "./shorten.ts";
import { duplicates, jsonOf, nodeAt, properties, type Range, readSource, type Source } from "./source.ts";
import { withSuggestion } from "./suggestion.ts";

export interface ParsedConfig {
  /** Every valid model; null if there is none, or if the text is not JSON. */
  readonly config: ResolvedConfig | null;
  /** The parsed text, with the place of everything in it. */
  readonly source: Source;
  /** At most `maxProblems`; if there are more, one more that counts the others. */
  readonly problems: readonly Problem[];
  /**
   * Where to show something about `path`. A place that is not written falls back to its nearest written ancestor: a
   * layer entry is shown by its type, a model by its key.
   */
  rangeOf(path: JsonPath, on?: "value" | "key"): Range;
}

/** Takes time linear in the text. Never throws: every fault of the text is returned as a problem. */
export function parseConfig(text: string): ParsedConfig {
  const source = readSource(text);
  const { models, problems } = understand(source);
  return {
    config: models.length > 0 ? { models } : null,
    source,
    problems,
    rangeOf: (path, on) => rangeOf(source, path, on),
  };
}

interface Understood {
  readonly models: readonly ResolvedModel[];
  readonly problems: readonly Problem[];
}

function understand(source: Source): Understood {
  // The parser's guesses from broken text would cause problems that do not exist.
  if (source.problems.length > 0) return { models: [], problems: unique(source.problems) };
  const crowded: Problem[] = [];
  const value =
    source.root === undefined ? null : jsonOf(source.root, (node, count) => crowded.push(tooManyKeys(node, count)));
  if (!isObject(value)) {
    const message = configWords().notObject(show(value));
    return { models: [], problems: [error(message, [])] };
  }
  const repeated = duplicates(source.root);
  const sharing = new Sharing();
  const entries = modelEntries(source, value);
  const names = [...entries.keys()].slice(0, maxModels);
  const outcomes = names.map((name) => resolveModel(name, entries, value, sharing));
  const problems = [
    ...crowded,
    ...repeatedKeys(repeated),
    ...rootProblems(value),
    ...topProblems(value, sharing),
    ...outcomes.flatMap((outcome) => outcome.problems),
  ];
  const isAmbiguous = ambiguity(repeated.map(({ path }) => path));
  // The omitted keys could be part of any model.
  const sound = crowded.length > 0 ? [] : outcomes;
  const models = sound.flatMap(({ model }) => (model === null || isAmbiguous(model.name) ? [] : [model]));
  return { models, problems: capped(unique(problems)).map((problem) => withSuggestion(problem, value)) };
}

function tooManyKeys({ offset }: Node, count: number): Problem {
  const message = configWords().manyKeys({ n: count.toLocaleString("en"), read: maxKeys.toLocaleString("en") });
  return { ...error(message, []), offset, length: 1 };
}

/**
 * The entries in the order in which they are written, as parsed, so that what one model inherits from another is the
 * same object.
 */
function modelEntries(source: Source, root: JsonObject): ReadonlyMap<string, JsonValue> {
  const models = root["models"];
  const entries = new Map<string, JsonValue>();
  if (!isObject(models)) return entries;
  for (const { key } of properties(nodeAt(source.root, ["models"]))) {
    const value = Object.hasOwn(models, key) ? models[key] : undefined;
    if (value !== undefined) entries.set(key, value);
  }
  return entries;
}

function repeatedKeys(repeated: readonly { readonly path: JsonPath; readonly range: Range }[]): readonly Problem[] {
  return problemsFor(repeated, ({ path, range }) => ({
    ...error(configWords().twice(shorten(String(path.at(-1)))), path, "key"),
    ...range,
  }));
}

/** A duplicate key belongs to the model that contains it, or, outside of all models, to every model. */
function ambiguity(repeated: readonly JsonPath[]): (model: string) => boolean {
  if (repeated.some((path) => path[0] !== "models" || path.length < 2)) return () => true;
  const models = new Set(repeated.map((path) => path[1]));
  return (model) => models.has(model);
}

function rootProblems(root: JsonObject): readonly Problem[] {
  const unknown = Object.keys(root).filter((key) => key !== "$schema" && !rootKeys.some((known) => known === key));
  const problems = [
    ...problemsFor(unknown, (key) => {
      const hint = didYouMean(key, rootKeys) || configWords().itHas(some(rootKeys, "and"));
      return error(configWords().noSuchKey({ key: shorten(key), hint }), [key], "key");
    }),
  ];
  for (const name of ["data", "training", "diagnosis"] as const) {
    const section = root[name];
    if (section !== undefined && !isObject(section))
      problems.push(error(configWords().sectionObject({ section: name, found: show(section) }), [name]));
  }
  const { models } = root;
  if (models === undefined) problems.push(error(configWords().modelsMissing, []));
  else if (!isObject(models)) problems.push(error(configWords().modelsObject(show(models)), ["models"]));
  else if (Object.keys(models).length === 0) problems.push(error(configWords().modelsEmpty, ["models"]));
  else if (Object.keys(models).length > maxModels) {
    const count = Object.keys(models).length.toLocaleString("en");
    problems.push(error(configWords().manyModels({ most: maxModels, n: count }), ["models"], "key"));
  }
  return problems;
}

/** Problems of the top-level sections, which no model might use. */
function topProblems(root: JsonObject, sharing: Sharing): readonly Problem[] {
  const section = (name: SectionName) => {
    const value = root[name];
    return isObject(value) ? [{ value, path: [name] }] : null;
  };
  const data = section("data");
  const training = section("training");
  const diagnosis = section("diagnosis");
  return [
    ...(data === null ? [] : sharedData(data, [], sharing).problems),
    ...(training === null ? [] : sharedTraining(training, null, sharing).problems),
    ...(diagnosis === null ? [] : sharedDiagnosis(diagnosis, sharing).problems),
  ];
}

function error(message: string, path: JsonPath, on: "value" | "key" = "value"): Problem {
  return { severity: "error", message, path, on };
}
