/** The parameter block of `assembly/plan.ts`, field by field, and the codes used in it. */

export const planFields = [
  "kind",
  "T",
  "B",
  "D",
  "H",
  "panels",
  "K",
  "G",
  "zRows",
  "activation",
  "recurrentActivation",
  "reversed",
  "detailed",
  "peephole",
  "useBias",
  "groups",
  "truncate",
  "x",
  "w",
  "u",
  "bias",
  "peepholes",
  "h0",
  "c0",
  "y",
  "hT",
  "cT",
  "dy",
  "dhT",
  "dcT",
  "dx",
  "dw",
  "du",
  "dbias",
  "dpeepholes",
  "dh0",
  "dc0",
  "forwardWeights",
  "backwardWeights",
  "inputWeights",
  "s",
  "z",
  "c",
  "tc",
  "rh",
  "sStride",
  "zStride",
  "cStride",
  "tcStride",
  "rhStride",
  "rec",
  "recC",
  "direct",
  "scratch",
  "dxRows",
  "peepholeSums",
  "factors",
  "exponent",
  "squaresH",
  "squaresC",
  "edgeSquaresH",
  "edgeExponentH",
  "edgeSquaresC",
  "edgeExponentC",
  "nonFiniteH",
  "nonFiniteC",
  "gates",
  "tiles",
  "columnPanels",
  "workers",
  "packing",
  "packingStride",
  "blockTimesteps",
  "squares",
  "squaresStride",
  "statistics",
  "sorting",
  "groupTable",
  "starts",
  "first",
  "panelStarts",
  "recurrentMask",
  "hOut",
  "hOutStride",
] as const;

export type PlanField = (typeof planFields)[number];

export const kinds = { simpleRNN: 0, lstm: 1, gru: 2, gruResetAfter: 3 } as const;
export type KernelKind = keyof typeof kinds;

export const activations = {
  linear: 0,
  tanh: 1,
  sigmoid: 2,
  relu: 3,
  hardSigmoid: 4,
  relu6: 5,
  elu: 6,
  selu: 7,
  softsign: 8,
  softplus: 9,
  exponential: 10,
} as const;
export type Activation = keyof typeof activations;

/** Whether the kernels know an activation of this name (tfjs's names). */
export function isActivation(name: string): name is Activation {
  return Object.hasOwn(activations, name);
}

/** Samples per panel, rows per weight tile, columns per gradient tile. */
export const lanes = 8;
export const tileRows = 6;
export const tileColumns = 8;

const toKernel = 1;
const toRecurrent = 2;
const usesReset = 4;
const toBias = 8;
const toRecurrentBias = 16;

/**
 * A group of gates: first row in z, number of rows, first column of the kernels, destination of its products, first
 * column panel.
 */
export interface GateGroup {
  readonly zStart: number;
  readonly count: number;
  readonly column: number;
  readonly flags: number;
  readonly firstPanel: number;
}

export function roundUp(n: number, unit: number): number {
  return Math.ceil(n / unit) * unit;
}

/** Gates (columns of the kernel) per unit. */
export function gateCount(kind: KernelKind): number {
  return { simpleRNN: 1, lstm: 4, gru: 3, gruResetAfter: 3 }[kind];
}

/** The layout of a kind's gates in z (see assembly/plan.ts). */
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
  const both = toKernel | toRecurrent | toBias;
  if (kind === "simpleRNN") add(units, 0, both);
  else if (kind === "lstm") add(4 * units, 0, both);
  else if (kind === "gru") {
    add(2 * units, 0, both);
    add(units, 2 * units, both | usesReset);
  } else {
    add(2 * units, 0, both | toRecurrentBias);
    add(units, 2 * units, toRecurrent | toRecurrentBias);
    add(units, 2 * units, toKernel | toBias);
  }
  return groups;
}
