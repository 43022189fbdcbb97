/**
 * Runs a recurrent layer's whole sequence as one operation on tfjs's tape: forward and backward run in the fused
 * kernels.
 */

import * as tf from "@tensorflow/tfjs-core";
import type { RecurrentPlan } from "../../kernels/plan.ts";
import type { PlanPool } from "../../kernels/planPool.ts";
import { borrow, tensorOf } from "../backend/borrow.ts";
import type { SequenceMeasurement } from "../recording/recorder.ts";
import type { CarriedState } from "./carriedStates.ts";
import type { KernelCell } from "./kernelCell.ts";
import { fromStatistics } from "./kernelStatistics.ts";

/** Sees intermediate values while they are in memory. Arrays are valid only during the call. */
export interface KernelWatch {
  output(values: Float32Array, nonFiniteFrom: () => number | null): void;
  outputGradient(values: Float32Array): void;
  /** Makes the walk back reach this operation (see `tapWithProbe`); null: its own weights already do. */
  readonly probe: tf.Tensor | null;
  readonly floor: number | null;
}

export interface KernelPassOptions {
  readonly cell: KernelCell;
  readonly plans: PlanPool;
  /** Whether anything uses ∂L/∂x; if not, the value that the tape receives for it has no meaning. */
  readonly inputGradient: boolean;
  /** The walk back is cut after this many timesteps; null: never. */
  readonly truncate: number | null;
  /** Receives the directions of the state gradients, (T − 1)·B × H; null: not needed, or not a simpleRNN. */
  readonly directions: ((rows: Float32Array, samples: number) => void) | null;
  /** B × T, 0 where masked; null: nothing is masked. */
  readonly mask: ArrayLike<number> | null;
  /** B × H: factors of h as the next timestep reads it; null: no recurrent dropout. */
  readonly recurrentMask: tf.Tensor | null;
  /** States of a stateful layer; null: it begins at zero, or with `initial`. */
  readonly carried: CarriedState | null;
  /** Initial states from another layer, h and c of an LSTM, B × H each; they receive their gradient. */
  readonly initial: readonly tf.Tensor[];
  /** Whether the last states are also outputs. */
  readonly givesStates: boolean;
  /** Null: only train. */
  readonly watch: KernelWatch | null;
}

export interface KernelPass {
  readonly output: tf.Tensor;
  /** The last states, h and c of an LSTM, B × H each; empty if they are not outputs. */
  readonly states: readonly tf.Tensor[];
  /**
   * The figures of the backward pass. Call this once after it, before the pass's plan is given back.
   * @param lasting whether the samples' own norms may be read after the next pass.
   */
  finish(lasting: boolean): SequenceMeasurement;
}

/** Copies `values`, which lie in the kernels' memory and are overwritten by the next pass. */
function owned(values: Float32Array | null, shape: number[]): tf.Tensor {
  if (!values) throw new Error("The kernels gave no value for a tensor of the layer.");
  return tensorOf(values, shape);
}

/** Joins rows of several arrays side by side. @param sizes length of a row of each */
function joined(parts: readonly Float32Array[], sizes: readonly number[]): Float32Array {
  const width = sizes.reduce((a, b) => a + b, 0);
  const result = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let from = 0;
  for (const [k, part] of parts.entries()) {
    const size = sizes[k]!;
    for (let b = 0; b * size < part.length; b++) result.set(part.subarray(b * size, (b + 1) * size), b * width + from);
    from += size;
  }
  return result;
}

/** The inverse of `joined`. */
function divided(rows: Float32Array, sizes: readonly number[]): readonly Float32Array[] {
  if (sizes.length === 1) return [rows];
  const width = sizes.reduce((a, b) => a + b, 0);
  const batch = rows.length / width;
  let from = 0;
  return sizes.map((size) => {
    const part = new Float32Array(batch * size);
    for (let b = 0; b < batch; b++) part.set(rows.subarray(b * width + from, b * width + from + size), b * size);
    from += size;
    return part;
  });
}

function sum(a: Float32Array | undefined, b: Float32Array): Float32Array {
  return a ? b.map((v, i) => v + a[i]!) : b;
}

