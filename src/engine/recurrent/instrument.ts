/** Measures any built tfjs model: wraps the `call` of its layers, and nothing else. */

import * as tf from "@tensorflow/tfjs-core";
import { type LayersModel, RNN } from "@tensorflow/tfjs-layers";
import { tapCell } from "./cell.ts";
import { firstTensor, type Layer, type MeasuredLayer, measuredLayers } from "./layers.ts";
import type { StepRecorder } from "./recorder.ts";
import { Sequence } from "./sequence.ts";
import { override, tap, tapWithProbe } from "./tap.ts";

export interface Instrumentation {
  readonly layers: readonly MeasuredLayer[];
  /** A scalar to differentiate with respect to, besides the weights, so that the walk back reaches everything. */
  readonly probe: tf.Variable;
  /** Runs `pass`, a forward and a backward pass through the model, with the taps on. Outside of it the model is as it was. */
  measure<T>(pass: () => T): T;
  /** Undoes everything and frees the probe. */
  remove(): void;
}

type Call = Layer["call"];
type Inputs = Parameters<Call>[0];
type Kwargs = Parameters<Call>[1];

/**
 * Taps every layer of `model` and reports to `recorder`. The model's outputs and its weights' gradients stay the same.
 *
 * @param measured the model's layers, for a recorder that had to know them first.
 */
export function instrument(
  model: LayersModel,
  recorder: StepRecorder,
  measured: readonly MeasuredLayer[] = measuredLayers(model),
): Instrumentation {
  const probe = tf.tidy(() => tf.variable(tf.scalar(0), true));
  const undo: (() => void)[] = [];
  let active = false;
  let passes: { readonly layer: number; readonly sequence: Sequence }[] = [];

  const sequences = (rnn: RNN, cells: readonly MeasuredLayer[], original: Call, inputs: Inputs, kwargs: Kwargs) => {
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
        passes.push({ layer: index, sequence });
        const usesOutput = (t: number): boolean => cell.everyTimestep || t === timesteps;
        const watch = {
          output: (output: tf.Tensor): void => recorder.output(index, output),
          outputGradient: (dy: tf.Tensor): void => recorder.outputGradient(index, dy),
        };
        const ofStack = cell.cell === layer;
        restore.push(tapCell(cell, { sequence, probe, masks, usesOutput, watch: ofStack ? watch : null }));
      }
      return original(inputs, masks ? { ...kwargs, mask: undefined } : kwargs);
    } finally {
      for (const back of restore.reverse()) back();
    }
  };

  const outputs = (layer: MeasuredLayer, result: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] => {
    const output = firstTensor(result);
    if (output?.dtype !== "float32") return result;
    recorder.output(layer.index, output);
    const seen = (dy: tf.Tensor): tf.Tensor => {
      recorder.outputGradient(layer.index, dy);
      return dy;
    };
    const frozen = layer.layer.weights.length > 0 && layer.layer.trainableWeights.length === 0;
    const tapped = frozen ? tapWithProbe(output, probe, seen) : tap(output, seen);
    return Array.isArray(result) ? [tapped, ...result.slice(1)] : tapped;
  };

  for (const layer of measured) {
    // A cell of a stack has no call of its own that a model makes: its layer's wrapper sees to it.
    if (layer.cell && layer.cell.cell === layer.layer) continue;
    const original = layer.layer.call.bind(layer.layer);
    const rnn = layer.layer instanceof RNN ? layer.layer : null;
    const cells = rnn ? measured.filter((m) => m === layer || (m.cell !== null && isCellOf(rnn, m.layer))) : [];
    const wrapped = (inputs: Inputs, kwargs: Kwargs): tf.Tensor | tf.Tensor[] => {
      if (!active) return original(inputs, kwargs);
      return tf.tidy(() =>
        outputs(layer, rnn ? sequences(rnn, cells, original, inputs, kwargs) : original(inputs, kwargs)),
      );
    };
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
        for (const { layer, sequence } of passes) recorder.sequence(layer, sequence.finish());
        return result;
      } finally {
        active = false;
        passes = [];
      }
    },
    remove() {
      for (const restore of undo.reverse()) restore();
      probe.dispose();
    },
  };
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
