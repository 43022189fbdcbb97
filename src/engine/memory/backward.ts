/**
 * Back-propagation through time. The walk carries float64 gradients: their range of 308 decades needs no scaling per
 * timestep.
 *
 * The states of timestep t are c_t, h_t, M_t, the read vectors and the weightings. Within a timestep, c makes h, h
 * makes the heads' parameters, those make M, and M makes the read vectors. The total derivative of each state includes
 * its effect on later ones in the same timestep, like c's in an LSTM.
 */

import * as tf from "@tensorflow/tfjs-core";
import { isCut } from "../recording/truncation.ts";
import { Addressing } from "./addressing.ts";
import { controllerBackward, throughHidden } from "./controller.ts";
import type { Figures, StateGradients } from "./figures.ts";
import { copyHidden, type MemoryWeights } from "./forward.ts";
import { headsBackward, type MemoryGradient } from "./heads.ts";
import type { MemoryLayout } from "./layout.ts";
import { gradientProduct, productOverRows } from "./products.ts";
import type { Tape } from "./tape.ts";

export type WeightGradients = { readonly [weight in keyof MemoryWeights]: Float64Array };

export interface BackwardResult {
  readonly weights: WeightGradients;
  /** T × B × D; null when it is not needed. */
  readonly x: Float64Array | null;
}

/** ∂L/∂ everything that a timestep passes to the next one. */
interface Carried {
  /** For h and the read vectors, B × outputs. */
  readonly output: Float64Array;
  readonly cell: Float64Array;
  readonly memory: MemoryGradient;
}

interface BackwardOptions {
  /** ∂L/∂ the layer's output at timestep t (0-based), B × outputs; null if there is none. */
  direct(t: number): Float32Array | null;
  /** Null: nothing is measured. */
  readonly figures: Figures | null;
  readonly inputGradient: boolean;
  readonly truncate: number | null;
}

/** @param x T × B × D, as in the forward pass. */
export function backward(
  tape: Tape,
  x: Float32Array,
  weights: MemoryWeights,
  { direct, figures, inputGradient, truncate }: BackwardOptions,
): BackwardResult {
  const { layout, timesteps, samples } = tape;
  const { units, gates, outputs, parameters, cells } = layout;
  const addressing = new Addressing(layout);
  const dPre = new Float64Array(timesteps * samples * gates * units);
  const dParameters = new Float64Array(timesteps * samples * parameters);
  const recurrentKernel = new Float64Array(outputs * gates * units);
  const transposed = {
    kernel: tf.transpose(weights.kernel),
    recurrentKernel: tf.transpose(weights.recurrentKernel),
    headKernel: tf.transpose(weights.headKernel),
  };

  /** Completes `carried` within timestep t. @returns ∂L/∂h_t, and what the memory passes to t − 1. */
  const within = (t: number, carried: Carried, dp: Float64Array) => {
    const before = emptyMemory(layout, samples);
    headsBackward(tape, t, addressing, carried.output, carried.memory, dp, before);
    const hidden = gradientProduct(dp, samples, transposed.headKernel);
    addHidden(carried.output, hidden, samples, units, outputs);
    throughHidden(tape, t, hidden, carried.cell);
    const states: StateGradients = { h: hidden, c: carried.cell, m: carried.memory.memory };
    return { hidden, before, states };
  };

  const nothing = (): Carried => ({
    output: new Float64Array(samples * outputs),
    cell: new Float64Array(gates > 1 ? samples * units : 0),
    memory: emptyMemory(layout, samples),
  });
  let carried = nothing();
  for (let t = timesteps - 1; t >= 0; t--) {
    const entering = direct(t);
    if (entering) {
      // The gain of t + 1 counts only what came through t + 1, so that part is walked through this timestep separately.
      if (figures && t + 1 < timesteps)
        figures.transported(t + 1, within(t, copyOf(carried), new Float64Array(samples * parameters)).states);
      for (let i = 0; i < entering.length; i++) carried.output[i] = carried.output[i]! + entering[i]!;
    }
    const dp = dParameters.subarray(t * samples * parameters, (t + 1) * samples * parameters);
    const { hidden, before, states } = within(t, carried, dp);
    if (figures) {
      if (!entering && t + 1 < timesteps) figures.transported(t + 1, states);
      figures.complete(t, states);
    }
    const own = dPre.subarray(t * samples * gates * units, (t + 1) * samples * gates * units);
    controllerBackward(tape, t, hidden, carried.cell, own);
    const fed = tape.outputs.subarray(t * samples * outputs, (t + 1) * samples * outputs);
    const contribution = productOverRows(fed, own, samples);
    figures?.contribution(t, contribution);
    for (let i = 0; i < contribution.length; i++) recurrentKernel[i] = recurrentKernel[i]! + contribution[i]!;
    const output = gradientProduct(own, samples, transposed.recurrentKernel);
    const cut = isCut(t, timesteps, truncate);
    carried = cut ? nothing() : { output, cell: carried.cell, memory: before };
  }
  if (figures && timesteps > 0) {
    const h = new Float64Array(samples * units);
    addHidden(carried.output, h, samples, units, outputs);
    figures.transported(0, { h, c: carried.cell, m: carried.memory.memory });
  }

  const dx = inputGradient ? gradientProduct(dPre, timesteps * samples, transposed.kernel) : null;
  tf.dispose(transposed);
  const memory = sumOverRows(carried.memory.memory, cells);
  return { weights: { ...sumsOverTimesteps(tape, x, dPre, dParameters), recurrentKernel, memory }, x: dx };
}

/** The gradients of the weights that need nothing but the pre-activations' and the parameters' gradients. */
function sumsOverTimesteps(
  tape: Tape,
  x: Float32Array,
  dPre: Float64Array,
  dParameters: Float64Array,
): Omit<WeightGradients, "recurrentKernel" | "memory"> {
  const { layout, timesteps, samples } = tape;
  const { units, gates, parameters } = layout;
  const rows = timesteps * samples;
  const allHidden = new Float32Array(rows * units);
  for (let t = 0; t < timesteps; t++) copyHidden(tape, t, allHidden, t * samples * units);
  return {
    kernel: productOverRows(x, dPre, rows),
    bias: sumOverRows(dPre, gates * units),
    headKernel: productOverRows(allHidden, dParameters, rows),
    headBias: sumOverRows(dParameters, parameters),
  };
}

function emptyMemory({ cells, heads, slots }: MemoryLayout, samples: number): MemoryGradient {
  return { memory: new Float64Array(samples * cells), weightings: new Float64Array(samples * heads * slots) };
}

function copyOf({ output, cell, memory }: Carried): Carried {
  return {
    output: output.slice(),
    cell: cell.slice(),
    memory: { memory: memory.memory.slice(), weightings: memory.weightings.slice() },
  };
}

/** Adds h's part of a B × outputs array to a B × H array. */
function addHidden(output: Float64Array, hidden: Float64Array, samples: number, units: number, outputs: number): void {
  for (let b = 0; b < samples; b++)
    for (let u = 0; u < units; u++) {
      const at = b * units + u;
      hidden[at] = hidden[at]! + output[b * outputs + u]!;
    }
}

function sumOverRows(d: Float64Array, width: number): Float64Array {
  const sums = new Float64Array(width);
  for (let i = 0; i < d.length; i++) sums[i % width] = sums[i % width]! + d[i]!;
  return sums;
}
