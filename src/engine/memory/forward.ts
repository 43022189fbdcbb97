/** The forward pass over a sequence. */

import * as tf from "@tensorflow/tfjs-core";
import { Addressing } from "./addressing.ts";
import { controllerForward } from "./controller.ts";
import { headsForward } from "./heads.ts";
import type { MemoryLayout } from "./layout.ts";
import { squash } from "./parameters.ts";
import { product, read } from "./products.ts";
import { emptyTape, type Tape } from "./tape.ts";

export interface MemoryWeights {
  /** D × (gates × H). */
  readonly kernel: tf.Tensor;
  /** (H + R·M) × (gates × H): for h and the read vectors. */
  readonly recurrentKernel: tf.Tensor;
  readonly bias: tf.Tensor;
  /** H × parameters. */
  readonly headKernel: tf.Tensor;
  readonly headBias: tf.Tensor;
  /** N × M: the memory each sequence starts with. */
  readonly memory: tf.Tensor;
}

/** @param x T × B × D, in reading order. */
export function forward(layout: MemoryLayout, x: tf.Tensor, weights: MemoryWeights): Tape {
  const [timesteps = 0, samples = 0, features = 0] = x.shape;
  const { units, gates, outputs, parameters } = layout;
  const tape = emptyTape(layout, timesteps, samples, weights.memory.dataSync<"float32">());
  const addressing = new Addressing(layout);
  const fromInput = read(() => {
    const flat = tf.reshape(x, [timesteps * samples, features]);
    return tf.add(tf.matMul(flat, weights.kernel), weights.bias);
  });
  const headBias = weights.headBias.dataSync<"float32">();
  const wide = samples * gates * units;
  const hidden = new Float32Array(samples * units);
  for (let t = 0; t < timesteps; t++) {
    const fed = tape.outputs.subarray(t * samples * outputs, (t + 1) * samples * outputs);
    const pre = product(fed, samples, weights.recurrentKernel);
    for (let i = 0; i < wide; i++) pre[i] = pre[i]! + fromInput[t * wide + i]!;
    controllerForward(tape, t, pre);
    copyHidden(tape, t, hidden);
    const raw = product(hidden, samples, weights.headKernel);
    const from = t * samples * parameters;
    for (let i = 0; i < raw.length; i++) tape.parameters[from + i] = raw[i]! + headBias[i % parameters]!;
    for (let b = 0; b < samples; b++) squash(tape.parameters, from + b * parameters, layout);
    headsForward(tape, t, addressing);
  }
  return tape;
}

/** h of timestep `t` (0-based), B × H, without the read vectors. */
export function copyHidden({ layout, samples, outputs }: Tape, t: number, hidden: Float32Array, at = 0): void {
  const { units, outputs: stride } = layout;
  for (let b = 0; b < samples; b++) {
    const from = ((t + 1) * samples + b) * stride;
    hidden.set(outputs.subarray(from, from + units), at + b * units);
  }
}
