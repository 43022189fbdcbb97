/** Measures and speeds up any built tfjs model by wrapping only the `call` of its layers. */

import * as tf from "@tensorflow/tfjs-core";
import { type LayersModel, RNN } from "@tensorflow/tfjs-layers";
import { ExternalMemory } from "../memory/externalMemory.ts";
import type { DirectionListener, StepRecorder } from "../recording/recorder.ts";
import { override } from "../tfjs/internals.ts";
import { fusedDirections } from "./fusedDirections.ts";
import { type Fusing, fusedCall } from "./fusedLayer.ts";
import type { KernelSource } from "./kernelSource.ts";
import { type Layer, type MeasuredLayer, measuredLayers } from "./measuredLayers.ts";
import {
  type Inputs,
  isCellOf,
  type Kwargs,
  type Report,
  type ReportedPass,
  tapOutput,
  tappedLoop,
} from "./tappedLayer.ts";

export interface Instrumentation {
  readonly layers: readonly MeasuredLayer[];
  /** A scalar to differentiate with respect to, besides the weights, so that the walk back reaches every layer. */
  readonly probe: tf.Variable;
  /** Runs `pass`, a forward pass only, in the kernels; measures nothing. */
  infer<T>(pass: () => T): T;
  /**
   * Runs `pass`, a forward and a backward pass through the model, with everything switched on. Outside of it the model
   * is unchanged.
   */
  measure<T>(pass: () => T): T;
  /** Restores the model and frees the probe. */
  remove(): void;
}

export interface InstrumentOptions {
  /** Runs the recurrent layers that it covers; null: tfjs's own loops run them. */
  readonly kernels?: KernelSource | null;
  /** The model's layers, if the caller needed them earlier for its recorder. */
  readonly layers?: readonly MeasuredLayer[];
  /** Truncated back-propagation through time: the walk back is cut after this many timesteps; null: never. */
  readonly truncate?: number | null;
  /** Receives the directions of a simpleRNN's state gradients in each pass, for the gradient-norm regularizer. */
  readonly directions?: DirectionListener | null;
  /** Number of parts in which a batch passes through the model; default: 1. */
  readonly accumulate?: number;
}

/**
 * Runs the recurrent layers of `model` in fused kernels, or through taps if no kernel covers them, and reports every
 * layer to `recorder`. The model's outputs do not change. Its weights' gradients change only by truncation.
 *
 * @param recorder null: nothing is measured; only the kernels are installed.
 */
