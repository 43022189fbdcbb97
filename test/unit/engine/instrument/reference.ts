/**
 * An independent implementation of the recurrent layers in plain float64, one sample at a time, with places to disturb
 * them: the known truth for gradients by central differences. Equations: Elman (simpleRNN), Hochreiter & Schmidhuber
 * with forget gate in tfjs's order i, f, c, o (lstm), with peepholes Gers & Schmidhuber (peepholeLstm), Cho et al. with
 * the reset gate before the matrix product (gru) or, as in cuDNN, after it (resetAfterGru).
 */

export type Kind = "simpleRNN" | "gru" | "resetAfterGru" | "lstm" | "peepholeLstm";
export type Matrix = readonly (readonly number[])[];

export interface ReferenceLayer {
  readonly kind: Kind;
  readonly kernel: Matrix;
  readonly recurrentKernel: Matrix;
  readonly bias: readonly number[];
  /** resetAfterGru: bias of the recurrent part. */
  readonly recurrentBias?: readonly number[];
  /** peepholeLstm: rows for the input, forget and output gate. */
  readonly peepholes?: Matrix;
  readonly goBackwards: boolean;
}

/** What to add, and where. `t` counts in reading order from 1. */
export type Disturbance = {
  readonly layer: ReferenceLayer;
  readonly t: number;
  readonly amount: number;
} & (
  | {
      /** Added to the state itself. */ readonly what: "state";
      readonly state: "h" | "c";
      readonly b: number;
      readonly u: number;
    }
  | {
      /** Added to the state of t − 1, but only as timestep t uses it (for c, also through h_{t−1}). */ readonly what: "edge";
      readonly state: "h" | "c";
      readonly b: number;
      readonly u: number;
    }
  | {
      /** Added to the recurrent kernel only at timestep t. */ readonly what: "kernel";
      readonly row: number;
      readonly column: number;
    }
);

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function product(x: readonly number[], w: Matrix, from: number, to: number): number[] {
  const result = new Array<number>(to - from).fill(0);
  for (let i = 0; i < x.length; i++) {
    const v = x[i]!;
    const row = w[i]!;
    for (let j = 0; j < result.length; j++) result[j]! += v * row[from + j]!;
  }
  return result;
}

export interface States {
  readonly h: readonly number[];
  /** Zeros except for an LSTM. */
  readonly c: readonly number[];
}

/** One sample: T × D inputs → T × H states h, in reading order. */
export function forward(
  layer: ReferenceLayer,
  inputs: Matrix,
  b: number,
  mask: readonly boolean[] | null,
  disturbance: Disturbance | null,
): (readonly number[])[] {
  return statesOf(layer, inputs, b, mask, disturbance, null).map(({ h }) => h);
}

