/** Measures and speeds up any built tfjs model: wraps the `call` of its layers, and nothing else. */

import * as tf from "@tensorflow/tfjs-core";
import { type LayersModel, RNN } from "@tensorflow/tfjs-layers";
import { borrow } from "../backend/borrow.ts";
import { tapCell } from "./cell.ts";
import { kernelPass } from "./kernelPass.ts";
import type { KernelSource } from "./kernelSource.ts";
import { firstTensor, type Layer, type MeasuredLayer, measuredLayers } from "./layers.ts";
import type { SequenceMeasurement, StepRecorder } from "./recorder.ts";
import { Sequence } from "./sequence.ts";
import { override, tap, tapWithProbe } from "./tap.ts";

export interface Instrumentation {
  readonly layers: readonly MeasuredLayer[];
  /** A scalar to differentiate with respect to, besides the weights, so that the walk back reaches everything. */
  readonly probe: tf.Variable;
  /** Runs `pass`, a forward and a backward pass through the model, with all this on. Outside of it the model is as it was. */
  measure<T>(pass: () => T): T;
  /** Undoes everything and frees the probe. */
  remove(): void;
}

type Call = Layer["call"];
type Inputs = Parameters<Call>[0];
type Kwargs = Parameters<Call>[1];

export interface InstrumentOptions {
  /** Runs the recurrent layers it covers; null: tfjs's own loops do. */
  readonly kernels?: KernelSource | null;
  /** The model's layers, for a recorder that had to know them first. */
  readonly layers?: readonly MeasuredLayer[];
}

/**
 * Runs the recurrent layers of `model` in fused kernels and reports every layer to `recorder`, through taps where
 * there is no kernel. The model's outputs and its weights' gradients stay the same.
 *
 * @param recorder null: nothing is measured, only the kernels are put in place.
 */
export function instrument(
  model: LayersModel,
  recorder: StepRecorder | null,
  { kernels = null, layers: measured = measuredLayers(model) }: InstrumentOptions = {},
): Instrumentation {
  const probe = tf.tidy(() => tf.variable(tf.scalar(0), true));
  const undo: (() => void)[] = [];
  let active = false;
  let passes: { readonly layer: number; finish(): SequenceMeasurement }[] = [];

  for (const layer of measured) {
    // A cell of a stack has no call of its own that a model makes: its layer's wrapper sees to it.
    if (layer.cell && layer.cell.cell === layer.layer) continue;
    const original = layer.layer.call.bind(layer.layer);
    const fused = fusedCall(layer, kernels, recorder, probe, (pass) => passes.push(pass));
    if (!fused && !recorder) continue;
    const rnn = layer.layer instanceof RNN ? layer.layer : null;
    const cells = rnn ? measured.filter((m) => m === layer || (m.cell !== null && isCellOf(rnn, m.layer))) : [];
    const tapped = (inputs: Inputs, kwargs: Kwargs): tf.Tensor | tf.Tensor[] => {
      if (!recorder) return original(inputs, kwargs);
      const call = (): tf.Tensor | tf.Tensor[] =>
        rnn
          ? tappedLoop(rnn, cells, original, inputs, kwargs, recorder, probe, (p) => passes.push(p))
          : original(inputs, kwargs);
      return tf.tidy(() => tapOutput(layer, call(), recorder, probe));
    };
    const wrapped = (inputs: Inputs, kwargs: Kwargs): tf.Tensor | tf.Tensor[] =>
      active ? (fused?.(inputs, kwargs) ?? tapped(inputs, kwargs)) : original(inputs, kwargs);
    undo.push(override(layer.layer, "call", wrapped));
  }

  return {
    layers: measured,
    probe,
    measure(pass) {
      active = true;
      passes = [];
      try {
        const result = pass();
        if (recorder) for (const { layer, finish } of passes) recorder.sequence(layer, finish());
        return result;
      } finally {
        active = false;
        passes = [];
        kernels?.plans.giveAllBack();
      }
    },
    remove() {
      for (const restore of undo.reverse()) restore();
      probe.dispose();
    },
  };
}

type Report = (pass: { readonly layer: number; finish(): SequenceMeasurement }) => void;

