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
  /** Makes the walk back reach this operation (see `tapWithProbe`). */
  readonly probe: tf.Tensor;
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
  /** States of a stateful layer; null: it begins at zero. */
  readonly carried: CarriedState | null;
  /** Null: only train. */
  readonly watch: KernelWatch | null;
}

export interface KernelPass {
  readonly output: tf.Tensor;
  /** The figures of the backward pass. Call this once after it, before the pass's plan is given back. */
  finish(): SequenceMeasurement;
}

/** Copies `values`, which lie in the kernels' memory and are overwritten by the next pass. */
function owned(values: Float32Array | null, shape: number[]): tf.Tensor {
  if (!values) throw new Error("The kernels gave no value for a tensor of the layer.");
  return tensorOf(values, shape);
}

/** @param x B × T × D, float32. The caller gives back the plan that this takes, with all others, after the step. */
export function kernelPass(
  x: tf.Tensor,
  { cell, plans, inputGradient, truncate, directions, mask, recurrentMask, carried, watch }: KernelPassOptions,
): KernelPass {
  const [batch = 0, timesteps = 0, inputs = 0] = x.shape;
  const { spec } = cell;
  const plan = plans.acquire({
    ...spec,
    batch,
    timesteps,
    inputs,
    inputGradient,
    truncate: truncate ?? 0,
    masked: mask !== null,
    recurrentDropout: recurrentMask !== null,
  });
  plan.diagnose = watch !== null;
  const weights = cell.weights.map(({ variable }) => variable.read());
  let measured: SequenceMeasurement | null = null;
  let ended: readonly Float32Array[] = [];

  const backward = (gradient: Float32Array | null): ReturnType<RecurrentPlan["backward"]> => {
    const result = plan.backward(gradient ? { [spec.sequences ? "sequence" : "h"]: gradient } : {});
    if (!watch) return result;
    measured = fromStatistics(plan.statistics(), watch.floor);
    return result;
  };

  const operation = tf.customGrad(() => {
    const values = new Map(cell.weights.map(({ name }, i) => [name, borrow(weights[i]!)]));
    const kernel = values.get("kernel");
    const recurrentKernel = values.get("recurrentKernel");
    if (!kernel || !recurrentKernel) throw new Error("A recurrent layer without kernels");
    const [h0, c0] = carried?.begin ?? [];
    const { h, c, sequence } = plan.forward({
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
    if (carried) ended = [h, ...(c ? [c] : [])].map((state) => state.slice());
    const output = sequence ?? h;
    watch?.output(output, () => plan.nonFiniteFrom());
    return {
      value: owned(output, spec.sequences ? [batch, timesteps, spec.units] : [batch, spec.units]),
      gradFunc: (dy: tf.Tensor) => {
        const upstream = borrow(dy);
        watch?.outputGradient(upstream);
        const result = backward(upstream);
        directions?.(plan.directions(), batch);
        return [
          // Unused (the input depends on no variable), but tfjs requires a tensor here.
          inputGradient ? owned(result.x, x.shape) : dy,
          ...cell.weights.map(({ name }, i) => owned(result[name], weights[i]!.shape)),
          ...(watch ? [tf.zerosLike(watch.probe)] : []),
        ];
      },
    };
  });

  const output = operation(x, ...weights, ...(watch ? [watch.probe] : []));
  carried?.end(ended);
  return {
    output,
    finish: () => {
      // No gradient arrived, so all gradients are zero.
      if (!measured) backward(null);
      if (!measured) throw new Error("The pass was not measured.");
      return measured;
    },
  };
}
