/** Which recurrent layers the fused kernels cover, and why they don't cover the others. */

import type { LayerVariable, layers, RNN } from "@tensorflow/tfjs-layers";
import type { Activation } from "../../kernels/layout.ts";
import type { RecurrentSpec } from "../../kernels/spec.ts";

/** A recurrent layer the kernels can run: everything of its plan but the sizes of a batch. */
export interface KernelCell {
  readonly spec: Omit<RecurrentSpec, "timesteps" | "batch" | "inputs" | "inputGradient">;
  /** In the order of the layer's own; read anew at every step. */
  readonly weights: readonly KernelWeight[];
}

export interface KernelWeight {
  /** What the kernels call it. */
  readonly name: "kernel" | "recurrentKernel" | "bias" | "peepholes";
  readonly variable: LayerVariable;
}

/** The layer needs neither kernels nor taps: it walks back itself, and measures on the way. */
export interface OwnPass {
  readonly own: true;
}

/** Why tfjs's own loop runs a layer; for people, in the middle of a sentence. */
export interface NotCovered {
  readonly reason: string;
}

const kinds: { readonly [className: string]: Pick<RecurrentSpec, "kind" | "peepholes" | "resetAfter"> } = {
  SimpleRNNCell: { kind: "simpleRNN" },
  LSTMCell: { kind: "lstm" },
  PeepholeLSTMCell: { kind: "lstm", peepholes: true },
  GRUCell: { kind: "gru" },
  ResetAfterGRUCell: { kind: "gru", resetAfter: true },
};
const activationNames: readonly Activation[] = ["linear", "tanh", "sigmoid", "relu", "hardSigmoid"];

/** The activation's tfjs name; linear where there is none. */
function activationName(cell: layers.Layer, key: string): string {
  const activation: unknown = Reflect.get(cell, key);
  if (typeof activation !== "object" || activation === null || !("getClassName" in activation)) return "linear";
  const { getClassName } = activation;
  return typeof getClassName === "function" ? String(Reflect.apply(getClassName, activation, [])) : "linear";
}

function supported(name: string): Activation | null {
  return activationNames.find((a) => a === name) ?? null;
}

function isPositive(value: unknown): boolean {
  return typeof value === "number" && value > 0;
}

/** What keeps a layer whose cell the kernels know from running in them. */
function obstacle(rnn: RNN, cell: layers.Layer, masked: boolean): string | null {
  const flag = (key: string): boolean => Reflect.get(rnn, key) === true;
  if (flag("stateful")) return "it is stateful";
  if (flag("returnState")) return "it returns its states";
  if (rnn.inboundNodes.some((node) => node.inboundLayers.length > 1 || hasInitialState(node.callArgs)))
    return "another layer gives its initial state";
  if (isPositive(Reflect.get(cell, "dropout")) || isPositive(Reflect.get(cell, "recurrentDropout")))
    return "it has dropout";
  if (masked) return "its input is masked";
  return null;
}

function hasInitialState(callArgs: unknown): boolean {
  return typeof callArgs === "object" && callArgs !== null && Reflect.get(callArgs, "initialState") != null;
}

/**
 * @param rnn a built layer.
 * @param masked whether a mask may arrive with its input.
 */
export function kernelCell(rnn: RNN, masked: boolean): KernelCell | NotCovered {
  const cell: layers.Layer = rnn.cell;
  const known = kinds[cell.getClassName()];
  if (!known) return { reason: `the kernels do not know ${cell.getClassName()}` };
  const reason = obstacle(rnn, cell, masked);
  if (reason !== null) return { reason };
  const units: unknown = Reflect.get(cell, "units");
  const activation = supported(activationName(cell, "activation"));
  const recurrentActivation =
    known.kind === "simpleRNN" ? "linear" : supported(activationName(cell, "recurrentActivation"));
  if (!activation) return { reason: `the kernels do not know the activation ${activationName(cell, "activation")}` };
  if (!recurrentActivation)
    return {
      reason: `the kernels do not know the recurrent activation ${activationName(cell, "recurrentActivation")}`,
    };
  const useBias = Reflect.get(cell, "useBias") === true;
  const names: readonly KernelWeight["name"][] = [
    "kernel",
    "recurrentKernel",
    ...(useBias ? ["bias" as const] : []),
    ...(known.peepholes ? ["peepholes" as const] : []),
  ];
  if (typeof units !== "number" || cell.weights.length !== names.length) return { reason: "it has weights of its own" };
  return {
    spec: {
      ...known,
      units,
      activation,
      recurrentActivation,
      useBias,
      goBackwards: Reflect.get(rnn, "goBackwards") === true,
      sequences: rnn.returnSequences,
    },
    weights: names.map((name) => ({ name, variable: weightOf(cell, name) })),
  };
}

function weightOf(cell: layers.Layer, key: string): LayerVariable {
  const variable: unknown = Reflect.get(cell, key);
  const found = cell.weights.find((weight) => weight === variable);
  if (!found) throw new Error(`The cell of ${cell.name} has no ${key}.`);
  return found;
}
