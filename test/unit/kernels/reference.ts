/**
 * Recurrent layers in float64, one scalar at a time, written from the equations (Elman 1990; Hochreiter & Schmidhuber
 * 1997 with Gers & Schmidhuber's peepholes; Cho et al. 2014 and the resetAfter form of cuDNN/Keras): the truth for the
 * kernels.
 */

import type { RecurrentSpec } from "../../../src/kernels/spec.ts";

export interface Arrays {
  x: Float32Array;
  kernel: Float32Array;
  recurrentKernel: Float32Array;
  bias?: Float32Array | undefined;
  peepholes?: Float32Array | undefined;
  h0?: Float32Array | undefined;
  c0?: Float32Array | undefined;
  dSequence?: Float32Array | undefined;
  dh?: Float32Array | undefined;
  dc?: Float32Array | undefined;
}

type Act = NonNullable<RecurrentSpec["recurrentActivation"]>;

export function act(kind: Act, x: number): number {
  if (kind === "tanh") return Math.tanh(x);
  if (kind === "sigmoid") return 1 / (1 + Math.exp(-x));
  if (kind === "relu") return Number.isNaN(x) ? x : Math.max(x, 0);
  if (kind === "hardSigmoid") return Math.min(1, Math.max(0, 0.2 * x + 0.5));
  if (kind === "relu6") return Math.min(6, Math.max(0, x));
  if (kind === "elu") return x > 0 ? x : Math.expm1(x);
  if (kind === "selu") return x > 0 ? 1.0507009873554805 * x : 1.7580993408473766 * Math.expm1(x);
  if (kind === "softsign") return x / (1 + Math.abs(x));
  if (kind === "softplus") return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  if (kind === "exponential") return Math.exp(x);
  if (kind === "gelu") return x * normalShare(x);
  if (kind === "gelu_new") return (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
  if (kind === "swish") return x * act("sigmoid", x);
  if (kind === "mish") return x * Math.tanh(act("softplus", x));
  if (kind === "hardSigmoid6") return Math.min(1, Math.max(0, x / 6 + 0.5));
  if (kind === "hardSwish") return x * act("hardSigmoid6", x);
  if (kind === "leakyRelu") return Math.max(x, 0.2 * x);
  return x;
}

/** The normal distribution's Φ, by Simpson's rule. */
function normalShare(at: number): number {
  const n = 200;
  const x = Math.max(-9, Math.min(9, at));
  const density = (v: number): number => Math.exp((-v * v) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(x);
  for (let i = 1; i < n; i++) sum += (i % 2 ? 4 : 2) * density((x * i) / n);
  return 0.5 + (sum * x) / (3 * n);
}

/** @param y the activation's value at x. */
function slope(kind: Act, y: number, x: number): number {
  if (kind === "tanh") return 1 - y * y;
  if (kind === "sigmoid") return y * (1 - y);
  if (kind === "relu") return y > 0 ? 1 : 0;
  if (kind === "hardSigmoid") return y > 0 && y < 1 ? 0.2 : 0;
  if (kind === "relu6") return y > 0 && y < 6 ? 1 : 0;
  if (kind === "hardSigmoid6") return y > 0 && y < 1 ? 1 / 6 : 0;
  if (kind === "hardSwish") return act("hardSigmoid6", x) + (Math.abs(x) < 3 ? x / 6 : 0);
  if (kind === "leakyRelu") return y > 0 ? 1 : 0.2;
  if (kind === "elu") return y > 0 ? 1 : y + 1;
  if (kind === "selu") return y > 0 ? 1.0507009873554805 : y + 1.7580993408473766;
  if (kind === "softsign") return (1 - Math.abs(y)) ** 2;
  if (kind === "softplus") return -Math.expm1(-y);
  if (kind === "exponential") return y;
  if (["gelu", "gelu_new", "swish", "mish"].includes(kind)) {
    // These are smooth: a difference of high order is exact enough.
    const [h, at] = [1e-2, (by: number): number => act(kind, x + by)];
    return (45 * (at(h) - at(-h)) - 9 * (at(2 * h) - at(-2 * h)) + at(3 * h) - at(-3 * h)) / (60 * h);
  }
  return 1;
}

const zeros = (n: number): Float64Array => new Float64Array(n);
/** L2 norm without underflow of the squares. */
const norm = (v: Float64Array): number => {
  const max = v.reduce((m, a) => Math.max(m, Math.abs(a)), 0);
  return max === 0 ? 0 : max * Math.sqrt(v.reduce((s, a) => s + (a / max) ** 2, 0));
};

export function reference(spec: RecurrentSpec, a: Arrays) {
  const { timesteps: T, batch: B, inputs: D, units: H, activation } = spec;
  const gateAct = spec.recurrentActivation ?? "hardSigmoid";
  const gru = spec.kind === "gru";
  const lstm = spec.kind === "lstm";
  const after = spec.resetAfter ?? false;
  const G = (lstm ? 4 : gru ? 3 : 1) * H;
  const P = (gate: number, j: number): number => a.peepholes?.[gate * H + j] ?? 0;
  const W = (d: number, g: number): number => a.kernel[d * G + g]!;
  const U = (i: number, g: number): number => a.recurrentKernel[i * G + g]!;
  const X = (b: number, t: number, d: number): number => a.x[(b * T + (spec.goBackwards ? T - 1 - t : t)) * D + d]!;

  const h = Array.from({ length: T + 1 }, () => zeros(B * H));
  const c = Array.from({ length: T + 1 }, () => zeros(B * H));
  const gates = Array.from({ length: T }, () => zeros(B * G));
  /** Pre-activations of the gates. */
  const inner = Array.from({ length: T }, () => zeros(B * G));
  const recurrentPart = Array.from({ length: T }, () => zeros(B * H));
  if (a.h0) h[0]!.set(a.h0);
  if (a.c0) c[0]!.set(a.c0);

  for (let t = 0; t < T; t++) {
    const before = h[t]!;
    const now = h[t + 1]!;
    const z = gates[t]!;
    const q = inner[t]!;
    for (let b = 0; b < B; b++) {
      const through = (kind: Act, g: number, x: number): number => {
        q[b * G + g] = x;
        return act(kind, x);
      };
      const pre = (g: number, state: (i: number) => number, biasRows: readonly number[]): number => {
        let s = 0;
        for (const r of biasRows) s += a.bias?.[r * G + g] ?? 0;
        for (let i = 0; i < H; i++) s += state(i) * U(i, g);
        return s;
      };
      const input = (g: number): number => {
        let s = 0;
        for (let d = 0; d < D; d++) s += X(b, t, d) * W(d, g);
        return s;
      };
      const old = (i: number): number => before[b * H + i]!;
      const rows = after ? [0, 1] : [0];
      for (let j = 0; j < H; j++) {
        const at = b * H + j;
        if (spec.kind === "simpleRNN") now[at] = through(activation, j, input(j) + pre(j, old, rows));
        else if (lstm) {
          const i = through(gateAct, j, input(j) + pre(j, old, rows) + P(0, j) * c[t]![at]!);
          const f = through(gateAct, H + j, input(H + j) + pre(H + j, old, rows) + P(1, j) * c[t]![at]!);
          const g = through(activation, 2 * H + j, input(2 * H + j) + pre(2 * H + j, old, rows));
          c[t + 1]![at] = f * c[t]![at]! + i * g;
          const o = through(
            gateAct,
            3 * H + j,
            input(3 * H + j) + pre(3 * H + j, old, rows) + P(2, j) * c[t + 1]![at]!,
          );
          now[at] = o * act(activation, c[t + 1]![at]!);
          for (const [k, value] of [i, f, g, o].entries()) z[b * G + k * H + j] = value;
        } else {
          z[b * G + j] = through(gateAct, j, input(j) + pre(j, old, rows));
          z[b * G + H + j] = through(gateAct, H + j, input(H + j) + pre(H + j, old, rows));
        }
      }
      if (!gru) continue;
      for (let j = 0; j < H; j++) {
        const g = 2 * H + j;
        const r = z[b * G + H + j]!;
        let s: number;
        if (after) {
          recurrentPart[t]![b * H + j] = pre(g, old, [1]);
          s = input(g) + (a.bias?.[g] ?? 0) + r * recurrentPart[t]![b * H + j]!;
        } else s = input(g) + pre(g, (i) => z[b * G + H + i]! * old(i), [0]);
        const candidate = through(activation, g, s);
        z[b * G + g] = candidate;
        const update = z[b * G + j]!;
        now[b * H + j] = update * old(j) + (1 - update) * candidate;
      }
    }
  }

  const dx = zeros(B * T * D);
  const dW = zeros(D * G);
  const dU = zeros(H * G);
  const db = zeros((after ? 2 : 1) * G);
  const dP = zeros(3 * H);
  let back = zeros(B * H);
  let backC = zeros(B * H);
  if (a.dc) backC.set(a.dc);
  const normH = zeros(T);
  const normC = zeros(T);
  const sampleNormH = zeros(T * B);
  const gainH = zeros(T);
  const gainC = zeros(T);
  const contribution = zeros(T);
  for (let t = T - 1; t >= 0; t--) {
    const d = back.slice();
    for (let b = 0; b < B; b++)
      for (let j = 0; j < H; j++)
        d[b * H + j]! += (a.dSequence?.[(b * T + t) * H + j] ?? 0) + (t === T - 1 ? (a.dh?.[b * H + j] ?? 0) : 0);
    const z = gates[t]!;
    const q = inner[t]!;
    // Gradients of the pre-activations: of the input part, of the recurrent part, and of the factor of the recurrent
    // part.
    const aIn = zeros(B * G);
    const aRec = zeros(B * G);
    const next = zeros(B * H);
    const nextC = zeros(B * H);
    const dC = zeros(B * H);
    // What timestep t + 1 sends to c_t, including the path through h_t.
    const edgeC = zeros(B * H);
    const operand = (b: number, i: number, g: number): number =>
      h[t]![b * H + i]! * (gru && !after && g >= 2 * H ? z[b * G + H + i]! : 1);
    for (let b = 0; b < B; b++) {
      const set = (g: number, value: number): void => {
        aIn[b * G + g] = value;
        aRec[b * G + g] = value;
      };
      for (let j = 0; j < H; j++) {
        const at = b * H + j;
        const dh = d[at]!;
        if (spec.kind === "simpleRNN") set(j, dh * slope(activation, h[t + 1]![at]!, q[b * G + j]!));
        else if (lstm) {
          const [i, f, g, o] = [0, 1, 2, 3].map((k) => z[b * G + k * H + j]!) as [number, number, number, number];
          const pre = (k: number): number => q[b * G + k * H + j]!;
          const state = c[t + 1]![at]!;
          const y = act(activation, state);
          const aO = dh * y * slope(gateAct, o, pre(3));
          const total = backC[at]! + dh * o * slope(activation, y, state) + aO * P(2, j);
          dC[at] = total;
          const r = back[at]!;
          edgeC[at] = backC[at]! + r * o * slope(activation, y, state) + r * y * slope(gateAct, o, pre(3)) * P(2, j);
          const aI = total * g * slope(gateAct, i, pre(0));
          const aF = total * c[t]![at]! * slope(gateAct, f, pre(1));
          set(j, aI);
          set(H + j, aF);
          set(2 * H + j, total * i * slope(activation, g, pre(2)));
          set(3 * H + j, aO);
          nextC[at] = total * f + aI * P(0, j) + aF * P(1, j);
          dP[j]! += aI * c[t]![at]!;
          dP[H + j]! += aF * c[t]![at]!;
          dP[2 * H + j]! += aO * c[t + 1]![at]!;
        } else {
          const update = z[b * G + j]!;
          const candidate = z[b * G + 2 * H + j]!;
          set(j, dh * (h[t]![at]! - candidate) * slope(gateAct, update, q[b * G + j]!));
          set(2 * H + j, dh * (1 - update) * slope(activation, candidate, q[b * G + 2 * H + j]!));
          next[at]! += dh * update;
        }
      }
      if (!gru) continue;
      for (let j = 0; j < H; j++) {
        const r = z[b * G + H + j]!;
        const g = 2 * H + j;
        if (after) {
          set(H + j, aIn[b * G + g]! * recurrentPart[t]![b * H + j]! * slope(gateAct, r, q[b * G + H + j]!));
          aRec[b * G + g] = aIn[b * G + g]! * r;
        } else {
          let through = 0;
          for (let k = 0; k < H; k++) through += U(j, 2 * H + k) * aIn[b * G + 2 * H + k]!;
          set(H + j, through * h[t]![b * H + j]! * slope(gateAct, r, q[b * G + H + j]!));
          next[b * H + j]! += through * r;
        }
      }
    }
    const dUt = zeros(H * G);
    for (let b = 0; b < B; b++) {
      for (let g = 0; g < G; g++) {
        const aI = aIn[b * G + g]!;
        const aR = aRec[b * G + g]!;
        const throughReset = gru && !after && g >= 2 * H;
        for (let i = 0; i < H; i++) {
          dUt[i * G + g]! += operand(b, i, g) * aR;
          if (!throughReset) next[b * H + i]! += U(i, g) * aR;
        }
        for (let k = 0; k < D; k++) {
          dW[k * G + g]! += X(b, t, k) * aI;
          dx[(b * T + (spec.goBackwards ? T - 1 - t : t)) * D + k]! += W(k, g) * aI;
        }
        db[g]! += aI;
        if (after) db[G + g]! += aR;
      }
    }
    for (let i = 0; i < dU.length; i++) dU[i]! += dUt[i]!;
    contribution[t] = norm(dUt);
    normH[t] = norm(d);
    for (let b = 0; b < B; b++) sampleNormH[t * B + b] = norm(d.subarray(b * H, (b + 1) * H));
    normC[t] = norm(dC);
    gainH[t] = norm(next) / norm(d);
    if (t === 0) gainC[0] = norm(nextC) / normC[0]!;
    if (t < T - 1) gainC[t + 1] = norm(edgeC) / normC[t + 1]!;
    back = next;
    backC = nextC;
  }
  const share = (gate: number, test: (v: number) => boolean): Float64Array =>
    Float64Array.from(gates, (z) => {
      let n = 0;
      for (let b = 0; b < B; b++) for (let j = 0; j < H; j++) n += Number(test(Math.fround(z[b * G + gate * H + j]!)));
      return n / (B * H);
    });
  const gateShares = (lstm ? [0, 1, 3] : gru ? [0, 1] : []).map((gate) => ({
    low: share(gate, (v) => v < Math.fround(0.1)),
    high: share(gate, (v) => v > Math.fround(0.9)),
  }));
  const keep = lstm ? H : 0;
  const timescale = Float64Array.from(gates, (z) => {
    let sum = 0;
    for (let b = 0; b < B; b++) for (let j = 0; j < H; j++) sum += 1 / (1 - z[b * G + keep + j]!);
    return sum / (B * H);
  });
  const sequence = zeros(B * T * H);
  for (let t = 0; t < T; t++)
    for (let b = 0; b < B; b++) sequence.set(h[t + 1]!.subarray(b * H, (b + 1) * H), (b * T + t) * H);
  const forward = { h: h[T]!, c: c[T]!, sequence, gates };
  const gradients = { x: dx, kernel: dW, recurrentKernel: dU, bias: db, peepholes: dP, h0: back, c0: backC };
  return {
    forward,
    gradients,
    measured: { normH, normC, sampleNormH, gainH, gainC, contribution, gates: gateShares, timescale },
  };
}