/** All states of one sample, in reading order. @param begin null: zeros */
export function statesOf(
  layer: ReferenceLayer,
  inputs: Matrix,
  b: number,
  mask: readonly boolean[] | null,
  disturbance: Disturbance | null,
  begin: States | null,
): States[] {
  const n = layer.recurrentKernel.length;
  const here = disturbance?.layer === layer ? disturbance : null;
  let h: number[] = begin ? [...begin.h] : new Array<number>(n).fill(0);
  let c: number[] = begin ? [...begin.c] : new Array<number>(n).fill(0);
  /** How the last unmasked timestep made h from c; null if it did not. */
  let visible: ((c: readonly number[]) => number[]) | null = null;
  return inputs.map((x, index) => {
    const at = here?.t === index + 1 ? here : null;
    let u = layer.recurrentKernel;
    if (at?.what === "kernel") {
      u = u.map((row, i) => (i === at.row ? row.map((v, j) => (j === at.column ? v + at.amount : v)) : row));
    }
    const add = (values: number[], what: "state" | "edge", state: "h" | "c"): number[] =>
      at?.what === what && at.state === state && at.b === b
        ? values.map((v, i) => (i === at.u ? v + at.amount : v))
        : values;
    const c0 = add(c, "edge", "c");
    const moved = visible?.(c0);
    const unmoved = visible?.(c);
    const h0 = add(h, "edge", "h").map((v, i) => (moved && unmoved ? v + moved[i]! - unmoved[i]! : v));
    const pre = (from: number, state: readonly number[]): number[] => {
      const wx = product(x, layer.kernel, from * n, (from + 1) * n);
      const uh = product(state, u, from * n, (from + 1) * n);
      return wx.map((v, i) => v + uh[i]! + layer.bias[from * n + i]!);
    };
    if (mask && !mask[index]) {
      h = add(h0, "state", "h");
      c = add(c0, "state", "c");
    } else if (layer.kind === "simpleRNN") {
      h = add(pre(0, h0).map(Math.tanh), "state", "h");
    } else if (layer.kind === "resetAfterGru") {
      const part = (x: readonly number[], w: Matrix, b: readonly number[], gate: number): number[] =>
        product(x, w, gate * n, (gate + 1) * n).map((v, i) => v + b[gate * n + i]!);
      const ofInput = [0, 1, 2].map((gate) => part(x, layer.kernel, layer.bias, gate));
      const ofState = [0, 1, 2].map((gate) => part(h0, u, layer.recurrentBias!, gate));
      const z = ofInput[0]!.map((v, i) => sigmoid(v + ofState[0]![i]!));
      const r = ofInput[1]!.map((v, i) => sigmoid(v + ofState[1]![i]!));
      const candidate = ofInput[2]!.map((v, i) => Math.tanh(v + r[i]! * ofState[2]![i]!));
      h = add(
        h0.map((v, i) => z[i]! * v + (1 - z[i]!) * candidate[i]!),
        "state",
        "h",
      );
    } else if (layer.kind === "gru") {
      const z = pre(0, h0).map(sigmoid);
      const r = pre(1, h0).map(sigmoid);
      const candidate = pre(
        2,
        h0.map((v, i) => v * r[i]!),
      ).map(Math.tanh);
      h = add(
        h0.map((v, i) => z[i]! * v + (1 - z[i]!) * candidate[i]!),
        "state",
        "h",
      );
    } else {
      const peep = (gate: number, c: readonly number[]): number[] =>
        c.map((v, k) => v * (layer.peepholes?.[gate]?.[k] ?? 0));
      const sum = (a: readonly number[], b: readonly number[]): number[] => a.map((v, k) => v + b[k]!);
      const i = sum(pre(0, h0), peep(0, c0)).map(sigmoid);
      const f = sum(pre(1, h0), peep(1, c0)).map(sigmoid);
      const candidate = pre(2, h0).map(Math.tanh);
      const outputGate = pre(3, h0);
      visible = (of) => sum(outputGate, peep(2, of)).map((v, k) => sigmoid(v) * Math.tanh(of[k]!));
      c = add(
        c0.map((v, k) => f[k]! * v + i[k]! * candidate[k]!),
        "state",
        "c",
      );
      h = add(visible(c), "state", "h");
    }
    return { h, c };
  });
}

/** Layers side by side (one, or the two directions of a bidirectional layer), their outputs joined. */
export type Stage = readonly ReferenceLayer[];

export interface ReferenceNet {
  readonly stages: readonly Stage[];
  /** Whether the last stage returns sequences; all earlier stages do. */
  readonly returnSequences: boolean;
  /** A bidirectional stage reverses its backward outputs; a plain goBackwards layer does not. */
  readonly dense: { readonly kernel: Matrix; readonly bias: readonly number[] };
}

/** Mean squared error over samples and outputs, as the models under test compute it. */
export function loss(
  net: ReferenceNet,
  inputs: readonly Matrix[],
  targets: readonly (readonly number[])[],
  masks: readonly (readonly boolean[])[] | null,
  disturbance: Disturbance | null,
): number {
  let sum = 0;
  let count = 0;
  for (const [b, sample] of inputs.entries()) {
    const mask = masks?.[b] ?? null;
    let sequence: Matrix = sample;
    let last: readonly number[] = [];
    for (const stage of net.stages) {
      const runs = stage.map((layer) => {
        const read = layer.goBackwards ? [...sequence].reverse() : sequence;
        const readMask = mask && layer.goBackwards ? [...mask].reverse() : mask;
        return forward(layer, read, b, readMask, disturbance);
      });
      last = runs.flatMap((run) => run[run.length - 1]!);
      const placed = runs.map((run, i) => (stage.length > 1 && stage[i]!.goBackwards ? [...run].reverse() : run));
      sequence = placed[0]!.map((_, t) => placed.flatMap((run) => run[t]!));
    }
    const outputs = (net.returnSequences ? sequence : [last]).flatMap((h) =>
      product(h, net.dense.kernel, 0, net.dense.bias.length).map((v, i) => v + net.dense.bias[i]!),
    );
    outputs.forEach((y, i) => {
      sum += (y - targets[b]![i]!) ** 2;
      count++;
    });
  }
  return sum / count;
}
