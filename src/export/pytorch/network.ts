/** The class `Net`: all layers, in order. */

import type { ExportedLayer, ExportedModel, Refusal } from "../exportedModel.ts";
import { convolutionLayers } from "./convolution.ts";
import { Arguments, type Emit, type Emitted, nothing, type Penalty, refusal, type StateValue } from "./emitted.ts";
import { type HelperName, helperSources } from "./helpers.ts";
import { plainLayers } from "./plain.ts";
import { indented, Names, remark } from "./python.ts";
import { bidirectional, recurrent } from "./recurrent.ts";

export interface Network {
  /** Source of the helpers and of `Net`, one entry for each class or function. */
  readonly classes: readonly string[];
  readonly state: readonly StateValue[];
  readonly penalties: readonly Penalty[];
  /** Parameters whose rows, not columns, are the units: embeddings. */
  readonly embeddings: readonly string[];
}

const emitters: Readonly<Record<string, Emit>> = {
  ...plainLayers,
  ...convolutionLayers,
  simpleRNN: recurrent,
  lstm: recurrent,
  gru: recurrent,
  rnn: recurrent,
  bidirectional,
  timeDistributed,
};

/** The wrapped layer sees all timesteps of all sequences as one batch. */
function timeDistributed(layer: ExportedLayer, place: Parameters<Emit>[1]): Emitted | Refusal {
  const [inner] = layer.inner;
  const emit = inner && emitters[inner.type];
  if (!inner || !emit) return refusal(layer, `The layer "${inner?.type ?? "?"}" has no equivalent.`);
  const [input = "x"] = place.inputs;
  const at = {
    ...inner,
    path: layer.path,
    inputShape: layer.inputShape.slice(1),
    outputShape: layer.outputShape.slice(1),
  };
  // A dense layer works on the last axis anyway.
  if (inner.type === "dense" || inner.type === "activation") return emit(at, place);
  const rows = `${place.output}_rows`;
  const made = emit(at, { ...place, inputs: [rows], output: rows });
  if ("message" in made) return made;
  return {
    ...made,
    forward: [
      `${rows} = ${input}.flatten(0, 1)`,
      ...made.forward,
      `${place.output} = ${rows}.unflatten(0, ${input}.shape[:2])`,
    ],
  };
}

/** The network, or everything in it that has no equivalent. */
export function network(exported: ExportedModel): Network | readonly Refusal[] {
  const { layers, model, bare } = exported;
  const refusals: Refusal[] = layers.flatMap(constraintRefusals);
  const names = new Names();
  const chain = layers.every(({ inputs, initialState }, i) =>
    i === 0
      ? inputs.length === 1
      : inputs.length === 1 && inputs[0] === layers[i - 1]?.name && initialState.length === 0,
  );
  const variable = (name: string) => (chain || name === model.inputs[0] ? "x" : names.of(`out ${name}`));
  const taken = new Set(layers.flatMap(({ inputs, initialState }) => [...inputs, ...initialState]));
  const parts: Emitted[] = [];
  for (const [i, layer] of layers.entries()) {
    const emit = emitters[layer.type];
    if (!emit) {
      refusals.push(
        refusal(
          layer,
          `The layer "${layer.type}" has no equivalent in PyTorch yet. Export the model with another layer in its place, and write this one into the script.`,
        ),
      );
      continue;
    }
    const states = ["h", "c"].map((state) => `${layer.name}.${state}`);
    const handed = states.some((name) => taken.has(name));
    const made = emit(bare && i === layers.length - 1 ? withoutActivation(layer) : layer, {
      attribute: names.of(layer.name),
      inputs: layer.inputs.map(variable),
      output: variable(layer.name),
      initial: layer.initialState.map(variable),
      states: handed ? states.slice(0, layer.type === "lstm" ? 2 : 1).map(variable) : [],
      truncate: model.training.truncate,
    });
    if ("message" in made) refusals.push(made);
    else parts.push(made);
  }
  if (refusals.length > 0) return refusals;
  return assembled(exported, parts, variable);
}

function assembled(
  { model, layers, logits }: ExportedModel,
  parts: readonly Emitted[],
  variable: (name: string) => string,
): Network {
  const helpers: HelperName[] = parts.flatMap((part) => part.helpers);
  const last = layers.at(-1)?.name ?? "";
  const net = [
    "class Net(nn.Module):",
    ...indented([
      `"""The layers of the model '${remark(model.name)}'${logits ? "; its outputs are logits" : ""}."""`,
      "",
      "def __init__(self):",
      ...indented(["super().__init__()", ...parts.flatMap((part) => part.init)]),
      "",
      "def forward(self, x):",
      ...indented([...parts.flatMap((part) => part.forward), `return ${variable(last)}`]),
    ]),
  ].join("\n");
  return {
    classes: [...helperSources(helpers), net],
    state: parts.flatMap((part) => part.state),
    penalties: parts.flatMap((part) => part.penalties),
    embeddings: layers.flatMap(({ type }, i) =>
      type === "embedding" ? (parts[i] ?? nothing).state.map(({ name }) => name) : [],
    ),
  };
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
  const own = limited === undefined ? [] : [refusal(layer, `The ${limited} has no equivalent in the script yet.`)];
  return [...own, ...layer.inner.flatMap((inner) => constraintRefusals({ ...inner, path: layer.path }))];
}
