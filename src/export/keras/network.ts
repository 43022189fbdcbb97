/** The function `network`: all layers, and how they are connected. */

import { exportWords } from "../../messages/exporting.ts";
import { type Connected, connect } from "../connected.ts";
import { type Emitted, type Place, refusal, type StateValue } from "../emitted.ts";
import type { ExportedLayer, ExportedModel, Refusal } from "../exportedModel.ts";
import { maskFault, passesMask } from "../masks.ts";
import { indented, remark, tuple } from "../python.ts";
import { emitters } from "./emitters.ts";
import { type HelperName, helperSources, reserved } from "./helpers.ts";

export interface Network {
  /** Source of the helpers and of `network`, one entry for each class or function. */
  readonly definitions: readonly string[];
  /** The weights in the order of the layers, and in each in Keras's. */
  readonly state: readonly StateValue[];
}

/** The network, or everything in it that has no equivalent. */
export function network(exported: ExportedModel): Network | readonly Refusal[] {
  const connected = connect(exported, { framework: "Keras", emitters, reserved, maskFault: fault, frozen });
  return "parts" in connected ? assembled(exported, connected) : connected;
}

/** A frozen normalization takes its moving averages, as ours does. */
function frozen(layer: ExportedLayer, { attribute }: Place, part: Emitted<HelperName>): Emitted<HelperName> | Refusal {
  if (part.state.length === 0) return part;
  if (part.state.some(({ name }) => !name.startsWith(`${attribute}/`)))
    return refusal(layer, exportWords().frozenLayer(layer.type));
  return { ...part, init: [...part.init, `${attribute}.trainable = False`] };
}

/** Layers through which Keras passes a mask as we do. */
const maskable = new Set(
  (
    "simpleRNN lstm gru rnn bidirectional timeDistributed dense activation dropout masking layerNormalization " +
    "add multiply average maximum minimum concatenate subtract"
  ).split(" "),
);

function fault(layer: ExportedLayer): Refusal | null {
  if (maskable.has(layer.type) || !passesMask(layer)) return maskFault(layer, null);
  return refusal(layer, exportWords().maskOfLayer(layer.type));
}

function assembled({ model, inputs, outputs }: ExportedModel, { parts, variable }: Connected<HelperName>): Network {
  const several = inputs.length > 1;
  const helpers: HelperName[] = parts.flatMap((part) => part.helpers);
  if (several || outputs.length > 1) helpers.push("unpacked");
  const made = inputs.map(({ shape }) => `keras.Input(${tuple(shape)})`).join(", ");
  const taken = inputs.map(({ name }) => variable(name)).join(", ");
  const given = outputs.map(({ name }) => variable(name)).join(", ");
  const logits = outputs.filter((output) => output.logits).map(({ name }) => remark(name));
  const told = outputs.length === 1 ? "; its outputs are logits" : `; logits are the outputs ${logits.join(", ")}`;
  const source = [
    "def network():",
    ...indented([
      `"""The layers of the model '${remark(model.name)}'${logits.length > 0 ? told : ""}."""`,
      ...parts.flatMap((part) => part.init),
      several ? `inputs = [${made}]` : `inputs = x = ${made}`,
      ...(several ? [`${taken} = inputs`] : []),
      ...parts.flatMap((part) => part.forward),
      `return keras.Model(inputs, ${outputs.length > 1 ? `[${given}]` : given})`,
    ]),
  ].join("\n");
  return { definitions: [...helperSources(helpers), source], state: parts.flatMap((part) => part.state) };
}
