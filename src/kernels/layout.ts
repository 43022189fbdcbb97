/** The recurrent layer's parameter block, by name, and the layout of its gates. */

import {
  ELU,
  EXPONENTIAL,
  GELU,
  GELU_NEW,
  HARD_SIGMOID,
  HARD_SIGMOID_6,
  HARD_SWISH,
  LEAKY_RELU,
  LINEAR,
  MISH,
  RELU,
  RELU6,
  SELU,
  SIGMOID,
  SOFTPLUS,
  SOFTSIGN,
  SWISH,
  TANH,
} from "./assembly/activationCodes.ts";
import {
  GRU,
  GRU_RESET_AFTER,
  Group,
  LSTM,
  Plan,
  SIMPLE_RNN,
  TO_BIAS,
  TO_KERNEL,
  TO_RECURRENT,
  TO_RECURRENT_BIAS,
  USES_RESET,
} from "./assembly/planBlock.ts";
import { fieldsOf } from "./blockFields.ts";

export const planFields = fieldsOf(new Plan());
export type PlanField = (typeof planFields)[number];

export const kinds = { simpleRNN: SIMPLE_RNN, lstm: LSTM, gru: GRU, gruResetAfter: GRU_RESET_AFTER } as const;
export type KernelKind = keyof typeof kinds;

export const activations = {
  linear: LINEAR,
  tanh: TANH,
  sigmoid: SIGMOID,
  relu: RELU,
  hardSigmoid: HARD_SIGMOID,
  relu6: RELU6,
  elu: ELU,
  selu: SELU,
  softsign: SOFTSIGN,
  softplus: SOFTPLUS,
  exponential: EXPONENTIAL,
  gelu: GELU,
  gelu_new: GELU_NEW,
  swish: SWISH,
  mish: MISH,
  hardSigmoid6: HARD_SIGMOID_6,
  hardSwish: HARD_SWISH,
  leakyRelu: LEAKY_RELU,
} as const;
export type Activation = keyof typeof activations;

/** Whether the kernels know an activation of this name (tfjs's names). */
export function isActivation(name: string): name is Activation {
  return Object.hasOwn(activations, name);
}

/** Whether the derivative of any of these has to be kept, because it does not follow from the output. */
export function isCurved(...names: readonly Activation[]): boolean {
  return names.some((name) => activations[name] >= GELU);
}

/** Samples per panel, rows per weight tile, columns per gradient tile. */
export const lanes = 8;
export const tileRows = 5;
export const tileColumns = 8;

/** A group of gates (see assembly/planBlock.ts). */
export type GateGroup = Readonly<Group>;

const groupFields = fieldsOf(new Group());

/** The groups as the kernels read them: their 32-bit fields, one group after another. */
export function groupTable(groups: readonly GateGroup[]): readonly number[] {
  return groups.flatMap((group) => groupFields.map((field) => group[field]));
}

export function roundUp(n: number, unit: number): number {
  return Math.ceil(n / unit) * unit;
}

/** Gates (columns of the kernel) per unit. */
export function gateCount(kind: KernelKind): number {
  return { simpleRNN: 1, lstm: 4, gru: 3, gruResetAfter: 3 }[kind];
}

/** The layout of a kind's gates in z (see assembly/planBlock.ts). */
export function gateGroups(kind: KernelKind, units: number): GateGroup[] {
  const groups: GateGroup[] = [];
  const add = (count: number, column: number, flags: number): void => {
    const last = groups.at(-1);
    groups.push({
      zStart: last ? last.zStart + roundUp(last.count, tileRows) : 0,
      count,
      column,
      flags,
      firstPanel: last ? last.firstPanel + Math.ceil(last.count / tileColumns) : 0,
    });
  };
  const both = TO_KERNEL | TO_RECURRENT | TO_BIAS;
  if (kind === "simpleRNN") add(units, 0, both);
  else if (kind === "lstm") add(4 * units, 0, both);
  else if (kind === "gru") {
    add(2 * units, 0, both);
    add(units, 2 * units, both | USES_RESET);
  } else {
    add(2 * units, 0, both | TO_RECURRENT_BIAS);
    add(units, 2 * units, TO_RECURRENT | TO_RECURRENT_BIAS);
    add(units, 2 * units, TO_KERNEL | TO_BIAS);
  }
  return groups;
}
