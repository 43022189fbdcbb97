/** The taps of one layer: in tfjs's own loop for a recurrent layer, and on the output of every layer. */

import * as tf from "@tensorflow/tfjs-core";
import type { RNN } from "@tensorflow/tfjs-layers";
import { borrowHeld } from "../backend/borrow.ts";
import type { DirectionListener, SequenceMeasurement, StepRecorder } from "../recording/recorder.ts";
import { isCut } from "../recording/truncation.ts";
import { isOn, layersAt } from "../tfjs/internals.ts";
import { firstTensor, type Layer, type MeasuredLayer } from "./measuredLayers.ts";
import { RealTimesteps } from "./realTimesteps.ts";
import { Sequence } from "./sequence.ts";
import { listen, tap, tapeLength, tapWithProbe } from "./tap.ts";
import { tapCell } from "./tappedCell.ts";

export type Call = Layer["call"];
export type Inputs = Parameters<Call>[0];
export type Kwargs = Parameters<Call>[1];

/** A pass over a sequence, to be finished after forward and backward. */
export interface ReportedPass {
  readonly layer: number;
  /** @param lasting whether the samples' own norms may be read after the layer's next pass. */
  finish(lasting: boolean): SequenceMeasurement;
}

export type Report = (pass: ReportedPass) => void;

export interface Taps {
  readonly recorder: StepRecorder;
  readonly probe: tf.Tensor;
  /** The walk back is cut after this many timesteps; null: never. */
  readonly truncate: number | null;
  readonly directions: DirectionListener | null;
  readonly report: Report;
}

/** tfjs's own loop over the timesteps, with taps in its cells. */
export function tappedLoop(
  rnn: RNN,
  cells: readonly MeasuredLayer[],
  original: Call,
  inputs: Inputs,
  kwargs: Kwargs,
  { recorder, probe, truncate, directions, report }: Taps,
): tf.Tensor | tf.Tensor[] {
  const shape = firstTensor(inputs)?.shape ?? [];
  const [samples = 0, timesteps = 0] = shape;
  const given: unknown = kwargs?.["mask"];
  const reversed = isOn(rnn, "goBackwards");
  const masks = given instanceof tf.Tensor ? timestepMasks(given, reversed) : null;
  const real = given instanceof tf.Tensor ? new RealTimesteps(given.dataSync(), samples, reversed) : null;
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
        real,
      });
      report({ layer: index, finish: () => sequence.finish() });
      const usesOutput = (t: number): boolean => cell.everyTimestep || t === timesteps;
      // Segments are counted from the last timestep, so that the last segment is never shorter than requested.
      const cutsBefore = (t: number): boolean => isCut(t - 1, timesteps, truncate);
      const watch = {
        output: (output: tf.Tensor): void => recordOutput(recorder, index, output),
        outputGradient: (dy: tf.Tensor): void => recorder.outputGradient(index, borrowHeld(dy)),
      };
      const listen = directions && ((rows: Float32Array): void => directions(index, rows, samples));
      const ofStack = cell.cell === layer;
      restore.push(
        tapCell(cell, {
          sequence,
          probe,
          masks,
          usesOutput,
          cutsBefore,
          directions: listen,
          watch: ofStack ? watch : null,
        }),
      );
    }
    return original(inputs, masks ? { ...kwargs, mask: undefined } : kwargs);
  } finally {
    for (const back of restore.reverse()) back();
  }
}

export function tapOutput(
  { index, layer }: MeasuredLayer,
  call: () => tf.Tensor | tf.Tensor[],
  recorder: StepRecorder,
  probe: tf.Tensor,
): tf.Tensor | tf.Tensor[] {
  const before = tapeLength();
  const result = call();
  const output = firstTensor(result);
  if (output?.dtype !== "float32") return result;
  recordOutput(recorder, index, output);
  const seen = (dy: tf.Tensor): void => recorder.outputGradient(index, borrowHeld(dy));
  const passing = (dy: tf.Tensor): tf.Tensor => {
    seen(dy);
    return dy;
  };
  const frozen = layer.weights.length > 0 && layer.trainableWeights.length === 0;
  if (!Array.isArray(result)) {
    // A layer that returns its input makes no tensor: others use that tensor, too, and their gradients are not its own.
    if (!frozen && listen(output, before, seen)) return result;
    return frozen ? tapWithProbe(output, probe, passing) : tap(output, passing);
  }
  const [, ...states] = result;
  // The last states are also outputs of the layer.
  const tapped = frozen ? tapWithProbe(output, probe, passing) : tap(output, passing);
  return [tapped, ...states.map((state) => tap(state, passing))];
}

function recordOutput(recorder: StepRecorder, layer: number, output: tf.Tensor): void {
  recorder.output(layer, borrowHeld(output), output.shape.at(-1) ?? 1);
}

export function isCellOf(rnn: RNN, cell: Layer): boolean {
  return layersAt(rnn.cell, "cells").includes(cell);
}

/** Converts B × T (× 1) zeros and ones to one B × 1 tensor per timestep, in the layer's reading order. */
function timestepMasks(mask: tf.Tensor, reversed: boolean): tf.Tensor[] {
  const flat = tf.cast(tf.cast(mask, "bool"), "float32");
  const wide = flat.rank === 2 ? tf.expandDims(flat, -1) : flat;
  const masks = tf.unstack(wide, 1);
  return reversed ? masks.reverse() : masks;
}
