/**
 * An independent Neural Turing Machine in plain float64, one sample at a time and without regard for speed, with places
 * to disturb it: the known truth for gradients by central differences. Graves, Wayne & Danihelka 2014, equations 2 to
 * 9; heads read after they have written.
 */

import type { StateName } from "../../../../src/protocol/run.ts";

export type Matrix = readonly (readonly number[])[];

export interface ReferenceMemory {
  readonly controller: "lstm" | "simpleRNN";
  readonly units: number;
  readonly readHeads: number;
  readonly writeHeads: number;
  readonly locationAddressing: boolean;
  readonly goBackwards: boolean;
  readonly kernel: Matrix;
  readonly recurrentKernel: Matrix;
  readonly bias: readonly number[];
  readonly headKernel: Matrix;
  readonly headBias: readonly number[];
  readonly memory: Matrix;
}

/**
 * `state`: added to a state of timestep t (1-based, reading order) as soon as it is made. `edge`: added to a state of t
 * − 1 and to everything that it makes in its own timestep, but only as timestep t uses it.
 */
export interface Disturbance {
  readonly what: "state" | "edge";
  readonly state: StateName;
  readonly t: number;
  readonly b: number;
  readonly index: number;
  readonly amount: number;
}

interface States {
  readonly h: readonly number[];
  readonly c: readonly number[];
  readonly m: Matrix;
  readonly read: Matrix;
  /** Weightings of every head, write heads first. */
  readonly weightings: Matrix;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.log(1 + Math.exp(x));
const sum = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0);
const dot = (a: readonly number[], b: readonly number[]): number => sum(a.map((v, i) => v * b[i]!));
const softmax = (x: readonly number[]): number[] => {
  const e = x.map(Math.exp);
  return e.map((v) => v / sum(e));
};
const affine = (x: readonly number[], w: Matrix, bias: readonly number[]): number[] =>
  bias.map((v, j) => v + sum(x.map((u, i) => u * w[i]![j]!)));

type Add = (state: StateName, values: readonly number[]) => readonly number[];

function weighting(net: ReferenceMemory, p: readonly number[], m: Matrix, former: readonly number[]): number[] {
  const width = m[0]!.length;
  const key = p.slice(0, width).map(Math.tanh);
  const norm = (x: readonly number[]): number => Math.sqrt(dot(x, x) + 1e-6);
  const content = softmax(m.map((slot) => (softplus(p[width]!) * dot(key, slot)) / (norm(key) * norm(slot))));
  if (!net.locationAddressing) return content;
  const gate = sigmoid(p[width + 1]!);
  const gated = content.map((w, i) => gate * w + (1 - gate) * former[i]!);
  const shift = softmax(p.slice(width + 2, width + 5));
  const n = gated.length;
  // shift[0] looks one slot back, shift[2] one forward.
  const shifted = gated.map((_, i) => sum(shift.map((s, j) => s * gated[(i - (j - 1) + n) % n]!)));
  const sharp = shifted.map((w) => w ** (1 + softplus(p[width + 5]!)));
  return sharp.map((w) => w / sum(sharp));
}

/** The part of a timestep that follows c: h, the heads, M, the read vectors. `add` may disturb each as it is made. */
function fromCell(
  net: ReferenceMemory,
  c: readonly number[],
  o: readonly number[] | null,
  hidden: readonly number[],
  before: States,
  add: Add,
): States {
  const h = add("h", o ? c.map((v, i) => o[i]! * Math.tanh(v)) : hidden);
  const parameters = affine(h, net.headKernel, net.headBias);
  const width = net.memory[0]!.length;
  const size = width + 1 + (net.locationAddressing ? 5 : 0);
  const writes = Array.from({ length: net.writeHeads }, (_, head) => {
    const p = parameters.slice(head * (size + 2 * width), (head + 1) * (size + 2 * width));
    return {
      w: weighting(net, p, before.m, before.weightings[head]!),
      erase: p.slice(size, size + width).map(sigmoid),
      add: p.slice(size + width).map(Math.tanh),
    };
  });
  const written = before.m.map((slot, i) =>
    slot.map(
      (v, k) =>
        writes.reduce((left, { w, erase }) => left * (1 - w[i]! * erase[k]!), v) +
        sum(writes.map(({ w, add: content }) => w[i]! * content[k]!)),
    ),
  );
  const flat = add("m", written.flat());
  const m = written.map((slot, i) => slot.map((_, k) => flat[i * width + k]!));
  const readAt = net.writeHeads * (size + 2 * width);
  const reads = Array.from({ length: net.readHeads }, (_, head) =>
    weighting(net, parameters.slice(readAt + head * size), m, before.weightings[net.writeHeads + head]!),
  );
  const read = reads.map((w) => m[0]!.map((_, k) => sum(w.map((share, i) => share * m[i]![k]!))));
  return { h, c, m, read, weightings: [...writes.map(({ w }) => w), ...reads] };
}

/** One sample: T × D inputs → T × (units + readHeads × width) outputs, in reading order. */
export function run(net: ReferenceMemory, inputs: Matrix, b: number, disturbance: Disturbance | null): number[][] {
  const n = net.units;
  const heads = net.writeHeads + net.readHeads;
  const zeros = (length: number): number[] => new Array<number>(length).fill(0);
  const addAt =
    (what: Disturbance["what"], t: number): Add =>
    (state, values) =>
      disturbance?.what === what && disturbance.t === t && disturbance.b === b && disturbance.state === state
        ? values.map((v, i) => (i === disturbance.index ? v + disturbance.amount : v))
        : values;
  let states: States = {
    h: zeros(n),
    c: zeros(n),
    m: net.memory,
    read: Array.from({ length: net.readHeads }, () => zeros(net.memory[0]!.length)),
    weightings: Array.from({ length: heads }, () => net.memory.map((_, i) => (i === 0 ? 1 : 0))),
  };
  /** Makes the states of the previous timestep again, disturbed. */
  let remake = (add: Add): States => {
    const width = net.memory[0]!.length;
    const flat = add("m", net.memory.flat());
    return {
      ...states,
      h: add("h", states.h),
      c: add("c", states.c),
      m: net.memory.map((slot, i) => slot.map((_, k) => flat[i * width + k]!)),
    };
  };
  const sequence = net.goBackwards ? [...inputs].reverse() : inputs;
  return sequence.map((x, index) => {
    const t = index + 1;
    const used =
      disturbance?.what === "edge" && disturbance.t === t && disturbance.b === b ? remake(addAt("edge", t)) : states;
    const recurrent = affine([...used.h, ...used.read.flat()], net.recurrentKernel, net.bias);
    const pre = affine(x, net.kernel, recurrent);
    const gate = (g: number): number[] => pre.slice(g * n, (g + 1) * n);
    const lstm = net.controller === "lstm";
    const [i, f, candidate] = [gate(0).map(sigmoid), gate(1).map(sigmoid), gate(2).map(Math.tanh)];
    const o = lstm ? gate(3).map(sigmoid) : null;
    const cell = lstm ? used.c.map((v, u) => f[u]! * v + i[u]! * candidate[u]!) : [];
    remake = (add) => fromCell(net, add("c", cell), o, gate(0).map(Math.tanh), used, add);
    states = remake(addAt("state", t));
    return [...states.h, ...states.read.flat()];
  });
}