export function instrument(
  model: LayersModel,
  recorder: StepRecorder | null,
  {
    kernels = null,
    layers: measured = measuredLayers(model),
    truncate = null,
    directions = null,
    accumulate = 1,
  }: InstrumentOptions = {},
): Instrumentation {
  const probe = tf.tidy(() => tf.variable(tf.scalar(0), true));
  const undo: (() => void)[] = [];
  let mode: Mode = "off";
  let passes: ReportedPass[] = [];
  const report: Report = (pass) => passes.push(pass);
  const fusing: Fusing = { kernels, recorder, probe, truncate, directions, report };
  const silent: Fusing = { ...fusing, recorder: null, directions: null };
  const joint = { watched: fusedDirections(measured, fusing), unwatched: fusedDirections(measured, silent) };

  for (const layer of measured) {
    // The model never calls a cell of a stack directly; the wrapper of its layer handles it.
    if (layer.cell && layer.cell.cell === layer.layer && !("own" in layer.cell.kernel)) continue;
    const call = wrappedCall(layer, { measured, fusing, silent, joint, mode: () => mode });
    if (call) undo.push(override(layer.layer, "call", call));
  }

  return {
    layers: measured,
    probe,
    infer(pass) {
      mode = "infer";
      try {
        return pass();
      } finally {
        mode = "off";
        kernels?.plans.giveAllBack();
      }
    },
    measure(pass) {
      mode = "measure";
      passes = [];
      try {
        const result = pass();
        if (!recorder) return result;
        // Only passes that are merged with others need the norms of their samples.
        const merged = (layer: number): boolean =>
          accumulate > 1 || passes.filter((pass) => pass.layer === layer).length > 1;
        for (const { layer, finish } of passes) recorder.sequence(layer, finish(merged(layer)));
        return result;
      } finally {
        mode = "off";
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

type Mode = "off" | "measure" | "infer";

interface Wrapping {
  readonly measured: readonly MeasuredLayer[];
  readonly fusing: Fusing;
  /** `fusing`, but nothing is measured. */
  readonly silent: Fusing;
  /** Calls of directions that are computed together. */
  readonly joint: Readonly<Record<"watched" | "unwatched", ReturnType<typeof fusedDirections>>>;
  mode(): Mode;
}

/** A layer's call, which the mode decides; null: nothing changes for the layer. */
function wrappedCall(layer: MeasuredLayer, { measured, fusing, silent, joint, mode }: Wrapping): Layer["call"] | null {
  const { recorder, truncate, directions, probe, report } = fusing;
  const original = layer.layer.call.bind(layer.layer);
  const rnn = layer.layer instanceof RNN ? layer.layer : null;
  const cells = rnn ? measured.filter((m) => m === layer || (m.cell !== null && isCellOf(rnn, m.layer))) : [];
  const fused = ownCall(layer, recorder, probe, truncate, report) ?? (rnn && fusedCall(rnn, layer, cells, fusing));
  // Truncation and the regularizer work only in a tapped loop.
  const listener = recorder ?? (rnn && (truncate !== null || directions) ? silence : null);
  if (!fused && !listener) return null;
  const tapped = (inputs: Inputs, kwargs: Kwargs): tf.Tensor | tf.Tensor[] => {
    if (!listener) return original(inputs, kwargs);
    const options = { recorder: listener, probe, truncate, directions, report };
    const call = (): tf.Tensor | tf.Tensor[] =>
      rnn ? tappedLoop(rnn, cells, original, inputs, kwargs, options) : original(inputs, kwargs);
    return tf.tidy(() => tapOutput(layer, call, listener, probe));
  };
  const unwatched = fused && rnn && fusedCall(rnn, layer, cells, silent);
  const [both, silentBoth] = [joint.watched.get(layer), joint.unwatched.get(layer)];
  return (inputs: Inputs, kwargs: Kwargs): tf.Tensor | tf.Tensor[] => {
    if (mode() === "measure") return both?.(inputs, kwargs) ?? fused?.(inputs, kwargs) ?? tapped(inputs, kwargs);
    if (mode() === "off") return original(inputs, kwargs);
    return silentBoth?.(inputs, kwargs) ?? unwatched?.(inputs, kwargs) ?? original(inputs, kwargs);
  };
}

/** No-op recorder: truncation and Ω need the tapped loop even when nothing is measured. */
const silence: StepRecorder = { output: () => {}, outputGradient: () => {}, sequence: () => {} };

/** The call of a layer that implements its own backward pass; null for all others. */
function ownCall(
  { index, layer, cell, inputGradient }: MeasuredLayer,
  recorder: StepRecorder | null,
  probe: tf.Tensor,
  truncate: number | null,
  report: Report,
): ((inputs: Inputs) => tf.Tensor) | null {
  if (!cell || !(layer instanceof ExternalMemory)) return null;
  const watch = recorder && {
    output: (values: Float32Array): void => recorder.output(index, values, layer.layout.outputs),
    outputGradient: (values: Float32Array): void => recorder.outputGradient(index, values),
    probe,
    floor: cell.floor,
  };
  return (inputs) =>
    tf.tidy(() => {
      const { output, finish } = layer.pass(inputs, { inputGradient, truncate, watch });
      if (watch) report({ layer: index, finish });
      return output;
    });
}
