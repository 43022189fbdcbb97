/** Reads a saved model's layers and their connections. Models inside the model become layers of the model itself. */

import { onlyInput } from "../../config/graph/layerGraph.ts";
import { maxLayers } from "../../config/limits.ts";
import type { JsonValue } from "../../config/resolved.ts";
import { savedWords } from "../../messages/savedModels.ts";
import { isList, type JsonObject, objectAt, SavedError } from "../formats/models/savedModel.ts";
import { withoutAutomaticMasks } from "./automaticMasks.ts";
import { type Call, callsOf, type Source } from "./calls.ts";
import { chainOf } from "./chains.ts";
import { bare, listOf, shapeOf } from "./described.ts";
import { endpoints, namedEndpoints } from "./endpoints.ts";
import { isRecurrent, kerasStates } from "./kerasStates.ts";
import { withoutOperation } from "./operations.ts";
import { type BareLayer, type Directions, directionsOf, distributedLayers } from "./unfolding.ts";

export interface SavedLayer {
  /** The file's name; for a layer of a model inside, with that model's name in front: `block/dense`. */
  readonly name: string;
  /** Keras's class: `LSTM`. */
  readonly className: string;
  readonly config: JsonObject;
  /** What it takes: names of layers or of the model's inputs, or last states such as `encoder.h`. */
  readonly inputs: readonly string[];
  /** The states with which it begins; [] for zeros. */
  readonly initialState: readonly string[];
  /** Whether the file passes a mask to it, as Keras 3 does in a functional model; null: the file does not say. */
  readonly masked: boolean | null;
  /** Whether it is told to look at no later timestep. */
  readonly causal: boolean;
  /** Name of the layer that it is once more; null: it has weights of its own. */
  readonly shares: string | null;
}

export interface SavedInput {
  readonly name: string;
  /** Shape of one sample, with null for an open dimension; null if the file does not say. */
  readonly shape: readonly (number | null)[] | null;
}

export interface SavedGraph {
  readonly inputs: readonly SavedInput[];
  /** Names of the layers that give the model's outputs. */
  readonly outputs: readonly string[];
  /** For each output, the names under which the file may refer to it. */
  readonly outputNames: readonly (readonly string[])[];
  /** Each one follows what it takes. */
  readonly layers: readonly SavedLayer[];
}

const modelClasses = new Set(["Sequential", "Functional", "Model"]);

/** @throws SavedError if the layers or their connections cannot be read. */
export function graphOf(topology: JsonObject): SavedGraph {
  const { content, items, sequential } = contentOf(topology);
  const own = items.map(bare);
  const entering = sequential ? [] : endpoints(content["input_layers"]).map(({ layer }) => layer);
  const inputs = sequential
    ? [{ name: own.some(({ name }) => name === onlyInput) ? freshInput : onlyInput, shape: firstShape(own) }]
    : entering.map((name) => ({ name, shape: shapeOf(own.find((layer) => layer.name === name)?.config ?? {}) }));
  if (inputs.length === 0) throw new SavedError(savedWords().noInputs);
  const flat = new Flattening(inputs.map(({ name }) => name));
  const given = flat.model(
    topology,
    { own: "", first: null },
    inputs.map(({ name }) => name),
  );
  const outputs = given.map((name) => flat.asOutput(name));
  const asked = sequential ? [] : namedEndpoints(content["output_layers"]);
  const outputNames = outputs.map((name, i) => [name, ...(asked[i]?.names ?? [])]);
  return { inputs, outputs, outputNames, layers: flat.layers };
}

/** The name of a sequential model's input if a layer has the usual name. */
const freshInput = "model_input";

/** Names of the models around a layer. */
interface Prefix {
  /** `block#2/`: with the number of the use. */
  readonly own: string;
  /** The same at the first use, whose weights are used; null: this is the first use. */
  readonly first: string | null;
}

type Given = Pick<SavedLayer, "inputs" | "initialState" | "masked" | "causal">;

/** The call of a layer that gets nothing but its input. */
const calledPlainly = { initialState: [], masked: null, causal: false } as const;

/** The layers of a model and of all models inside it. */
class Flattening {
  readonly layers: SavedLayer[] = [];
  readonly #names: Set<string>;
  readonly #outputs = new Set<string>();
  #models = 0;

  constructor(inputs: readonly string[]) {
    this.#names = new Set(inputs);
  }