/** @param x B × T × D, float32. The caller gives back the plan that this takes, with all others, after the step. */
export function kernelPass(x: tf.Tensor, options: KernelPassOptions): KernelPass {
  const { cell, inputGradient, directions, carried, initial, givesStates, watch } = options;
  const [batch = 0, timesteps = 0] = x.shape;
  const { spec } = cell;
  const plan = planOf(x, options);
  const weights = cell.weights.map(({ variable }) => variable.read());
  let walkedBack = false;
  let ended: readonly Float32Array[] = [];

  const own = spec.sequences ? timesteps * spec.units : spec.units;
  const sizes = [own, ...(givesStates ? Array.from({ length: spec.kind === "lstm" ? 2 : 1 }, () => spec.units) : [])];

  const backward = (gradient: Float32Array | null): ReturnType<RecurrentPlan["backward"]> => {
    const [output, h, c] = gradient ? divided(gradient, sizes) : [];
    // Without sequences the output is the last h itself.
    walkedBack = true;
    return plan.backward(spec.sequences ? { sequence: output, h, c } : { h: h ? sum(output, h) : output, c });
  };

  const outputShape = spec.sequences ? [batch, timesteps, spec.units] : [batch, spec.units];
  const operation = tf.customGrad(() => {
    const { h, c, sequence } = runForward(plan, x, weights, options);
    if (carried) ended = [h, ...(c ? [c] : [])].map((state) => state.slice());
    const output = sequence ?? h;
    watch?.output(output, () => plan.nonFiniteFrom());
    return {
      value: givesStates
        ? tensorOf(joined([output, h, ...(c ? [c] : [])], sizes), [batch, sizes.reduce((a, b) => a + b, 0)])
        : owned(output, outputShape),
      gradFunc: (dy: tf.Tensor) => {
        const upstream = borrow(dy);
        watch?.outputGradient(upstream);
        const result = backward(upstream);
        directions?.(plan.directions(), batch);
        return [
          // Unused (the input depends on no variable), but tfjs requires a tensor here.
          inputGradient ? owned(result.x, x.shape) : dy,
          ...cell.weights.map(({ name }, i) => owned(result[name], weights[i]!.shape)),
          ...[result.h0, result.c0].slice(0, initial.length).map((state) => owned(state, [batch, spec.units])),
          ...(watch?.probe ? [tf.zerosLike(watch.probe)] : []),
        ];
      },
    };
  });

  const all = operation(x, ...weights, ...initial, ...(watch?.probe ? [watch.probe] : []));
  carried?.end(ended);
  const [output = all, ...states] = givesStates ? tf.split(all, sizes, 1) : [all];
  return {
    output: givesStates ? tf.reshape(output, outputShape) : output,
    states,
    finish: (lasting) => {
      // No gradient arrived, so all gradients are zero.
      if (!walkedBack) backward(null);
      return fromStatistics(plan.statistics(lasting), watch?.floor ?? null);
    },
  };
}

function planOf(
  x: tf.Tensor,
  { cell, plans, inputGradient, truncate, mask, recurrentMask, watch }: KernelPassOptions,
): RecurrentPlan {
  const [batch = 0, timesteps = 0, inputs = 0] = x.shape;
  const plan = plans.acquire({
    ...cell.spec,
    batch,
    timesteps,
    inputs,
    inputGradient,
    truncate: truncate ?? 0,
    masked: mask !== null,
    recurrentDropout: recurrentMask !== null,
  });
  plan.detailed = watch !== null;
  return plan;
}

function runForward(
  plan: RecurrentPlan,
  x: tf.Tensor,
  weights: readonly tf.Tensor[],
  { cell, mask, recurrentMask, carried, initial }: KernelPassOptions,
): ReturnType<RecurrentPlan["forward"]> {
  const values = new Map(cell.weights.map(({ name }, i) => [name, borrow(weights[i]!)]));
  const kernel = values.get("kernel");
  const recurrentKernel = values.get("recurrentKernel");
  if (!kernel || !recurrentKernel) throw new Error("A recurrent layer without kernels");
  const [h0, c0] = initial.length > 0 ? initial : (carried?.begin ?? []);
  return plan.forward({
    x: borrow(x),
    kernel,
    recurrentKernel,
    bias: values.get("bias"),
    peepholes: values.get("peepholes"),
    h0: h0 && borrow(h0),
    c0: c0 && borrow(c0),
    mask: mask ?? undefined,
    recurrentMask: recurrentMask ? borrow(recurrentMask) : undefined,
  });
}
