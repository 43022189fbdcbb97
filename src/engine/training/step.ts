/** One optimizer update, with every part of it open to inspection. */

import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel, LayerVariable } from "@tensorflow/tfjs-layers";
import type { ClipConfig } from "../../config/resolved.ts";
import { checkStop, holdStop, Stopped } from "../../kernels/stop.ts";
import type { Instrumentation } from "../instrument/instrument.ts";
import type { Layer } from "../instrument/measuredLayers.ts";
import { stableFactor } from "../measure/curvature/stableFactor.ts";
import { forward } from "../model/forward.ts";
import type { LossFunction } from "../model/lossFunction.ts";
import type { CurvatureObserver, WeightObserver } from "../recording/observers.ts";
import { accumulate, type Pass } from "./accumulate.ts";
import type { AfterUpdate } from "./afterUpdate/afterUpdate.ts";
import { droppedIfStopped } from "./droppedStep.ts";
import { clipGradients } from "./gradientClip.ts";
import type { MoreGradients } from "./gradientNorm.ts";
import { lossLines } from "./lossLine.ts";
import type { Optimizer } from "./optimizers.ts";
import { penalties, regularizedLayers } from "./regularizers.ts";
import { read, WeightValues } from "./weightValues.ts";

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
  /** Number of updates so far, including those of the run that this one resumes. */
  readonly taken: number;
  /**
   * Trains on one batch and returns the data loss before the update, without penalties. Leaves no tensor behind.
   * @param weights weights of the batch's positions, as `LossFunction` takes them.
   * @throws Stopped if the step is stopped before its update; it is then not taken.
   */
  step(inputs: tf.Tensor, targets: tf.Tensor, weights?: tf.Tensor | null): number;
}

export function createTrainer(options: TrainerOptions): Trainer {
  const { model, loss, optimizer, clip, afterUpdate = [], parts = 1, taken: before = 0, learningRate } = options;
  const { moreGradients = null, observer = null, curvature = null, penalized = null } = options;
  const { instrumentation = null, truncated = false } = options;
  const values = new WeightValues(model.trainableWeights);
  const { variables } = values;
  const regularized = regularizedLayers(model);
  /** Penalty of the newest pass; the weights are the same in all passes of a step. */
  let penalty = 0;
  const heard = penalized && ((newest: number) => (penalty = newest));
  const pass = accumulate(passOf(options, variables, regularized, heard), parts);

  const exact = !truncated && moreGradients === null;
  const lineOf = curvature && lossLines({ model, loss, variables, regularized, instrumentation, exact, parts });

  let taken = before;
  const dropped = droppedIfStopped(model);
  const step = (inputs: tf.Tensor, targets: tf.Tensor, positions: tf.Tensor | null = null): number => {
    const { dataLoss, gradients, clipped } = dropped(() => {
      const found = pass(inputs, targets, positions);
      const clipped = clipGradients(found.gradients, clip);
      observer?.gradients(found.gradients, clipped);
      // The last moment at which the step can be dropped.
      checkStop();
      return { ...found, clipped };
    });
    if (regularized.length > 0) penalized?.(penalty);
    const former = values.all();
    // From here on, the optimizer's state and the weights must stay those of the same step.
    taken++;
    const updated = optimizer.update(former, clipped, learningRate?.(taken));
    if (lineOf && curvature?.due(taken - before)) {
      const line = () => lineOf({ inputs, targets, positions, dataLoss, former, updated, gradients });
      unlessStopped(() => curvature.stable(stableFactor(line())));
    }
    const release = holdStop();
    try {
      for (const change of afterUpdate) change(updated, taken);
      values.assign(updated);
    } finally {
      release();
    }
    observer?.updated(former, values.all());
    return dataLoss;
  };
  return {
    weights: model.trainableWeights,
    get taken() {
      return taken;
    },
    step,
  };
}

/** Leaves a measurement out if it is stopped. */
function unlessStopped(measure: () => void): void {
  try {
    measure();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
}

/**
 * A pass through the model and back, with everything that is added to the loss's gradients.
 *
 * @param heard receives the penalty of each pass; null: it is not computed.
 */
function passOf(
  { model, loss, seen = null, moreGradients = null, instrumentation = null }: TrainerOptions,
  variables: readonly tf.Variable[],
  regularized: readonly Layer[],
  heard: ((penalty: number) => void) | null,
): Pass {
  const differentiated = instrumentation ? [...variables, instrumentation.probe] : [...variables];
  const differentiate: Pass = (inputs, targets, share, weights) => {
    let dataLoss = Number.NaN;
    const { value, grads } = tf.variableGrads(() => {
      const outputs = forward(model, inputs, true);
      seen?.(targets, outputs, weights);
      const data = loss(targets, outputs, weights);
      dataLoss = data.dataSync()[0] ?? Number.NaN;
      const added = penalties(regularized);
      if (heard && added.length > 0) heard(tf.addN(added).dataSync()[0] ?? Number.NaN);
      const sum = added.reduce<tf.Scalar>((sum, penalty) => tf.add(sum, penalty), data);
      return share === 1 ? sum : tf.mul(sum, share);
    }, differentiated);
    value.dispose();
    try {
      const gradients = variables.map((v) => {
        checkStop();
        const gradient = grads[v.name];
        return gradient ? read(gradient) : new Float32Array(v.size);
      });
      return { dataLoss, gradients };
    } finally {
      tf.dispose(grads);
    }
  };

  const measured: Pass = instrumentation
    ? (...batch) => instrumentation.measure(() => differentiate(...batch))
    : differentiate;
  if (!moreGradients) return measured;
  return (inputs, targets, share, weights) => {
    const { dataLoss, gradients } = measured(inputs, targets, share, weights);
    return { dataLoss, gradients: moreGradients(gradients, share) };
  };
}
