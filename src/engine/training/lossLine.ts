/** The loss of a batch along a step, to measure how far the step could go. */

import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { inPieces } from "../../kernels/stop.ts";
import { carriesState } from "../instrument/carriedStates.ts";
import type { Instrumentation } from "../instrument/instrument.ts";
import { type Layer, measuredLayers } from "../instrument/measuredLayers.ts";
import type { LossLine } from "../measure/curvature/stableFactor.ts";
import { forward } from "../model/forward.ts";
import type { LossFunction } from "../model/lossFunction.ts";
import { randomStreams } from "../model/seeding.ts";
import { penalties } from "./regularizers.ts";

export interface LineOptions {
  readonly model: LayersModel;
  readonly loss: LossFunction;
  readonly variables: readonly tf.Variable[];
  readonly regularized: readonly Layer[];
  readonly instrumentation: Instrumentation | null;
  /** Whether the gradients are the loss's own: not truncated, nothing added. */
  readonly exact: boolean;
  /** Number of parts of a batch; each passes through the model separately. */
  readonly parts: number;
}

/** A step that is about to be taken. */
export interface Step {
  readonly inputs: tf.Tensor;
  readonly targets: tf.Tensor;
  /** Weights of the batch's positions, as `LossFunction` takes them. */
  readonly positions: tf.Tensor | null;
  /** Loss without penalties, at `former`. */
  readonly dataLoss: number;
  readonly former: readonly Float32Array[];
  readonly updated: readonly Float32Array[];
  readonly gradients: readonly Float32Array[];
}

/**
 * Makes lines. Null for a model that carries states from batch to batch, because another pass would change them. A net
 * with dropout or noise is evaluated without it on both sides of the present weights. The line's `at` leaves the
 * weights at the evaluated point, because the step is taken afterwards. Moving averages of normalizations do not
 * change.
 */
export function lossLines(options: LineOptions): ((step: Step) => LossLine) | null {
  const { model, variables, regularized } = options;
  if (measuredLayers(model).some(({ layer }) => carriesState(layer))) return null;
  const random = randomStreams(model.layers).length > 0;
  const averages = random ? [] : model.nonTrainableWeights.map((weight) => weight.read());

  return (step) => {
    const { dataLoss, former, updated, gradients } = step;
    const direction = updated.map((values, i) => combined(values, -1, former[i]!));
    const at = (factor: number): number => {
      for (const [i, variable] of variables.entries()) {
        const values = combined(former[i]!, factor, direction[i]!);
        tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
      }
      return keeping(averages, () => lossAt(options, step, !random));
    };
    if (random || !options.exact) return { loss: at(0), slope: null, at };
    let slope = 0;
    for (const [i, gradient] of gradients.entries()) {
      const change = direction[i]!;
      inPieces(gradient.length, (from, to) => {
        for (let k = from; k < to; k++) slope += gradient[k]! * change[k]!;
      });
    }
    return { loss: dataLoss + penaltyOf(regularized), slope, at };
  };
}

/** a + factor × b. */
function combined(a: Float32Array, factor: number, b: Float32Array): Float32Array {
  const result = new Float32Array(a.length);
  inPieces(a.length, (from, to) => {
    for (let k = from; k < to; k++) result[k] = a[k]! + factor * b[k]!;
  });
  return result;
}

/** Data loss and penalties; in inference mode if `training` is false. */
function lossAt(options: LineOptions, { inputs, targets, positions }: Step, training: boolean): number {
  const { model, loss, regularized, instrumentation, parts } = options;
  const size = (inputs.shape[0] ?? 0) / parts;
  let sum = penaltyOf(regularized);
  for (let part = 0; part < parts; part++) {
    const value = tf.tidy(() => {
      const own = (whole: tf.Tensor) => (parts === 1 ? whole : tf.slice(whole, [part * size], [size]));
      const x = own(inputs);
      const apply = () => forward(model, x, training);
      const outputs = instrumentation ? instrumentation.infer(apply) : apply();
      return loss(own(targets), outputs, positions && own(positions));
    });
    sum += (value.dataSync()[0] ?? Number.NaN) / parts;
    value.dispose();
  }
  return sum;
}

function penaltyOf(layers: readonly Layer[]): number {
  if (layers.length === 0) return 0;
  const values = tf.tidy(() => penalties(layers));
  const sum = values.reduce((total, value) => total + (value.dataSync()[0] ?? 0), 0);
  tf.dispose(values);
  return sum;
}

/** Runs `pass`, then restores the values of those tensors that are variables. */
function keeping<T>(kept: readonly tf.Tensor[], pass: () => T): T {
  const before = kept.map((tensor) => tf.clone(tensor));
  try {
    return pass();
  } finally {
    for (const [i, tensor] of kept.entries()) if (tensor instanceof tf.Variable) tensor.assign(before[i]!);
    tf.dispose(before);
  }
}
