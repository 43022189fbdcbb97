/** All layers of a model in order, each with the variables that it takes and gives: what the exporters share. */

import { exportWords } from "../messages/exporting.ts";
import { Arguments, type Emit, type Emitted, type Place, refusal } from "./emitted.ts";
import type { ExportedLayer, ExportedModel, Refusal } from "./exportedModel.ts";
import { makesMask, passesMask } from "./masks.ts";
import { Names } from "./python.ts";

export interface Framework<Helper extends string> {
  /** Its name, for people. */
  readonly framework: string;
  readonly emitters: Readonly<Record<string, Emit<Helper>>>;
  /** Names that no layer may have in the script. */
  readonly reserved: readonly string[];
  /** What keeps a mask that arrives at a layer from being written; null: nothing. */
  readonly maskFault: (layer: ExportedLayer) => Refusal | null;
  /** A layer's part with weights that training does not change. */
  readonly frozen: (layer: ExportedLayer, place: Place, part: Emitted<Helper>) => Emitted<Helper> | Refusal;
}

export interface Connected<Helper extends string> {
  /** One for each layer. */
  readonly parts: readonly Emitted<Helper>[];
  /** The variable of an input's, a layer's or a state's values. */
  readonly variable: (name: string) => string;
}

/** The layers' statements, or everything that has no equivalent. */
export function connect<Helper extends string>(
  exported: ExportedModel,
  { framework, emitters, reserved, maskFault, frozen }: Framework<Helper>,
): Connected<Helper> | readonly Refusal[] {
  const { layers, model, outputs } = exported;
  const refusals: Refusal[] = layers.flatMap(constraintRefusals);
  const names = new Names(reserved);
  const variable = variablesOf(exported, names);
  const bare = new Set(outputs.filter((output) => output.bare).map(({ name }) => name));
  const masks = new Map<string, string>();
  const maskOf = (layer: ExportedLayer): string | null => {
    const arriving = [...new Set(layer.inputs.flatMap((name) => masks.get(name) ?? []))];
    return arriving.length === 0 ? null : arriving.length === 1 ? arriving[0]! : `(${arriving.join(" & ")})`;
  };
  const taken = new Set(layers.flatMap(({ inputs, initialState }) => [...inputs, ...initialState]));
  const parts: Emitted<Helper>[] = [];
  for (const layer of layers) {
    const emit = emitters[layer.type];
    if (!emit) {
      refusals.push(unknown(layer, framework));
      continue;
    }
    const mask = maskOf(layer);
    const fault = mask === null ? null : maskFault(layer);
    if (fault) refusals.push(fault);
    const made = names.of(`mask ${layer.name}`);
    if (makesMask(layer)) masks.set(layer.name, made);
    else if (mask !== null && passesMask(layer)) masks.set(layer.name, mask);
    const states = ["h", "c"].map((state) => `${layer.name}.${state}`);
    const handed = states.some((name) => taken.has(name));
    const source = layer.shares === null ? null : (layers.find(({ name }) => name === layer.shares) ?? null);
    const whole = source ? { ...layer, weights: source.weights, inner: source.inner } : layer;
    const place: Place = {
      attribute: names.of((source ?? layer).name),
      inputs: layer.inputs.map(variable),
      output: variable(layer.name),
      initial: layer.initialState.map(variable),
      states: handed ? states.slice(0, layer.type === "lstm" ? 2 : 1).map(variable) : [],
      truncate: model.training.truncate,
      mask,
      made,
    };
    const trained = emit(bare.has(layer.name) ? withoutActivation(whole) : whole, place);
    const kept = isFrozen(whole) && !("message" in trained);
    const part = kept ? frozen(whole, place, trained) : trained;
    if ("message" in part) refusals.push(part);
    // The weights, and the penalties on them, are those of the layer that has them.
    else parts.push(source ? { ...part, init: [], state: [], penalties: [] } : part);
  }
  return refusals.length > 0 ? refusals : { parts, variable };
}

/** One variable for all values, if each layer takes only what the one before gives. */
function variablesOf({ layers, inputs, outputs }: ExportedModel, names: Names): (name: string) => string {
  const chain =
    inputs.length === 1 &&
    outputs.length === 1 &&
    layers.every(({ inputs: from, initialState }, i) =>
      i === 0 ? from.length === 1 : from.length === 1 && from[0] === layers[i - 1]?.name && initialState.length === 0,
    );
  const only = inputs.length === 1 ? inputs[0]?.name : null;
  return (name) =>
    chain || name === only ? "x" : names.of(inputs.some((input) => input.name === name) ? `in ${name}` : `out ${name}`);
}

function isFrozen({ config, inner }: ExportedLayer): boolean {
  return config["trainable"] === false || (inner.length > 0 && inner.every(isFrozen));
}

function unknown(layer: ExportedLayer, framework: string): Refusal {
  return refusal(layer, exportWords().layerYet({ type: layer.type, framework }));
}

/** The last layer without its softmax or sigmoid, which the loss contains. */
function withoutActivation(layer: ExportedLayer): ExportedLayer {
  const config = { ...layer.config, activation: "linear" };
  if (layer.type === "softmax") return { ...layer, type: "activation", config };
  if (layer.type !== "timeDistributed") return { ...layer, config };
  return { ...layer, inner: layer.inner.map(withoutActivation) };
}

/** Limits on a layer's weights after each update. */
function constraintRefusals(layer: ExportedLayer): Refusal[] {
  const given = new Arguments(layer);
  const limited = Object.keys(layer.config).find((name) => name.endsWith("Constraint") && given.object(name));
  const own = limited === undefined ? [] : [refusal(layer, exportWords().constraint(limited))];
  return [...own, ...layer.inner.flatMap((inner) => constraintRefusals({ ...inner, path: layer.path }))];
}
