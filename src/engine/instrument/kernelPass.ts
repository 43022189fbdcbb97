/**
 * Runs a recurrent layer's whole sequence as one operation on tfjs's tape: forward and backward run in the fused
 * kernels.
 */

import * as tf from "@tensorflow/tfjs-core";
import type { Pairs } from "../../kernels/pairs.ts";
import type { RecurrentPlan } from "../../kernels/plan.ts";
import type { PlanPool } from "../../kernels/planPool.ts";
import type { BackwardInputs, BackwardOutputs, ForwardInputs, ForwardOutputs } from "../../kernels/spec.ts";
import { borrow, tensorOf } from "../backend/borrow.ts";
import type { SequenceMeasurement } from "../recording/recorder.ts";
import { jointOperation } from "../tfjs/jointOperation.ts";
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

/** A pass to run: x is B × T × D, float32. */
export interface RequestedPass {
  readonly x: tf.Tensor;
  readonly options: KernelPassOptions;
}

/** The caller gives back the plan that this takes, with all others, after the step. */
export function kernelPass(x: tf.Tensor, options: KernelPassOptions): KernelPass {
  const part = new Part({ x, options });
  const operation = tf.customGrad(() => ({
    value: part.take(part.plan.forward(part.forwardInputs())),
    gradFunc: (dy: tf.Tensor) => part.gradients(dy, part.plan.backward(part.backwardInputs(borrow(dy)))),
  }));
  return part.pass(operation(...part.inputs));
}

/** Two passes of the same batch in one call of the kernels, such as the directions of a bidirectional layer. */
export function kernelPasses(pairs: Pairs, requests: readonly [RequestedPass, RequestedPass]): readonly KernelPass[] {
  const [first, second] = [new Part(requests[0]), new Part(requests[1])];
  const plans = [first.plan, second.plan] as const;
  const outputs = jointOperation(
    [...first.inputs, ...second.inputs],
    () => {
      const found = pairs.forward(plans, [first.forwardInputs(), second.forwardInputs()]);
      return [first.take(found[0]), second.take(found[1])];
    },
    (dys) => {
      const [a, b] = dys;
      if (!a || !b) throw new Error("A pair of passes has two outputs.");
      const found = pairs.backward(plans, [first.backwardInputs(borrow(a)), second.backwardInputs(borrow(b))]);
      return [...first.gradients(a, found[0]), ...second.gradients(b, found[1])];
    },
  );
  return [first, second].map((part, i) => part.pass(outputs[i]!));
}

/** One pass of an operation: its inputs, and what becomes of the kernels' results. */
class Part {
  readonly plan: RecurrentPlan;
  /** The operation's: x, weights, initial states, and what makes the walk back reach it. */
  readonly inputs: readonly tf.Tensor[];
  readonly #x: tf.Tensor;
  readonly #options: KernelPassOptions;
  readonly #weights: readonly tf.Tensor[];
  /** Length of a sample's row of the output and of each state that is an output, too. */
  readonly #sizes: readonly number[];
  #ended: readonly Float32Array[] = [];
  #walkedBack = false;

  constructor({ x, options }: RequestedPass) {
    const { cell, initial, givesStates, watch } = options;
    const { spec } = cell;
    this.#x = x;
    this.#options = options;
    this.plan = planOf(x, options);
    this.#weights = cell.weights.map(({ variable }) => variable.read());
    this.inputs = [x, ...this.#weights, ...initial, ...(watch?.probe ? [watch.probe] : [])];
    const own = spec.sequences ? (x.shape[1] ?? 0) * spec.units : spec.units;
    this.#sizes = [own, ...(givesStates ? Array.from({ length: spec.kind === "lstm" ? 2 : 1 }, () => spec.units) : [])];
  }

  get #outputShape(): number[] {
    const [batch = 0, timesteps = 0] = this.#x.shape;
    const { sequences, units } = this.#options.cell.spec;
    return sequences ? [batch, timesteps, units] : [batch, units];
  }

  forwardInputs(): ForwardInputs {
    return forwardInputs(this.#x, this.#weights, this.#options);
  }

  /** The operation's output. */
  take({ h, c, sequence }: ForwardOutputs): tf.Tensor {
    const { carried, givesStates, watch } = this.#options;
    if (carried) this.#ended = [h, ...(c ? [c] : [])].map((state) => state.slice());
    const output = sequence ?? h;
    watch?.output(output, () => this.plan.nonFiniteFrom());
    if (!givesStates) return owned(output, this.#outputShape);
    const width = this.#sizes.reduce((a, b) => a + b, 0);
    return tensorOf(joined([output, h, ...(c ? [c] : [])], this.#sizes), [this.#x.shape[0] ?? 0, width]);
  }

  /** @param gradient of the operation's output; null: none arrived. */
  backwardInputs(gradient: Float32Array | null): BackwardInputs {
    if (gradient) this.#options.watch?.outputGradient(gradient);
    this.#walkedBack = true;
    const [output, h, c] = gradient ? divided(gradient, this.#sizes) : [];
    // Without sequences the output is the last h itself.
    return this.#options.cell.spec.sequences ? { sequence: output, h, c } : { h: h ? sum(output, h) : output, c };
  }

  /** The gradients of the operation's inputs. */
  gradients(dy: tf.Tensor, result: BackwardOutputs): tf.Tensor[] {
    const { cell, inputGradient, directions, initial, watch } = this.#options;
    const batch = this.#x.shape[0] ?? 0;
    directions?.(this.plan.directions(), batch);
    return [
      // Unused (the input depends on no variable), but tfjs requires a tensor here.
      inputGradient ? owned(result.x, this.#x.shape) : dy,
      ...cell.weights.map(({ name }, i) => owned(result[name], this.#weights[i]!.shape)),
      ...[result.h0, result.c0].slice(0, initial.length).map((state) => owned(state, [batch, cell.spec.units])),
      ...(watch?.probe ? [tf.zerosLike(watch.probe)] : []),
    ];
  }

  /** @param all the operation's output. */
  pass(all: tf.Tensor): KernelPass {
    const { carried, givesStates, watch } = this.#options;
    carried?.end(this.#ended);
    const [output = all, ...states] = givesStates ? tf.split(all, [...this.#sizes], 1) : [all];
    return {
      output: givesStates ? tf.reshape(output, this.#outputShape) : output,
      states,
      finish: (lasting) => {
        // No gradient arrived, so all gradients are zero.
        if (!this.#walkedBack) this.plan.backward(this.backwardInputs(null));
        return fromStatistics(this.plan.statistics(lasting), watch?.floor ?? null);
      },
    };
  }
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

function forwardInputs(
  x: tf.Tensor,
  weights: readonly tf.Tensor[],
  { cell, mask, recurrentMask, carried, initial }: KernelPassOptions,
): ForwardInputs {
  const values = new Map(cell.weights.map(({ name }, i) => [name, borrow(weights[i]!)]));
  const kernel = values.get("kernel");
  const recurrentKernel = values.get("recurrentKernel");
  if (!kernel || !recurrentKernel) throw new Error("A recurrent layer without kernels");
  const [h0, c0] = initial.length > 0 ? initial : (carried?.begin ?? []);
  return {
    x: borrow(x),
    kernel,
    recurrentKernel,
    bias: values.get("bias"),
    peepholes: values.get("peepholes"),
    h0: h0 && borrow(h0),
    c0: c0 && borrow(c0),
    mask: mask ?? undefined,
    recurrentMask: recurrentMask ? borrow(recurrentMask) : undefined,
  };
}
