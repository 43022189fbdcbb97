/** Resolves `layers` of one model: checks, names and connects each entry. */

import { didYouMean, some } from "./didYouMean.ts";
import { problemsOf } from "./issues.ts";
import { defaultLayerName } from "./layerNames.ts";
import { maxProblems } from "./limits.ts";
import { isObject, type JsonObject } from "./merge.ts";
import type { Problem } from "./problem.ts";
import { problemsFor } from "./problems.ts";
import type { ConfigPath, JsonValue, LayerEntry } from "./resolved.ts";
import { layersSchema } from "./schema/config.ts";
import { mergeTypes } from "./schema/layers/index.ts";
import { shorten } from "./shorten.ts";

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
  const numbers = new Map<string, number>();
  for (const [i, entry] of entries.entries()) {
    const here = [...path, i];
    const { type, name: given, inputs: wanted, ...args } = entry;
    if (typeof type !== "string") continue;
    const name = typeof given === "string" ? given : unused(defaultLayerName(type), taken, numbers);
    if (given !== undefined && named.has(name)) problems.push(repeatedName(name, here));
    const inputs = inputsOf(wanted, layers);
    const told = problems.length < maxProblems;
    problems.push(...inputProblems(entry, type, { inputs, before: layers, named, told }, here));
    problems.push(...innerInputs(args, here).slice(0, maxProblems));
    problems.push(...shutGates(type, args, here));
    taken.add(name);
    named.add(name);
    layers.push({ type, name, inputs, args, path: here });
  }
  return { layers: problems.some((p) => p.severity === "error") ? null : layers, problems };
}

/**
 * Keras's default names: `lstm`, then `lstm_1`, … @param numbers the last number given for each base, so that none is
 * tried twice
 */
function unused(base: string, taken: ReadonlySet<string>, numbers: Map<string, number>): string {
  if (!taken.has(base)) return base;
  let n = (numbers.get(base) ?? 0) + 1;
  while (taken.has(`${base}_${n}`)) n++;
  numbers.set(base, n);
  return `${base}_${n}`;
}

function inputsOf(wanted: JsonValue | undefined, before: readonly LayerEntry[]): readonly string[] {
  if (Array.isArray(wanted)) return wanted.filter((name) => typeof name === "string");
  return [before.at(-1)?.name ?? "input"];
}

function repeatedName(name: string, path: ConfigPath): Problem {
  const message = `"${name}" is already the name of an earlier layer; names must be unique within a model.`;
  return { severity: "error", message, path: [...path, "name"], on: "value" };
}

interface Wiring {
  readonly inputs: readonly string[];
  readonly before: readonly LayerEntry[];
  /** Names of the earlier layers. */
  readonly named: ReadonlySet<string>;
  /** False once there are more problems than can be reported. */
  readonly told: boolean;
}

function inputProblems(
  entry: JsonObject,
  type: string,
  { inputs, before, named, told }: Wiring,
  path: ConfigPath,
): readonly Problem[] {
  const place = [...path, "inputs"];
  const wrong = [...inputs.entries()].filter(([, input]) => input !== "input" && !named.has(input));
  const known = wrong.length > 0 && told ? ["input", ...before.map((layer) => layer.name)] : [];
  const unknown = problemsFor(wrong, ([i, input]) => {
    const hint = told ? didYouMean(input, known) || ` There is ${some(known, "and", "others")}.` : "";
    const message = `"${shorten(input)}" is not the name of an earlier layer.${hint}`;
    return { severity: "error", message, path: [...place, i], on: "value" };
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

/** An inner layer takes what the outer one passes to it. */
function innerInputs(value: JsonValue, path: ConfigPath): readonly Problem[] {
  if (Array.isArray(value)) return value.flatMap((item: JsonValue, i) => innerInputs(item, [...path, i]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]): readonly Problem[] => {
    const here = [...path, key];
    if (key !== "inputs") return innerInputs(inner, here);
    const message = "Only the entries of layers have inputs; an inner layer takes what the outer one passes to it.";
    return [{ severity: "error", message, path: here, on: "key" }];
  });
}

/** hardSigmoid is exactly 0 below the negative of this. */
const hardSigmoidEnd = 2.5;

/**
 * A chrono bias of log(maxLag − 1) closes an LSTM's input gate permanently if the gates use hardSigmoid, tfjs's
 * default.
 */
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
  const message = `With "hardSigmoid" gates (tfjs's default), chrono biases beyond ±2.5 close the input gates permanently: no gradient reaches them. Set "recurrentActivation": "sigmoid".`;
  return [...inner, { severity: "warning", message, path: [...path, "biasInitializer"], on: "value" }];
}