/** The layer's call in the kernels, or null where they don't cover it; that call gives undefined for inputs it can't take. */
function fusedCall(
  { index, layer, cell, inputGradient }: MeasuredLayer,
  kernels: KernelSource | null,
  recorder: StepRecorder | null,
  probe: tf.Tensor,
  report: Report,
): ((inputs: Inputs, kwargs: Kwargs) => tf.Tensor | undefined) | null {
  if (!kernels || !cell || "reason" in cell.kernel || !(layer instanceof RNN)) return null;
  const { plans } = kernels;
  const { kernel, floor, units } = cell;
  const watch = recorder && {
    output: (values: Float32Array): void => recorder.output(index, values, units),
    outputGradient: (values: Float32Array): void => recorder.outputGradient(index, values),
    probe,
    floor,
  };
  return (inputs, kwargs) => {
    const x = firstTensor(inputs);
    const alone = !Array.isArray(inputs) || inputs.length === 1;
    if (!x || !alone || x.rank !== 3 || x.dtype !== "float32" || x.size === 0) return undefined;
    if (kwargs?.["mask"] != null || kwargs?.["initialState"] != null) return undefined;
    return tf.tidy(() => {
      const { output, finish } = kernelPass(x, { cell: kernel, plans, inputGradient, watch });
      if (watch) report({ layer: index, finish });
      return output;
    });
  };
}

/** tfjs's own loop over the timesteps with taps in its cells. */
function tappedLoop(
  rnn: RNN,
  cells: readonly MeasuredLayer[],
  original: Call,
  inputs: Inputs,
  kwargs: Kwargs,
  recorder: StepRecorder,
  probe: tf.Tensor,
  report: Report,
): tf.Tensor | tf.Tensor[] {
  const shape = firstTensor(inputs)?.shape ?? [];
  const [samples = 0, timesteps = 0] = shape;
  const given: unknown = kwargs?.["mask"];
  const masks = given instanceof tf.Tensor ? timestepMasks(given, Reflect.get(rnn, "goBackwards") === true) : null;
  const restore: (() => void)[] = [];
  try {
    for (const { index, layer, cell } of cells) {
      if (!cell) continue;
      const sequence = new Sequence({
        timesteps,
        samples,
        states: cell.states,
        gates: cell.gates,
        keepGate: cell.keepGate,
        hasRecurrentKernel: cell.scaled,
        scaled: cell.scaled,
        floor: cell.floor,
      });
      report({ layer: index, finish: () => sequence.finish() });
      const usesOutput = (t: number): boolean => cell.everyTimestep || t === timesteps;
      const watch = {
        output: (output: tf.Tensor): void => recordOutput(recorder, index, output),
        outputGradient: (dy: tf.Tensor): void => recorder.outputGradient(index, borrow(dy)),
      };
      const ofStack = cell.cell === layer;
      restore.push(tapCell(cell, { sequence, probe, masks, usesOutput, watch: ofStack ? watch : null }));
    }
    return original(inputs, masks ? { ...kwargs, mask: undefined } : kwargs);
  } finally {
    for (const back of restore.reverse()) back();
  }
}

function tapOutput(
  { index, layer }: MeasuredLayer,
  result: tf.Tensor | tf.Tensor[],
  recorder: StepRecorder,
  probe: tf.Tensor,
): tf.Tensor | tf.Tensor[] {
  const output = firstTensor(result);
  if (output?.dtype !== "float32") return result;
  recordOutput(recorder, index, output);
  const seen = (dy: tf.Tensor): tf.Tensor => {
    recorder.outputGradient(index, borrow(dy));
    return dy;
  };
  const frozen = layer.weights.length > 0 && layer.trainableWeights.length === 0;
  const tapped = frozen ? tapWithProbe(output, probe, seen) : tap(output, seen);
  return Array.isArray(result) ? [tapped, ...result.slice(1)] : tapped;
}

function recordOutput(recorder: StepRecorder, layer: number, output: tf.Tensor): void {
  recorder.output(layer, borrow(output), output.shape.at(-1) ?? 1);
}

function isCellOf(rnn: RNN, cell: Layer): boolean {
  const cells: unknown = Reflect.get(rnn.cell, "cells");
  return Array.isArray(cells) && cells.includes(cell);
}

/** B × T (× 1) of zeros and ones → one B × 1 tensor per timestep, in the order in which the layer reads. */
function timestepMasks(mask: tf.Tensor, reversed: boolean): tf.Tensor[] {
  const flat = tf.cast(tf.cast(mask, "bool"), "float32");
  const wide = flat.rank === 2 ? tf.expandDims(flat, -1) : flat;
  const masks = tf.unstack(wide, 1);
  return reversed ? masks.reverse() : masks;
}
