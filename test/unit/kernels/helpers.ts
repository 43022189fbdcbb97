import { cachedKernels } from "../../../src/kernels/build.mjs";
import { type KernelOptions, type Kernels, loadKernels } from "../../../src/kernels/kernels.ts";
import type { RecurrentSpec } from "../../../src/kernels/spec.ts";
import type { Arrays } from "./reference.ts";

/** Null only if a requested variant is not supported by this JavaScript engine. */
export async function kernelsForTest(options: KernelOptions = {}): Promise<Kernels | null> {
  return await loadKernels(await cachedKernels(), options);
}

/** Kernels on the calling thread alone, unless `threads` says otherwise. */
export async function someKernels(threads = 1): Promise<Kernels> {
  const kernels = await kernelsForTest({ threads });
  if (!kernels) throw new Error("This engine has no WebAssembly SIMD.");
  return kernels;
}

/** Kernels that share every task between two running threads. */
export function twoThreads(): Promise<Kernels> {
  return runningThreads(2);
}

/** Kernels that share every task between running threads, however few processors there are. */
export async function runningThreads(count: number): Promise<Kernels> {
  const kernels = await someKernels(count);
  while (kernels.threads < count) await new Promise((resolve) => setTimeout(resolve, 5));
  kernels.tasks.threads = "always";
  return kernels;
}

/** Mulberry32. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function uniform(next: () => number, length: number, size: number): Float32Array {
  return Float32Array.from({ length }, () => (2 * next() - 1) * size);
}

export function gatesOf(spec: RecurrentSpec): number {
  return { simpleRNN: 1, lstm: 4, gru: 3 }[spec.kind] * spec.units;
}

const activations = [
  "tanh",
  "relu",
  "sigmoid",
  "linear",
  "hardSigmoid",
  "relu6",
  "elu",
  "selu",
  "softsign",
  "softplus",
  "gelu",
  "gelu_new",
  "swish",
  "mish",
  "hardSigmoid6",
  "hardSwish",
  "leakyRelu",
] as const;
const gateActivations = ["sigmoid", "hardSigmoid", "tanh", "gelu", "swish"] as const;

/** Sizes around the multiples of 4, 5 and 8 that the kernels work in. */
export function randomSpec(kind: RecurrentSpec["kind"], next: () => number): RecurrentSpec {
  const upTo = (n: number): number => 1 + Math.floor(next() * n);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)]!;
  const coin = (): boolean => next() < 0.5;
  return {
    kind,
    timesteps: upTo(7),
    batch: next() < 0.2 ? 1 : upTo(35),
    inputs: upTo(11),
    units: upTo(15),
    activation: pick(activations),
    recurrentActivation: pick(gateActivations),
    resetAfter: kind === "gru" && coin(),
    peepholes: kind === "lstm" && coin(),
    useBias: next() < 0.8,
    goBackwards: next() < 0.2,
    sequences: coin(),
    inputGradient: next() < 0.8,
  };
}

/** Random inputs, weights and gradients; initial states and gradients of last states are sometimes absent. */
export function randomArrays(spec: RecurrentSpec, next: () => number): Arrays {
  const { timesteps: T, batch: B, inputs: D, units: H } = spec;
  const G = gatesOf(spec);
  const lstm = spec.kind === "lstm";
  return {
    x: uniform(next, B * T * D, 1),
    kernel: uniform(next, D * G, 1.5 / Math.sqrt(D)),
    recurrentKernel: uniform(next, H * G, 1.5 / Math.sqrt(H)),
    bias: (spec.useBias ?? true) ? uniform(next, (spec.resetAfter ? 2 : 1) * G, 0.5) : undefined,
    peepholes: spec.peepholes ? uniform(next, 3 * H, 0.7) : undefined,
    h0: next() < 0.7 ? uniform(next, B * H, 1) : undefined,
    c0: lstm && next() < 0.7 ? uniform(next, B * H, 1) : undefined,
    dSequence: spec.sequences ? uniform(next, B * T * H, 0.1) : undefined,
    dh: !spec.sequences || next() < 0.5 ? uniform(next, B * H, 1) : undefined,
    dc: lstm && next() < 0.5 ? uniform(next, B * H, 1) : undefined,
  };
}

/** ‖a − b‖ / ‖b‖; entries that are the same infinity or both NaN count as equal. */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    if (!Number.isFinite(b[i]) && Object.is(a[i], b[i])) continue;
    difference += (a[i]! - b[i]!) ** 2;
    size += b[i]! ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / size);
}
