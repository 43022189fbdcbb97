/** Resolves `layers` of one model: checks, names and connects each entry. */

import { configWords } from "../messages/config.ts";
import { type GraphEnds, isProblems, type Names, onlyInput, orderLayers } from "./graph/layerGraph.ts";
import { referenceOf, statesOf } from "./graph/references.ts";
import { atTheirSources, sharedType, withShared } from "./graph/sharedLayers.ts";
import { problemsOf } from "./issues.ts";
import { entryProblems } from "./layerRules.ts";
import { isObject } from "./merge.ts";
import type { Problem } from "./problem.ts";
import { capped } from "./problems.ts";
import type { JsonPath, JsonValue, LayerEntry } from "./resolved.ts";
import { layersSchema } from "./schema/config.ts";
import { layerSchema } from "./schema/layers/index.ts";

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

/** The names of a file's inputs and outputs. */
export interface StatedNames {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

const nothingStated: StatedEnds = { inputs: null, outputs: null };

/** @param path of the list, e.g. `["models", "tanh", "layers"]` */
export function resolveLayers(value: JsonValue, path: JsonPath, ends: StatedEnds = nothingStated): ResolvedLayers {
  const parsed = layersSchema.safeParse(value);
  if (!parsed.success) {
    const problems = problemsOf(parsed.error.issues, value, "layers");
    return refused(problems.map((p) => ({ ...p, path: [...path, ...p.path] })));
  }
  const inputNames = ends.inputs ?? { names: [onlyInput], path: null };
  const entries = Array.isArray(value) ? value.filter(isObject) : [];
  const taken = new Set(entries.flatMap(({ name }) => (typeof name === "string" ? [name] : [])));
  const layers: LayerEntry[] = [];
  const numbers = new Map<string, number>();
  for (const [i, entry] of entries.entries()) {
    const here = [...path, i];
    const { type, name: given, inputs: wanted, initialState, ...args } = entry;
    if (typeof type !== "string") continue;
    const name = typeof given === "string" ? given : unused(defaultLayerName(type), taken, numbers);
    const inputs = namesIn(wanted) ?? [layers.at(-1)?.name ?? inputNames.names[0] ?? onlyInput];
    taken.add(name);
    const states = initialState === undefined ? {} : { initialState: namesIn(initialState) ?? [String(initialState)] };
    layers.push({ type, name, inputs, ...states, args, path: here });
  }
  const last = layers.at(-1);
  const graph: GraphEnds = {
    inputs: inputNames,
    outputs: ends.outputs ?? { names: last ? [last.name] : [], path: null },
  };
  const shared = withShared(layers);
  const problems = [...layers.filter(({ type }) => type !== sharedType).flatMap(entryProblems), ...shared.problems];
  const result = connected(withAllStates(shared.layers, graph), graph, problems);
  return { ...result, layers: result.layers && atTheirSources(result.layers) };
}

/**
 * Resolves layers that a saved model's file describes. The file names and connects them; everything else follows the
 * same rules as entries of a config.
 *
 * @param layers their arguments are unchecked.
 * @param path the file's place.
 * @returns problems whose messages name the layer, because the file has no place to show them at.
 */
export function resolveFileLayers(layers: readonly LayerEntry[], ends: StatedNames, path: JsonPath): ResolvedLayers {
  const graph = { inputs: { names: ends.inputs, path: null }, outputs: { names: ends.outputs, path: null } };
  if (layers.length === 0) return refused([{ severity: "error", message: configWords().noLayers, path, on: "value" }]);
  const problems = layers.flatMap((layer) => {
    const { type, name, args } = layer;
    const value = { ...args, type };
    const parsed = layerSchema.safeParse(value);
    const own = parsed.success ? entryProblems(layer) : problemsOf(parsed.error.issues, value, type);
    return own.map((p) => ({ ...p, message: configWords().itsLayer({ name, type, message: p.message }), path }));
  });
  return problems.some(isError) ? refused(capped(problems)) : connected(layers, graph, problems);
}

/** @param problems those of the single layers. */
function connected(layers: readonly LayerEntry[], graph: GraphEnds, problems: readonly Problem[]): ResolvedLayers {
  const order = orderLayers(layers, graph);
  const all = [...problems, ...layers.flatMap(stateCountProblem), ...(isProblems(order) ? order : [])];
  if (isProblems(order) || all.some(isError)) return refused(all);
  return { layers: order, inputs: graph.inputs.names, outputs: graph.outputs.names, problems: all };
}

function refused(problems: readonly Problem[]): ResolvedLayers {
  return { layers: null, inputs: [], outputs: [], problems };
}

function isError({ severity }: Problem): boolean {
  return severity === "error";
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
    const message = configWords().statefulStart(layer.name);
    return [{ severity: "error", message, path: [...path, "initialState"], on: "key" }];
  }
  if (initialState === undefined || initialState.length === states.length) return [];
  const example = states.map((state) => `"encoder.${state}"`).join(", ");
  const message = configWords().statesStart({ name: layer.name, type: layer.type, states, example });
  return [{ severity: "error", message, path: [...path, "initialState"], on: "value" }];
}

/** `simpleRNN` → `simple_rnn`: Keras's default name of a layer. */
function defaultLayerName(type: string): string {
  return type.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
}