  /** @param given what the model's inputs get. @returns what its outputs give. */
  model(topology: JsonObject, prefix: Prefix, given: readonly string[]): readonly string[] {
    // A model that is used twice at every level would be unfolded exponentially.
    if (++this.#models > maxLayers) throw tooManyLayers();
    const { content, items, sequential } = contentOf(topology);
    return sequential ? this.#sequence(items, prefix, given) : this.#network(content, prefix, given);
  }

  #sequence(items: readonly JsonValue[], prefix: Prefix, given: readonly string[]): readonly string[] {
    let before = given;
    for (const item of items) {
      const layer = bare(item);
      if (layer.className !== "InputLayer") before = this.#plain(layer, prefix, before.slice(0, 1));
    }
    return before.slice(0, 1);
  }

  #network(content: JsonObject, prefix: Prefix, given: readonly string[]): readonly string[] {
    const uses = usesOf(content);
    const values = new Map<string, readonly string[]>();
    for (const [i, { layer, use }] of endpoints(content["input_layers"]).entries()) {
      const value = given[i];
      if (value !== undefined) values.set(`${use} ${layer}`, [value]);
    }
    const open = new Set<string>();
    const resolve = ({ layer, use, output }: Source): string => {
      const key = `${use} ${layer}`;
      const [value] = (values.get(key) ?? compute(layer, use)).slice(output);
      if (value === undefined) throw new SavedError(savedWords().noSuchOutput(layer));
      return value;
    };
    const compute = (name: string, use: number): readonly string[] => {
      const key = `${use} ${name}`;
      const call = uses.get(key);
      if (!call) throw new SavedError(savedWords().notDescribed(name.slice(0, 60)));
      if (open.has(key)) throw new SavedError(savedWords().ownOutput(name));
      open.add(key);
      const [inputs, states] = [call.inputs.map(resolve), call.initialState.map(resolve)];
      // A model inside was described before anything was passed to it.
      const masked = prefix.own === "" ? call.masked : null;
      const given = { inputs, initialState: states, masked, causal: call.causal };
      const result = this.#call(call.layer, prefix, given, call.order);
      open.delete(key);
      values.set(key, result);
      return result;
    };
    for (const [key, { layer, use }] of uses) if (!values.has(key)) compute(layer.name, use);
    return endpoints(content["output_layers"]).map(resolve);
  }

  /**
   * @param order 0 for the layer's first use.
   * @returns the layer's output, and its last states.
   */
  #call(layer: BareLayer, prefix: Prefix, given: Given, order: number): readonly string[] {
    // A second use has a name of its own, and the weights of the first one.
    const again = order === 0 ? layer.name : `${layer.name}#${order + 1}`;
    const within = order === 0 ? prefix.first : (prefix.first ?? prefix.own);
    const inside = { own: `${prefix.own}${again}/`, first: within === null ? null : `${within}${layer.name}/` };
    if (modelClasses.has(layer.className))
      return this.model({ class_name: layer.className, config: layer.config }, inside, given.inputs);
    const directions = directionsOf(layer);
    if (directions) return this.#directions(directions, inside, given);
    const distributed = distributedLayers(layer);
    if (distributed)
      return distributed.reduce<readonly string[]>((inputs, each) => this.#plain(each, inside, inputs), given.inputs);
    const chain = chainOf(layer, given.initialState.length + given.inputs.length - 1);
    if (chain)
      return chain.reduce<readonly string[]>(
        (inputs, each) => this.#call(each, prefix, { ...calledPlainly, inputs: inputs.slice(0, 1) }, order).slice(0, 1),
        given.inputs,
      );
    if (this.layers.length >= maxLayers) throw tooManyLayers();
    const name = `${prefix.own}${again}`;
    if (this.#names.has(name)) throw new SavedError(savedWords().layerTwice(name));
    this.#names.add(name);
    const first = prefix.first ?? (order === 0 ? null : prefix.own);
    this.layers.push({ ...layer, name, ...given, shares: first === null ? null : `${first}${layer.name}` });
    return [name, ...kerasStates(layer.className, layer.config).map((state) => `${name}.${state}`)];
  }

  #plain(layer: BareLayer, prefix: Prefix, inputs: readonly string[]): readonly string[] {
    return this.#call(layer, prefix, { ...calledPlainly, inputs }, 0);
  }

  /** @returns the joined output, or both; then the states of the forward and of the backward layer. */
  #directions({ forward, backward, merge, reversed }: Directions, inside: Prefix, given: Given): readonly string[] {
    const half = given.initialState.length / 2;
    const [states, others] = [given.initialState.slice(0, half), given.initialState.slice(half)];
    const [there = "", ...last] = this.#call(forward, inside, { ...given, initialState: states }, 0);
    const [back = "", ...first] = this.#call(backward, inside, { ...given, initialState: others }, 0);
    const outputs = [there, ...(reversed ? this.#plain(reversed, inside, [back]) : [back])];
    return [...(merge ? this.#plain(merge, inside, outputs) : outputs), ...last, ...first];
  }

  /** The name of a layer that gives this value: a new one that passes it on unless it is a layer's output. */
  asOutput(value: string): string {
    const isLayer = this.layers.some(({ name }) => name === value);
    if (isLayer && !this.#outputs.has(value)) {
      this.#outputs.add(value);
      return value;
    }
    const base = value.replace(/\./g, "_");
    let name = base;
    for (let n = 1; this.#names.has(name); n++) name = `${base}_${n}`;
    this.#names.add(name);
    this.layers.push({
      name,
      className: "Identity",
      config: { name },
      ...calledPlainly,
      inputs: [value],
      shares: null,
    });
    return name;
  }
}

interface Use extends Call {
  readonly layer: BareLayer;
  readonly use: number;
  /** 0 for its first use. */
  readonly order: number;
}

/** All uses of all layers, by `use name`. */
function usesOf(content: JsonObject): ReadonlyMap<string, Use> {
  const found = listOf(content["layers"]).flatMap((item) => {
    const layer = bare(item);
    if (layer.className === "InputLayer") return [];
    const calls = callsOf(layer.name, objectAt(item)?.["inbound_nodes"], isRecurrent(layer.className));
    return calls.map((call, use) => ({ ...call, layer, use, order: use }));
  });
  const first = firstUses(found, endpoints(content["output_layers"]));
  return new Map(
    found.map((each) => {
      const use = each.use + (first.get(each.layer.name) ?? 0);
      return [`${use} ${each.layer.name}`, { ...each, use }];
    }),
  );
}

/** Keras 2 counts the uses of a model inside a model from 1, because its own description was use 0. */
function firstUses(uses: readonly Use[], outputs: readonly Source[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { layer } of uses) counts.set(layer.name, (counts.get(layer.name) ?? 0) + 1);
  const sources = [...uses.flatMap(({ inputs, initialState }) => [...inputs, ...initialState]), ...outputs];
  const last = new Map<string, number>();
  for (const { layer, use } of sources) last.set(layer, Math.max(last.get(layer) ?? 0, use));
  return new Map([...last].map(([name, use]) => [name, use === counts.get(name) ? 1 : 0]));
}

/** Limit of a description's entries: a mask is several operations. */
const mostItems = 4 * maxLayers;

interface Content {
  readonly content: JsonObject;
  readonly items: readonly JsonValue[];
  readonly sequential: boolean;
}

function contentOf(topology: JsonObject): Content {
  const { class_name: className, config } = topology;
  const content = objectAt(config);
  if (className === "Sequential") {
    const items = isList(config) ? config : listOf(content?.["layers"]);
    if (items.length > mostItems) throw tooManyLayers();
    return { content: content ?? {}, items, sequential: true };
  }
  if ((className === "Functional" || className === "Model") && content?.["layers"] !== undefined) {
    if (listOf(content["layers"]).length > mostItems) throw tooManyLayers();
    const masked = objectAt(withoutAutomaticMasks(topology)["config"]) ?? content;
    const items = listOf(masked["layers"]).flatMap(withoutOperation);
    return { content: { ...masked, layers: items }, items, sequential: false };
  }
  throw new SavedError(typeof className === "string" ? savedWords().customClass(className) : savedWords().noLayers);
}

export function tooManyLayers(): SavedError {
  return new SavedError(savedWords().manyLayers(maxLayers));
}

/** The shape that a sequential model states first, perhaps within a model inside it. */
function firstShape([first]: readonly BareLayer[]): SavedInput["shape"] {
  if (!first) return null;
  const own = shapeOf(first.config);
  if (own || !modelClasses.has(first.className)) return own;
  return firstShape(listOf(first.config["layers"]).slice(0, 1).map(bare));
}
