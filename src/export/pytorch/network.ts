/** The class `Net`: all layers, in order. */

import { exportWords } from "../../messages/exporting.ts";
import { type Connected, connect } from "../connected.ts";
import { nothing, type Penalty, refusal, type StateValue } from "../emitted.ts";
import type { ExportedLayer, ExportedModel, Refusal } from "../exportedModel.ts";
import { maskFault } from "../masks.ts";
import { indented, remark, tuple } from "../python.ts";
import { convolutionLayers } from "./convolution.ts";
import { type Emit, type Emitted, frozen } from "./emitted.ts";
import { type HelperName, helperSources } from "./helpers.ts";
import { plainLayers } from "./plain.ts";
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
  if (!inner || !emit) return refusal(layer, exportWords().layer(inner?.type ?? "?"));
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
  const { truncate } = exported.model.training;
  const connected = connect(exported, {
    framework: "PyTorch",
    emitters,
    reserved: [],
    maskFault: (layer) => maskFault(layer, truncate),
    frozen: (_, __, part) => keptAsTold(part),
  });
  return "parts" in connected ? assembled(exported, connected) : connected;
}

/** A layer's part, with its parameters kept as they are. */
function keptAsTold(part: Emitted): Emitted {
  const parameters = part.state.filter(({ name }) => !/running_(?:mean|var)$/.test(name));
  return { ...part, init: [...part.init, ...parameters.map(({ name }) => frozen(name))] };
}

function assembled(
  { model, layers, inputs, outputs }: ExportedModel,
  { parts, variable }: Connected<HelperName>,
): Network {
  const several = inputs.length > 1;
  const ends = several || outputs.length > 1;
  const helpers: HelperName[] = [...parts.flatMap((part) => part.helpers), ...(ends ? (["unpacked"] as const) : [])];
  const taken = inputs.map(({ name }) => variable(name)).join(", ");
  const shapes = inputs.map(({ shape }) => tuple(shape)).join(", ");
  const logits = outputs.filter((output) => output.logits).map(({ name }) => remark(name));
  const told = outputs.length === 1 ? "; its outputs are logits" : `; logits are the outputs ${logits.join(", ")}`;
  const net = [
    "class Net(nn.Module):",
    ...indented([
      `"""The layers of the model '${remark(model.name)}'${logits.length > 0 ? told : ""}."""`,
      "",
      "def __init__(self):",
      ...indented(["super().__init__()", ...parts.flatMap((part) => part.init)]),
      "",
      "def forward(self, x):",
      ...indented([
        ...(several ? [`${taken} = unpacked(x, ${shapes})`] : []),
        ...parts.flatMap((part) => part.forward),
        `return ${outputs.map(({ name }) => variable(name)).join(", ")}`,
      ]),
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
