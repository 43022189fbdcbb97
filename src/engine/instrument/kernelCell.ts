/** Decides which recurrent layers the fused kernels cover, and why they do not cover the others. */

import type { LayerVariable, layers, RNN } from "@tensorflow/tfjs-layers";
import { type Activation, isActivation } from "../../kernels/layout.ts";
import type { RecurrentSpec } from "../../kernels/spec.ts";
import { engineWords } from "../../messages/engine.ts";
import { activationName, isOn, numberAt, weightAt } from "../tfjs/internals.ts";

/** A recurrent layer that the kernels can run: its whole plan except for the sizes of a batch. */
export interface KernelCell {
  readonly spec: Omit<RecurrentSpec, "timesteps" | "batch" | "inputs" | "inputGradient">;
  /** Shares of the input's and of the state's entries that are dropped during training. */
  readonly dropout: { readonly input: number; readonly recurrent: number };
  /** Whether a mask may accompany its input. */
  readonly masked: boolean;
  /** In the order of the layer's own weights; read anew at every step. */
  readonly weights: readonly KernelWeight[];
}

export interface KernelWeight {
  /** The kernels' name of the weight. */
  readonly name: "kernel" | "recurrentKernel" | "bias" | "peepholes";
  readonly variable: LayerVariable;
}

/** The layer needs neither kernels nor taps: it implements its own backward pass and measures there. */
export interface OwnPass {
  readonly own: true;
  /** Why the kernels do not run it, as the middle of a sentence. */
  readonly because: string;
}

/** Whether the gradient-norm regularizer applies to a layer: its formula is that of one activation and an undropped state. */
export function canBeRegularized({ spec, dropout }: KernelCell): boolean {
  return spec.kind === "simpleRNN" && dropout.recurrent === 0;
}

/** Why tfjs's own loop runs a layer; for people, as the middle of a sentence. */
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

/** Linear if there is no activation. */
function nameAt(cell: layers.Layer, key: "activation" | "recurrentActivation"): string {
  return activationName(cell, key) ?? "linear";
}

function supported(name: string): Activation | null {
  return isActivation(name) ? name : null;
}

/** A cell and its place in its layer. */
export interface CellPlace {
  readonly cell: layers.Layer;
  /** Whether it reads the layer's input, and not the output of another cell. */
  readonly first: boolean;
  /** Whether its output has every timestep. */
  readonly sequences: boolean;
}

/**
 * The cells of a stack, each as a layer of its own. If one is not covered, none is.
 * @param rnn a built layer.
 */
export function stackedKernelCells(
  rnn: RNN,
  cells: readonly layers.Layer[],
  masked: boolean,
): readonly (KernelCell | NotCovered)[] {
  const found = cells.map((cell, i) => {
    const last = i === cells.length - 1;
    return kernelCell(rnn, masked, { cell, first: i === 0, sequences: !last || rnn.returnSequences });
  });
  const gap = found.find((cell) => "reason" in cell);
  if (!gap || !("reason" in gap)) return found;
  return found.map((cell) => ("reason" in cell ? cell : { reason: engineWords().ofStack(gap.reason) }));
}

/**
 * @param rnn a built layer.
 * @param masked whether a mask may accompany its input.
 * @param place of a cell in a stack; by default the layer's only cell.
 */
export function kernelCell(
  rnn: RNN,
  masked: boolean,
  { cell, first, sequences }: CellPlace = { cell: rnn.cell, first: true, sequences: rnn.returnSequences },
): KernelCell | NotCovered {
  const known = kinds[cell.getClassName()];
  if (!known) return { reason: engineWords().unknownCell(cell.getClassName()) };
  if (isOn(rnn, "stateful")) return { reason: engineWords().stateful };
  const units = numberAt(cell, "units");
  const activation = supported(nameAt(cell, "activation"));
  const recurrentActivation = known.kind === "simpleRNN" ? "linear" : supported(nameAt(cell, "recurrentActivation"));
  if (!activation) return { reason: engineWords().unknownActivation(String(nameAt(cell, "activation"))) };
  if (!recurrentActivation)
    return {
      reason: engineWords().unknownRecurrent(String(nameAt(cell, "recurrentActivation"))),
    };
  const useBias = isOn(cell, "useBias");
  const names: readonly KernelWeight["name"][] = [
    "kernel",
    "recurrentKernel",
    ...(useBias ? ["bias" as const] : []),
    ...(known.peepholes ? ["peepholes" as const] : []),
  ];
  if (units === null || (cell.weights.length !== names.length && !isOn(cell, "sharesWeights")))
    return { reason: engineWords().ownWeights };
  return {
    spec: {
      ...known,
      units,
      activation,
      recurrentActivation,
      useBias,
      // Outputs are in reading order, so only the first cell reads backwards.
      goBackwards: first && isOn(rnn, "goBackwards"),
      sequences,
    },
    dropout: { input: numberAt(cell, "dropout") ?? 0, recurrent: numberAt(cell, "recurrentDropout") ?? 0 },
    masked,
    weights: names.map((name) => ({ name, variable: weightAt(cell, name) })),
  };
}
