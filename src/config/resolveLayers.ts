/** Resolves `layers` of one model: checks, names and connects each entry. */

import { type GraphEnds, isProblems, type Names, onlyInput, orderLayers } from "./graph/layerGraph.ts";
import { referenceOf, statesOf } from "./graph/references.ts";
import { problemsOf } from "./issues.ts";
import { maxProblems } from "./limits.ts";
import { isObject, type JsonObject } from "./merge.ts";
import type { Problem } from "./problem.ts";
import type { JsonPath, JsonValue, LayerEntry } from "./resolved.ts";
import { layersSchema } from "./schema/config.ts";
import { mergeTypes } from "./schema/layers/index.ts";

export interface ResolvedLayers {
  /** In topological order, otherwise as written. */
  readonly layers: readonly LayerEntry[] | null;
  /** Names of the model's inputs. */
  readonly inputs: readonly string[];
  /** Names of the layers whose outputs are the model's. */
  readonly outputs: readonly string[];
  readonly problems: readonly Problem[];
}

/** The names of inputs and outputs that the model sets; null: none. */
export interface StatedEnds {
  readonly inputs: Names | null;
  readonly outputs: Names | null;
}

const nothingStated: StatedEnds = { inputs: null, outputs: null };

/** @param path of the list, e.g. `["models", "tanh", "layers"]` */
export function resolveLayers(value: JsonValue, path: JsonPath, ends: StatedEnds = nothingStated): ResolvedLayers {
  const refused = (problems: readonly Problem[]): ResolvedLayers => ({
    layers: null,
    inputs: [],
    outputs: [],
    problems,
  });
  const parsed = layersSchema.safeParse(value);
  if (!parsed.success) {
    const problems = problemsOf(parsed.error.issues, value, "layers");
    return refused(problems.map((p) => ({ ...p, path: [...path, ...p.path] })));
  }
  const inputNames = ends.inputs ?? { names: [onlyInput], path: null };
  const entries = Array.isArray(value) ? value.filter(isObject) : [];
  const problems: Problem[] = [];
  const taken = new Set(entries.flatMap(({ name }) => (typeof name === "string" ? [name] : [])));
  const layers: LayerEntry[] = [];
  const numbers = new Map<string, number>();
  for (const [i, entry] of entries.entries()) {
    const here = [...path, i];
    const { type, name: given, inputs: wanted, initialState, ...args } = entry;
    if (typeof type !== "string") continue;
    const name = typeof given === "string" ? given : unused(defaultLayerName(type), taken, numbers);
    const inputs = namesIn(wanted) ?? [layers.at(-1)?.name ?? inputNames.names[0] ?? onlyInput];
    const count = countProblem(entry, type, inputs.length);
    if (count !== null) problems.push({ severity: "error", message: count, path: [...here, "inputs"], on: "value" });
    problems.push(...innerInputs(args, here).slice(0, maxProblems));
    problems.push(...shutGates(type, args, here));
    taken.add(name);
    const states = initialState === undefined ? {} : { initialState: namesIn(initialState) ?? [String(initialState)] };
    layers.push({ type, name, inputs, ...states, args, path: here });
  }
  const last = layers.at(-1);
  const graph: GraphEnds = {
    inputs: inputNames,
    outputs: ends.outputs ?? { names: last ? [last.name] : [], path: null },
  };
  const whole = withAllStates(layers, graph);
  problems.push(...whole.flatMap((layer) => stateCountProblem(layer)));
  const order = orderLayers(whole, graph);
  if (isProblems(order)) problems.push(...order);
  if (isProblems(order) || problems.some((p) => p.severity === "error")) return refused(problems);
  return { layers: order, inputs: graph.inputs.names, outputs: graph.outputs.names, problems };
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

function namesIn(wanted: JsonValue | undefined): readonly string[] | null {
  return Array.isArray(wanted) ? wanted.filter((name) => typeof name === "string") : null;
}

/** Replaces a layer's own name in `initialState` by all its last states. */
function withAllStates(layers: readonly LayerEntry[], { inputs }: GraphEnds): readonly LayerEntry[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  return layers.map((layer) => {
    const [only, ...others] = layer.initialState ?? [];
    if (only === undefined || others.length > 0) return layer;
    const { name, state } = referenceOf(only, (text) => byName.has(text) || inputs.names.includes(text));
    const source = byName.get(name);
    const states = source && state === null ? statesOf(source) : [];
    // Only if the layer has as many states as this one begins with; otherwise its name means its output.
    if (states.length !== statesOf(layer).length) return layer;
    return { ...layer, initialState: states.map((each) => `${name}.${each}`) };
  });
}

function stateCountProblem(layer: LayerEntry): readonly Problem[] {
  const { initialState, path } = layer;
  const states = statesOf(layer);
  if (initialState !== undefined && layer.args["stateful"] === true) {
    const message = `"${layer.name}" is stateful, so it begins with its own last states. Leave "initialState" or "stateful" out.`;
    return [{ severity: "error", message, path: [...path, "initialState"], on: "key" }];
  }
  if (initialState === undefined || initialState.length === states.length) return [];
  const message =
    states.length === 0
      ? `"${layer.name}" has a stack of cells, which begins at zero: give each cell a layer of its own, or leave "initialState" out.`
      : `"${layer.name}" (${layer.type}) begins with ${states.length === 1 ? "one state" : `${states.length} states`}, ${states.join(" and ")}: name ${states.length === 1 ? "one" : "them in this order"}, e.g. "initialState": [${states.map((state) => `"encoder.${state}"`).join(", ")}].`;
  return [{ severity: "error", message, path: [...path, "initialState"], on: "value" }];
}

function countProblem(entry: JsonObject, type: string, count: number): string | null {
  if (type === "dot" && count !== 2) return `dot combines two layers: name them, e.g. "inputs": ["lstm", "input"].`;
  if (mergeTypes.includes(type))
    return count >= 2 ? null : `${type} combines at least two layers: name them, e.g. "inputs": ["lstm", "input"].`;
  if (count === 1 || entry["inputs"] === undefined) return null;
  return `${type} takes one input; to combine several, put a merge layer such as add or concatenate before it.`;
}

/** An inner layer takes what the outer one passes to it. */
function innerInputs(value: JsonValue, path: JsonPath): readonly Problem[] {
  if (Array.isArray(value)) return value.flatMap((item: JsonValue, i) => innerInputs(item, [...path, i]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]): readonly Problem[] => {
    const here = [...path, key];
    if (key !== "inputs" && key !== "initialState") return innerInputs(inner, here);
    const message = `Only the entries of layers have "${key}"; an inner layer takes what the outer one passes to it.`;
    return [{ severity: "error", message, path: here, on: "key" }];
  });
}

/** hardSigmoid is exactly 0 below the negative of this. */
const hardSigmoidEnd = 2.5;

/**
 * A chrono bias of log(maxLag − 1) closes an LSTM's input gate permanently if the gates use hardSigmoid, tfjs's
 * default.
 */
function shutGates(type: string, args: JsonObject, path: JsonPath): readonly Problem[] {
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

/** `simpleRNN` → `simple_rnn`: Keras's default name of a layer. */
function defaultLayerName(type: string): string {
  return type.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
}
