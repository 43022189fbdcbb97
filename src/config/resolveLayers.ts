/** `layers` of one model: each entry checked, named and wired. */

import { didYouMean, some } from "./didYouMean.ts";
import { problemsOf } from "./issues.ts";
import { defaultLayerName } from "./layerNames.ts";
import { isObject, type JsonObject } from "./merge.ts";
import type { Problem } from "./problem.ts";
import type { ConfigPath, JsonValue, LayerEntry } from "./resolved.ts";
import { layersSchema } from "./schema/config.ts";
import { mergeTypes } from "./schema/layers/index.ts";

export interface ResolvedLayers {
  readonly layers: readonly LayerEntry[] | null;
  readonly problems: readonly Problem[];
}

/** @param path of the list, e.g. `["models", "tanh", "layers"]` */
export function resolveLayers(value: JsonValue, path: ConfigPath): ResolvedLayers {
  const parsed = layersSchema.safeParse(value);
  if (!parsed.success) {
    const problems = problemsOf(parsed.error.issues, value, "layers");
    return { layers: null, problems: problems.map((p) => ({ ...p, path: [...path, ...p.path] })) };
  }
  const entries = Array.isArray(value) ? value.filter(isObject) : [];
  const problems: Problem[] = [];
  const taken = new Set(entries.flatMap(({ name }) => (typeof name === "string" ? [name] : [])));
  const named = new Set<string>();
  const layers: LayerEntry[] = [];
  for (const [i, entry] of entries.entries()) {
    const here = [...path, i];
    const { type, name: given, inputs: wanted, ...args } = entry;
    if (typeof type !== "string") continue;
    const name = typeof given === "string" ? given : unused(defaultLayerName(type), taken);
    if (given !== undefined && named.has(name)) problems.push(repeatedName(name, here));
    const inputs = inputsOf(wanted, layers);
    problems.push(...inputProblems(entry, type, inputs, layers, here), ...innerInputs(args, here));
    problems.push(...shutGates(type, args, here));
    taken.add(name);
    named.add(name);
    layers.push({ type, name, inputs, args, path: here });
  }
  return { layers: problems.some((p) => p.severity === "error") ? null : layers, problems };
}

/** Keras's way: `lstm`, then `lstm_1`, … */
function unused(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base)) return base;
  let n = 1;
  while (taken.has(`${base}_${n}`)) n++;
  return `${base}_${n}`;
}

function inputsOf(wanted: JsonValue | undefined, before: readonly LayerEntry[]): readonly string[] {
  if (Array.isArray(wanted)) return wanted.filter((name) => typeof name === "string");
  return [before.at(-1)?.name ?? "input"];
}

function repeatedName(name: string, path: ConfigPath): Problem {
  const message = `"${name}" is the name of an earlier layer already; names are unique within a model.`;
  return { severity: "error", message, path: [...path, "name"], on: "value" };
}

function inputProblems(
  entry: JsonObject,
  type: string,
  inputs: readonly string[],
  before: readonly LayerEntry[],
  path: ConfigPath,
): readonly Problem[] {
  const place = [...path, "inputs"];
  const known = ["input", ...before.map((layer) => layer.name)];
  const unknown = inputs.flatMap((input, i): Problem[] => {
    if (known.includes(input)) return [];
    const hint = didYouMean(input, known) || ` There is ${some(known, "and")}.`;
    const message = `"${input}" is not the name of an earlier layer.${hint}`;
    return [{ severity: "error", message, path: [...place, i], on: "value" }];
  });
  const count = countProblem(entry, type, inputs.length);
  return count === null ? unknown : [...unknown, { severity: "error", message: count, path: place, on: "value" }];
}

function countProblem(entry: JsonObject, type: string, count: number): string | null {
  if (type === "dot" && count !== 2) return `dot combines two layers: name them, e.g. "inputs": ["lstm", "input"].`;
  if (mergeTypes.includes(type))
    return count >= 2 ? null : `${type} combines at least two layers: name them, e.g. "inputs": ["lstm", "input"].`;
  if (count === 1 || entry["inputs"] === undefined) return null;
  return `${type} takes one input; to combine several, put a merge layer such as add or concatenate before it.`;
}

/** A layer within a layer takes what the outer one gives it. */
function innerInputs(value: JsonValue, path: ConfigPath): readonly Problem[] {
  if (Array.isArray(value)) return value.flatMap((item: JsonValue, i) => innerInputs(item, [...path, i]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]): readonly Problem[] => {
    const here = [...path, key];
    if (key !== "inputs") return innerInputs(inner, here);
    const message = "Only the entries of layers have inputs; a layer within another takes what the outer one gives it.";
    return [{ severity: "error", message, path: here, on: "key" }];
  });
}

/** Where hardSigmoid is exactly 0. */
const hardSigmoidEnd = 2.5;

/** A chrono bias of log(maxLag − 1) shuts an LSTM's input gate for good where the gates are hardSigmoid, tfjs's default. */
function shutGates(type: string, args: JsonObject, path: ConfigPath): readonly Problem[] {
  const inner = ["layer", "cell"].flatMap((key) => {
    const value = args[key];
    const all: readonly JsonValue[] = Array.isArray(value) ? value : [value ?? null];
    return all.flatMap((each: JsonValue, i) =>
      isObject(each) ? shutGates(String(each["type"]), each, [...path, key, ...(Array.isArray(value) ? [i] : [])]) : [],
    );
  });
  const bias = args["biasInitializer"];
  const gates = args["recurrentActivation"] ?? "hardSigmoid";
  if (!/^lstm/.test(type) || !isObject(bias) || bias["type"] !== "chrono" || gates !== "hardSigmoid") return inner;
  if (!(Number(bias["maxLag"]) - 1 > Math.exp(hardSigmoidEnd))) return inner;
  const message = `With "hardSigmoid" gates (tfjs's default), chrono biases beyond ±2.5 shut the input gates for good: no gradient reaches them. Set "recurrentActivation": "sigmoid".`;
  return [...inner, { severity: "warning", message, path: [...path, "biasInitializer"], on: "value" }];
}
