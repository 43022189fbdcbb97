/** One optimizer update, with everything that happens in it open to inspection. */

import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel, LayerVariable } from "@tensorflow/tfjs-layers";
import type { ClipConfig } from "../../config/resolved.ts";
import type { Instrumentation } from "../recurrent/instrument.ts";
import { measuredLayers } from "../recurrent/layers.ts";
import { clipGradients } from "./clip.ts";
import { penalties, regularizedLayers } from "./regularizers.ts";

/** Sees the weights' side of a step. Arrays are parallel to `Trainer.weights`. */
export interface WeightObserver {
  /** Gradients before and after clipping; a weight's two arrays are the same object where clipping changed nothing. */
  gradients(before: readonly Float32Array[], clipped: readonly Float32Array[]): void;
  /** The weights before and after the update. */
  updated(former: readonly Float32Array[], present: readonly Float32Array[]): void;
}

/** Taps and their reader; without, a step does nothing but train. */
export interface Observation {
  readonly instrumentation: Instrumentation;
  readonly observer: WeightObserver;
}

export interface TrainerOptions {
  readonly model: LayersModel;
  /** Mean over the batch. */
  readonly loss: (targets: tf.Tensor, outputs: tf.Tensor) => tf.Scalar;
  readonly optimizer: tf.Optimizer;
  readonly clip: ClipConfig;
}

export interface Trainer {
  readonly weights: readonly LayerVariable[];
  /** Trains on one batch and returns the data loss before the update, without penalties. Leaves no tensor behind. */
  step(inputs: tf.Tensor, targets: tf.Tensor, observation: Observation | null): number;
}

function asVariable(weight: LayerVariable): tf.Variable {
  const value = weight.read();
  if (!(value instanceof tf.Variable)) throw new Error(`The weight ${weight.name} is not a variable.`);
  return value;
}

/** tfjs never writes into a tensor's data again: what is read here stays as it is when the weight is assigned to. */
function read(tensor: tf.Tensor): Float32Array {
  return tensor.dataSync<"float32">();
}

export function createTrainer({ model, loss, optimizer, clip }: TrainerOptions): Trainer {
  const weights = model.trainableWeights;
  const variables = weights.map(asVariable);
  const regularized = regularizedLayers(model);
  const stateful = measuredLayers(model).filter(({ layer }) => Reflect.get(layer, "_stateful") === true);
  const clips = clip.value !== null || clip.norm !== null || clip.globalNorm !== null;

  /** Data loss and gradients; the caller disposes the latter. */
  const differentiate = (inputs: tf.Tensor, targets: tf.Tensor, probe: tf.Variable | null) => {
    let dataLoss = Number.NaN;
    const { value, grads } = tf.variableGrads(
      () => {
        const outputs = model.apply(inputs, { training: true });
        if (!(outputs instanceof tf.Tensor)) throw new Error("The model does not have exactly one output.");
        const data = loss(targets, outputs);
        dataLoss = data.dataSync()[0] ?? Number.NaN;
        return penalties(regularized).reduce<tf.Scalar>((sum, penalty) => tf.add(sum, penalty), data);
      },
      probe ? [...variables, probe] : variables,
    );
    value.dispose();
    return { dataLoss, grads };
  };

  const step = (inputs: tf.Tensor, targets: tf.Tensor, observation: Observation | null): number => {
    const { dataLoss, grads } = observation
      ? observation.instrumentation.measure(() => differentiate(inputs, targets, observation.instrumentation.probe))
      : differentiate(inputs, targets, null);
    tf.tidy(() => {
      const gradients = variables.map((v) => grads[v.name] ?? tf.zerosLike(v));
      const before = observation || clips ? gradients.map(read) : [];
      const clipped = clips ? clipGradients(before, clip) : before;
      observation?.observer.gradients(before, clipped);
      const former = observation ? variables.map(read) : [];
      optimizer.applyGradients(
        Object.fromEntries(
          variables.map((v, i) => {
            const limited = clipped[i];
            const unchanged = limited === undefined || limited === before[i];
            return [v.name, unchanged ? gradients[i]! : tf.tensor(limited, v.shape)];
          }),
        ),
      );
      // tfjs applies constraints where a weight is set, but not where an optimizer updates it.
      for (const [i, { constraint }] of weights.entries()) {
        if (constraint) variables[i]!.assign(constraint.apply(variables[i]!));
      }
      observation?.observer.updated(former, variables.map(read));
    });
    tf.dispose(grads);
    for (const { layer } of stateful) releaseFormerStates(layer);
    return dataLoss;
  };
  return { weights, step };
}

/** A stateful tfjs layer keeps the states of all earlier batches, for a walk back that is over by now. */
function releaseFormerStates(layer: object): void {
  const kept: unknown = Reflect.get(layer, "keptStates");
  if (!Array.isArray(kept)) return;
  for (const states of kept) tf.dispose(states);
  kept.length = 0;
}
