/** Runs a layer with an external memory as one operation on tfjs's tape. */

import * as tf from "@tensorflow/tfjs-core";
import type { StateName } from "../../protocol/run.ts";
import type { SequenceMeasurement } from "../recording/recorder.ts";
import { type BackwardResult, backward } from "./backward.ts";
import { Figures } from "./figures.ts";
import { forward, type MemoryWeights } from "./forward.ts";
import type { MemoryLayout } from "./layout.ts";
import type { Tape } from "./tape.ts";

/** Sees intermediate values. Arrays are valid only during the call. */
export interface MemoryWatch {
  output(values: Float32Array): void;
  outputGradient(values: Float32Array): void;
  /** Makes the walk back reach this operation (see `tapWithProbe`). */
  readonly probe: tf.Tensor;
  readonly floor: number | null;
}

export interface MemoryPass {
  /** B × T × outputs, or B × outputs. */
  readonly output: tf.Tensor;
  /** The figures of the backward pass. Call this once, after it. */
  finish(): SequenceMeasurement;
}

export interface PassOptions {
  /** Whether the gradient of the inputs is needed. */
  readonly inputGradient: boolean;
  /** The walk back is cut at every edge that is a multiple of this many timesteps before the end; null: never. */
  readonly truncate: number | null;
  /** Null: only train. */
  readonly watch: MemoryWatch | null;
}

interface MemoryPassOptions extends PassOptions {
  readonly layout: MemoryLayout;
  readonly weights: MemoryWeights;
  readonly returnSequences: boolean;
  readonly goBackwards: boolean;
}

export function statesOf({ controller }: Pick<MemoryLayout, "controller">): readonly StateName[] {
  return controller === "lstm" ? ["h", "c", "m"] : ["h", "m"];
}

/** @param x B × T × D. */
export function memoryPass(x: tf.Tensor, options: MemoryPassOptions): MemoryPass {
  const { layout, weights, returnSequences, goBackwards, watch } = options;
  const swapped = tf.transpose(x, [1, 0, 2]);
  const sequence = goBackwards ? tf.reverse(swapped, 0) : swapped;
  const [timesteps = 0, samples = 0] = sequence.shape;
  // The walk back runs after the tensor is disposed.
  const given = sequence.dataSync<"float32">();
  const { shape } = sequence;
  const names = ["kernel", "recurrentKernel", "bias", "headKernel", "headBias", "memory"] as const;
  const size = samples * layout.outputs;
  let figures: Figures | null = null;
  let tape: Tape | null = null;

  const walkBack = (upstream: Float32Array | null): BackwardResult => {
    if (!tape) throw new Error("The walk back came before the forward pass.");
    if (watch) figures = new Figures(tape, statesOf(layout), watch.floor);
    const direct = (t: number): Float32Array | null => {
      if (!upstream) return null;
      if (!returnSequences) return t === timesteps - 1 ? upstream : null;
      const own = upstream.subarray(t * size, (t + 1) * size);
      return own.every((v) => v === 0) ? null : own;
    };
    return backward(tape, given, weights, { ...options, direct, figures });
  };

  const operation = tf.customGrad(() => {
    tape = forward(layout, sequence, weights);
    const { outputs } = tape;
    const result = outputs.slice(returnSequences ? size : timesteps * size);
    watch?.output(result);
    return {
      value: tf.tensor(result, returnSequences ? [timesteps, samples, layout.outputs] : [samples, layout.outputs]),
      gradFunc: (dy: tf.Tensor) => {
        const upstream = dy.dataSync<"float32">();
        watch?.outputGradient(upstream);
        const { weights: gradients, x: dx } = walkBack(upstream);
        return [
          // Unused (the input depends on no variable), but tfjs requires a tensor here.
          dx ? tf.tensor(Float32Array.from(dx), shape) : tf.zeros(shape),
          ...names.map((name) => tf.tensor(Float32Array.from(gradients[name]), weights[name].shape)),
          ...(watch ? [tf.zerosLike(watch.probe)] : []),
        ];
      },
    };
  });
  const inputs = [sequence, ...names.map((name) => weights[name]), ...(watch ? [watch.probe] : [])];
  const output = operation(...inputs);
  return {
    output: returnSequences ? tf.transpose(output, [1, 0, 2]) : output,
    finish: () => {
      // No gradient arrived, so all gradients are zero.
      if (!figures) walkBack(null);
      if (!figures) throw new Error("The pass was not measured.");
      return figures.measurement();
    },
  };
}
