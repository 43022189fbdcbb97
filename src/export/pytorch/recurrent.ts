/** Recurrent layers: PyTorch's own where they compute the same, otherwise loops that are written out. */

import type { CellKind } from "../../config/layerCatalogue.ts";
import { vectorCell } from "../../config/layerKinds.ts";
import { exportWords } from "../../messages/exporting.ts";
import {
  Arguments,
  copied,
  hasWeight,
  type Penalty,
  type Place,
  refusal,
  type StateValue,
  weightOf,
} from "../emitted.ts";
import type { ExportedLayer } from "../exportedModel.ts";
import { boolean, number } from "../python.ts";
import { asFunction } from "./activations.ts";
import { type Emit, type Emitted, frozen, penaltiesOf, transposed } from "./emitted.ts";
import type { HelperName } from "./helpers.ts";

const loops = { simple: "SimpleLoop", lstm: "LSTMLoop", gru: "GRULoop" } as const satisfies Record<string, HelperName>;
const modules = { simple: "nn.RNN", lstm: "nn.LSTM", gru: "nn.GRU" } as const;
/** `simpleRNN`, `lstm`, `gru` and an `rnn` with one of their cells. */
export const recurrent: Emit = (layer, place) => {
  const cell = layer.type === "rnn" ? layer.inner[0] : layer;
  const kind = cell && vectorCell(cell);
  if (!cell || !kind || (layer.type === "rnn" && layer.inner.length > 1))
    return refusal(layer, exportWords().severalCells);
  const loop = new Arguments(layer);
  if (loop.flag("stateful")) return refusal(layer, exportWords().stateful);
  const made = construction(cell, kind, layer.inputShape.at(-1) ?? 1, place.attribute);
  if (typeof made === "string") return refusal(layer, made);
  const backwards = loop.flag("goBackwards");
  const own = made.module.startsWith("nn.");
  const [input = "x"] = place.inputs;
  const read = backwards ? `${input}.flip(1)` : input;
  const initial = own ? initialOf(place.initial) : place.initial.length > 0 ? `(${place.initial.join(", ")},)` : null;
  const [called, ...helpers] = call(place, read, initial, own, backwards);
  return {
    ...made.parts,
    helpers: [...made.parts.helpers, ...helpers],
    forward: [
      `${place.output}, ${place.states.length > 0 ? "last" : "_"} = ${called}`,
      ...place.states.map((name, i) => `${name} = ${stateOf(own, kind, i)}`),
      ...(loop.flag("returnSequences") ? [] : [`${place.output} = ${place.output}[:, -1]`]),
    ],
  };
};

/** The call of a module on its whole sequence, and the helpers that it needs. */
function call(
  { attribute, truncate, mask }: Place,
  read: string,
  initial: string | null,
  own: boolean,
  backwards: boolean,
): readonly [string, ...HelperName[]] {
  const module = `self.${attribute}`;
  const begun = initial === null ? [] : [initial];
  const heeded = mask === null || !backwards ? mask : `${mask}.flip(1)`;
  if (heeded !== null && own) return [`masked(${[module, read, heeded, ...begun].join(", ")})`, "masked"];
  if (heeded !== null) return [`${module}(${[read, ...begun, `mask=${heeded}`].join(", ")})`];
  if (truncate === null) return [`${module}(${[read, ...begun].join(", ")})`];
  return [`truncated(${[module, read, String(truncate), ...begun].join(", ")})`, "truncated"];
}

/** PyTorch's modules take states with an axis of layers in front. */
function initialOf(initial: readonly string[]): string | null {
  const [h, c] = initial;
  if (h === undefined) return null;
  return c === undefined ? `${h}[None]` : `(${h}[None], ${c}[None])`;
}

function stateOf(own: boolean, kind: CellKind, i: number): string {
  if (!own) return `last[${i}]`;
  return kind === "lstm" ? `last[${i}][0]` : "last[0]";
}

/** `bidirectional`: one layer reads forward, another from the end. */
export const bidirectional: Emit = (layer, place) => {
  const [forward, backward] = layer.inner;
  if (!forward || !backward) throw new Error(`${layer.name} wraps nothing`);
  if (place.initial.length > 0 || place.states.length > 0) return refusal(layer, exportWords().handedStates);
  const { attribute, output, inputs } = place;
  const input = inputs[0] ?? "x";
  const sequences = new Arguments(forward).flag("returnSequences");
  const parts: Emitted[] = [];
  const outs = [`${attribute}_ahead`, `${attribute}_back`];
  for (const [i, inner] of [forward, backward].entries()) {
    const part = recurrent(
      { ...inner, inputShape: layer.inputShape, path: layer.path },
      {
        ...place,
        attribute: `${attribute}_${i === 0 ? "forward" : "backward"}`,
        inputs: [input],
        output: outs[i]!,
      },
    );
    if ("message" in part) return part;
    parts.push(part);
  }
  const [ahead, back] = [outs[0]!, sequences ? `${outs[1]}.flip(1)` : outs[1]!];
  const merged: Readonly<Record<string, string>> = {
    concat: `torch.cat([${ahead}, ${back}], -1)`,
    sum: `${ahead} + ${back}`,
    mul: `${ahead} * ${back}`,
    ave: `(${ahead} + ${back}) / 2`,
  };
  const result = merged[new Arguments(layer).text("mergeMode", "concat")];
  if (result === undefined) return refusal(layer, exportWords().twoOutputs);
  return {
    init: parts.flatMap((part) => part.init),
    forward: [...parts.flatMap((part) => part.forward), `${output} = ${result}`],
    state: parts.flatMap((part) => part.state),
    penalties: parts.flatMap((part) => part.penalties),
    helpers: parts.flatMap((part) => part.helpers),
  };
};

