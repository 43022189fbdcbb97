/** Records a recurrent layer's input, its output and the loss gradient that enters it, in one pass. */

import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { Batch } from "../data/batches.ts";
import type { Instrumentation } from "../instrument/instrument.ts";
import { firstTensor, type MeasuredLayer } from "../instrument/measuredLayers.ts";
import { tapWithProbe } from "../instrument/tap.ts";
import { forward } from "../model/forward.ts";
import type { LossFunction } from "../model/lossFunction.ts";
import { override } from "../tfjs/internals.ts";

export interface Captured {
  /** B × T × D, in the order of the data. */
  readonly x: Float32Array;
  readonly timesteps: number;
  /** B × T × H if the layer returns sequences, otherwise B × H; in its reading order. */
  readonly output: Float32Array;
  /** ∂L/∂output; zeros if none arrives. */
  readonly gradient: Float32Array;
}

/** @returns null for a layer that is called more than once in a pass, or whose input is not one sequence of vectors. */
export function capture(
  model: LayersModel,
  { layer }: MeasuredLayer,
  loss: LossFunction,
  instrumentation: Instrumentation,
  { inputs, targets, weights }: Batch,
): Captured | null {
  const calls: { x: tf.Tensor | undefined; values: Float32Array; output: Float32Array }[] = [];
  let gradient: Float32Array | null = null;
  const original = layer.call.bind(layer);
  const restore = override(layer, "call", (given: tf.Tensor | tf.Tensor[], kwargs: Parameters<typeof original>[1]) => {
    const result = original(given, kwargs);
    const [x, output] = [firstTensor(given), firstTensor(result)];
    if (!output) return result;
    calls.push({ x, values: read(x), output: read(output) });
    const tapped = tapWithProbe(output, instrumentation.probe, (dy) => {
      gradient = read(dy);
      return dy;
    });
    return Array.isArray(result) ? [tapped, ...result.slice(1)] : tapped;
  });
  try {
    instrumentation.measure(() => {
      const { value, grads } = tf.variableGrads(() => {
        return loss(targets, forward(model, inputs, true), weights);
      }, [instrumentation.probe]);
      tf.dispose([value, grads]);
    });
  } finally {
    restore();
  }
  const [only] = calls;
  if (calls.length !== 1 || !only || only.x?.rank !== 3) return null;
  const { values, output } = only;
  return { x: values, timesteps: only.x.shape[1] ?? 0, output, gradient: gradient ?? new Float32Array(output.length) };
}

function read(tensor: tf.Tensor | undefined): Float32Array {
  return Float32Array.from(tensor?.dataSync() ?? []);
}
