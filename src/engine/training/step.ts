/** One optimizer update, with every part of it open to inspection. */

import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel, LayerVariable } from "@tensorflow/tfjs-layers";
import type { ClipConfig } from "../../config/resolved.ts";
import type { Instrumentation } from "../instrument/instrument.ts";
import { stableFactor } from "../measure/curvature/stableFactor.ts";
import { forward } from "../model/forward.ts";
import type { LossFunction } from "../model/lossFunction.ts";
import type { CurvatureObserver, WeightObserver } from "../recording/observers.ts";
import { accumulate, type Pass } from "./accumulate.ts";
import type { AfterUpdate } from "./afterUpdate/afterUpdate.ts";
import { clipGradients } from "./clip.ts";
import type { MoreGradients } from "./gradientNorm.ts";
import { lossLines } from "./lossLine.ts";
import type { Optimizer } from "./optimizers.ts";
import { penalties, regularizedLayers } from "./regularizers.ts";

export interface TrainerOptions {
  readonly model: LayersModel;
  /** Mean over the batch. */
  readonly loss: LossFunction;
  /** Sees what each training pass computes the loss of. */
  readonly seen?: ((targets: tf.Tensor, outputs: tf.Tensor, weights: tf.Tensor | null) => void) | null;
  readonly optimizer: Optimizer;
  readonly clip: ClipConfig;
  /** Changes to the weights between the optimizer's update and the layers' constraints. */
  readonly afterUpdate?: readonly AfterUpdate[];
  /** Adds terms that are not derivatives of the loss to the gradients of each pass. */
  readonly moreGradients?: MoreGradients | null;
  /** Number of parts in which a batch passes through the model, to save memory; default: 1. */
  readonly parts?: number;
  /** Steps taken before, in a resumed run. */
  readonly taken?: number;
  /** Learning rate of a step, counted from 1; default: the optimizer's own. */
  readonly learningRate?: (step: number) => number;
  /** Instrumentation of the model; its kernels and taps are on during every step. */
  readonly instrumentation?: Instrumentation | null;
  readonly observer?: WeightObserver | null;
  readonly curvature?: CurvatureObserver | null;
  /** Receives the penalty that the layers' regularizers add to each step's loss; not called without regularizers. */
  readonly penalized?: ((penalty: number) => void) | null;
  /** Whether gradients are truncated and so differ from the loss's gradients. */
  readonly truncated?: boolean;
}

export interface Trainer {
  readonly weights: readonly LayerVariable[];
  /**
   * Trains on one batch and returns the data loss before the update, without penalties. Leaves no tensor behind.
   * @param weights weights of the batch's positions, as `LossFunction` takes them.
   */
  step(inputs: tf.Tensor, targets: tf.Tensor, weights?: tf.Tensor | null): number;
}

function asVariable(weight: LayerVariable): tf.Variable {
  const value = weight.read();
  if (!(value instanceof tf.Variable)) throw new Error(`The weight ${weight.name} is not a variable.`);
  return value;
}

/** tfjs never writes into a tensor's data again, so values read here stay valid after the weight is assigned. */
function read(tensor: tf.Tensor): Float32Array {
  return tensor.dataSync<"float32">();
}

export function createTrainer({
  model,
  loss,
  seen = null,
  optimizer,
  clip,
  afterUpdate = [],
  moreGradients = null,
  parts = 1,
  taken: before = 0,
  learningRate,
  instrumentation = null,
  observer = null,
  curvature = null,
  penalized = null,
  truncated = false,
}: TrainerOptions): Trainer {
  const weights = model.trainableWeights;
  const variables = weights.map(asVariable);
  const regularized = regularizedLayers(model);
  /** Penalty of the newest pass; the weights are the same in all passes of a step. */
  let penalty = 0;
  const differentiated = instrumentation ? [...variables, instrumentation.probe] : variables;

  const differentiate: Pass = (inputs, targets, share, weights) => {
    let dataLoss = Number.NaN;
    const { value, grads } = tf.variableGrads(() => {
      const outputs = forward(model, inputs, true);
      seen?.(targets, outputs, weights);
      const data = loss(targets, outputs, weights);
      dataLoss = data.dataSync()[0] ?? Number.NaN;
      const added = penalties(regularized);
      if (penalized && added.length > 0) penalty = tf.addN(added).dataSync()[0] ?? Number.NaN;
      const sum = added.reduce<tf.Scalar>((sum, penalty) => tf.add(sum, penalty), data);
      return share === 1 ? sum : tf.mul(sum, share);
    }, differentiated);
    value.dispose();
    const gradients = variables.map((v) => {
      const gradient = grads[v.name];
      return gradient ? read(gradient) : new Float32Array(v.size);
    });
    tf.dispose(grads);
    return { dataLoss, gradients };
  };

  const measured: Pass = instrumentation
    ? (...batch) => instrumentation.measure(() => differentiate(...batch))
    : differentiate;
  const complete: Pass = moreGradients
    ? (inputs, targets, share, weights) => {
        const { dataLoss, gradients } = measured(inputs, targets, share, weights);
        return { dataLoss, gradients: moreGradients(gradients, share) };
      }
    : measured;
  const pass = accumulate(complete, parts);

  // The last assigned values need not be read again, unless the data's identity shows that other code has assigned
  // since.
  const known: { readonly dataId: object; readonly values: Float32Array }[] = [];
  const valuesOf = (variable: tf.Variable, i: number): Float32Array =>
    known[i]?.dataId === variable.dataId ? known[i].values : read(variable);

  const assign = (i: number, values: Float32Array): void => {
    const variable = variables[i]!;
    const { constraint } = weights[i]!;
    tf.tidy(() => {
      variable.assign(tf.tensor(values, variable.shape));
      // tfjs applies constraints where a weight is set, but not where an optimizer updates it.
      if (constraint) variable.assign(constraint.apply(variable));
    });
    known[i] = { dataId: variable.dataId, values: constraint ? read(variable) : values };
  };

  const exact = !truncated && moreGradients === null;
  const lineOf = curvature && lossLines({ model, loss, variables, regularized, instrumentation, exact, parts });

  let taken = before;
  const step = (inputs: tf.Tensor, targets: tf.Tensor, positions: tf.Tensor | null = null): number => {
    const { dataLoss, gradients } = pass(inputs, targets, positions);
    const clipped = clipGradients(gradients, clip);
    observer?.gradients(gradients, clipped);
    if (regularized.length > 0) penalized?.(penalty);
    const former = variables.map(valuesOf);
    taken++;
    const updated = optimizer.update(former, clipped, learningRate?.(taken));
    if (lineOf && curvature?.due(taken - before))
      curvature.stable(stableFactor(lineOf({ inputs, targets, positions, dataLoss, former, updated, gradients })));
    for (const change of afterUpdate) change(updated, taken);
    for (const [i, values] of updated.entries()) assign(i, values);
    observer?.updated(former, variables.map(valuesOf));
    return dataLoss;
  };
  return { weights, step };
}