interface Construction {
  readonly module: string;
  readonly parts: Omit<Emitted, "forward">;
}

/** The module for a cell's arguments; or why there is none. */
function construction(cell: ExportedLayer, kind: CellKind, features: number, attribute: string): Construction | string {
  const given = new Arguments(cell);
  const units = given.number("units", 1);
  const activation = given.text("activation", "tanh");
  const gate = given.text("recurrentActivation", "hardSigmoid");
  const [dropout, recurrentDropout] = [given.number("dropout", 0), given.number("recurrentDropout", 0)];
  const useBias = given.flag("useBias", true);
  const peepholes = given.flag("peepholes");
  const resetAfter = given.flag("resetAfter");
  const standard =
    dropout === 0 &&
    recurrentDropout === 0 &&
    (kind === "simple"
      ? activation === "tanh" || activation === "relu"
      : activation === "tanh" && gate === "sigmoid" && !peepholes && (kind === "lstm" || resetAfter));
  const module = standard ? modules[kind] : loops[kind];
  const suffix = standard ? "_l0" : "";
  const parameter = (name: string) => `${attribute}.${name}${suffix}`;
  const state = [
    transposed(
      parameter("weight_ih"),
      kind === "gru" ? resetFirst(weightOf(cell, "kernel")) : weightOf(cell, "kernel"),
    ),
    transposed(
      parameter("weight_hh"),
      kind === "gru" ? resetFirst(weightOf(cell, "recurrent_kernel")) : weightOf(cell, "recurrent_kernel"),
    ),
    ...(useBias ? biases(cell, kind, units, parameter, standard || resetAfter) : []),
    ...(hasWeight(cell, "peepholes") ? [copied(parameter("peepholes"), weightOf(cell, "peepholes"))] : []),
  ];
  const penalties: Penalty[] = penaltiesOf(cell, {
    kernel: parameter("weight_ih"),
    recurrent: parameter("weight_hh"),
    bias: parameter("bias_ih"),
    peephole: parameter("peepholes"),
  });
  if (kind === "gru" && resetAfter && penalties.some(({ parameter: of }) => of === parameter("bias_ih")))
    return exportWords().gruBias;
  const oneBias = useBias && standard && kind !== "gru";
  const parts = {
    init: [
      `self.${attribute} = ${module}(${callOf({ standard, kind, features, units, activation, gate, useBias, peepholes, resetAfter, dropout, recurrentDropout })})`,
      ...(oneBias ? [frozen(parameter("bias_hh"))] : []),
    ],
    state,
    penalties,
    helpers: standard ? [] : [loops[kind]],
  };
  return callFault(activation, gate) ?? { module, parts };
}

function callFault(...names: readonly string[]): string | null {
  const unknown = names.find((name) => asFunction(name) === null);
  return unknown === undefined ? null : exportWords().activation(unknown);
}

interface CellCall {
  readonly standard: boolean;
  readonly kind: CellKind;
  readonly features: number;
  readonly units: number;
  readonly activation: string;
  readonly gate: string;
  readonly useBias: boolean;
  readonly peepholes: boolean;
  readonly resetAfter: boolean;
  readonly dropout: number;
  readonly recurrentDropout: number;
}

function callOf(cell: CellCall): string {
  const parts = [String(cell.features), String(cell.units)];
  if (!cell.useBias) parts.push("bias=False");
  if (cell.standard) {
    if (cell.kind === "simple" && cell.activation === "relu") parts.push('nonlinearity="relu"');
    return [...parts, "batch_first=True"].join(", ");
  }
  parts.push(`activation=${asFunction(cell.activation) ?? "None"}`);
  if (cell.kind !== "simple") parts.push(`gate=${asFunction(cell.gate) ?? "None"}`);
  if (cell.peepholes) parts.push(`peepholes=${boolean(true)}`);
  if (cell.kind === "gru" && cell.resetAfter) parts.push(`reset_after=${boolean(true)}`);
  if (cell.dropout > 0) parts.push(`dropout=${number(cell.dropout)}`);
  if (cell.recurrentDropout > 0) parts.push(`recurrent_dropout=${number(cell.recurrentDropout)}`);
  return parts.join(", ");
}

/** @param two whether the module has a bias of the input part and one of the recurrent part. */
function biases(
  cell: ExportedLayer,
  kind: CellKind,
  units: number,
  parameter: (name: string) => string,
  two: boolean,
): StateValue[] {
  const bias = weightOf(cell, "bias");
  const gates = { simple: 1, lstm: 4, gru: 3 }[kind];
  const width = gates * units;
  const row = (from: number) => {
    const values = bias.values.slice(from, from + width);
    return kind === "gru" ? resetFirst({ ...bias, shape: [1, width], values }).values : values;
  };
  const first = { name: parameter("bias_ih"), shape: [width], values: row(0) };
  if (!two) return [first];
  const second = bias.values.length === 2 * width ? row(width) : new Float32Array(width);
  return [first, { name: parameter("bias_hh"), shape: [width], values: second }];
}

/** Columns of the gates z, r, h in PyTorch's order r, z, n. */
function resetFirst<T extends { readonly shape: readonly number[]; readonly values: Float32Array }>(weight: T): T {
  const columns = weight.shape.at(-1) ?? 3;
  const units = columns / 3;
  const values = Float32Array.from(weight.values, (_, i) => {
    const column = i % columns;
    const swapped = column < units ? column + units : column < 2 * units ? column - units : column;
    return weight.values[i - column + swapped]!;
  });
  return { ...weight, values };
}
