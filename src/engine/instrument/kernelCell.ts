/** Which recurrent layers the fused kernels cover, and why they don't cover the others. */

import type { LayerVariable, layers, RNN } from "@tensorflow/tfjs-layers";
import type { Activation } from "../../kernels/layout.ts";
import type { RecurrentSpec } from "../../kernels/spec.ts";
import { activationName, internal, isOn, numberAt, weightAt } from "../tfjs/internals.ts";

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

/** Linear where there is no activation. */
function nameAt(cell: layers.Layer, key: "activation" | "recurrentActivation"): string {
  return activationName(cell, key) ?? "linear";
}

function supported(name: string): Activation | null {
  return activationNames.find((a) => a === name) ?? null;
}

/** What keeps a layer whose cell the kernels know from running in them. */
function obstacle(rnn: RNN, cell: layers.Layer, masked: boolean): string | null {
  if (isOn(rnn, "stateful")) return "it is stateful";
  if (isOn(rnn, "returnState")) return "it returns its states";
  if (rnn.inboundNodes.some((node) => node.inboundLayers.length > 1 || hasInitialState(node.callArgs)))
    return "another layer gives its initial state";
  if (["dropout", "recurrentDropout"].some((key) => (numberAt(cell, key) ?? 0) > 0)) return "it has dropout";
  if (masked) return "its input is masked";
  return null;
}

function hasInitialState(callArgs: unknown): boolean {
  return typeof callArgs === "object" && callArgs !== null && internal(callArgs, "initialState") != null;
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
  const units = numberAt(cell, "units");
  const activation = supported(nameAt(cell, "activation"));
  const recurrentActivation = known.kind === "simpleRNN" ? "linear" : supported(nameAt(cell, "recurrentActivation"));
  if (!activation) return { reason: `the kernels do not know the activation ${nameAt(cell, "activation")}` };
  if (!recurrentActivation)
    return {
      reason: `the kernels do not know the recurrent activation ${nameAt(cell, "recurrentActivation")}`,
    };
  const useBias = isOn(cell, "useBias");
  const names: readonly KernelWeight["name"][] = [
    "kernel",
    "recurrentKernel",
    ...(useBias ? ["bias" as const] : []),
    ...(known.peepholes ? ["peepholes" as const] : []),
  ];
  if (units === null || cell.weights.length !== names.length) return { reason: "it has weights of its own" };
  return {
    spec: {
      ...known,
      units,
      activation,
      recurrentActivation,
      useBias,
      goBackwards: isOn(rnn, "goBackwards"),
      sequences: rnn.returnSequences,
    },
    weights: names.map((name) => ({ name, variable: weightAt(cell, name) })),
  };
}
