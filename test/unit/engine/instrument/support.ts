/** A recorder that keeps everything from the newest pass, and a function for one forward and backward pass. */

import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { Instrumentation } from "../../../../src/engine/instrument/instrument.ts";
import type { SequenceMeasurement, StateMeasurement, StepRecorder } from "../../../../src/engine/recording/recorder.ts";
import type { StateName } from "../../../../src/protocol/run.ts";

export class KeepingRecorder implements StepRecorder {
  readonly sequences: { readonly layer: number; readonly measurement: SequenceMeasurement }[] = [];
  readonly outputGradients = new Map<number, number>();
  readonly outputs = new Map<number, Float32Array>();
  output(layer: number, values: Float32Array): void {
    this.outputs.set(layer, values.slice());
  }
  outputGradient(layer: number, values: Float32Array): void {
    this.outputGradients.set(layer, Math.hypot(...values));
  }
  sequence(layer: number, measurement: SequenceMeasurement): void {
    this.sequences.push({ layer, measurement });
  }
  clear(): void {
    this.sequences.length = 0;
    this.outputGradients.clear();
    this.outputs.clear();
  }
  only(): SequenceMeasurement {
    if (this.sequences.length !== 1) throw new Error(`${this.sequences.length} sequences`);
    return this.sequences[0]!.measurement;
  }
}

export function state(measurement: SequenceMeasurement, name: StateName): StateMeasurement {
  const found = measurement.states.find((s) => s.name === name);
  if (!found) throw new Error(`no state ${name}`);
  return found;
}

export function variables(model: LayersModel): tf.Variable[] {
  return model.trainableWeights.map((w) => {
    const value = w.read();
    if (!(value instanceof tf.Variable)) throw new Error(`${w.name} is no variable`);
    return value;
  });
}

/** Loss and weight gradients (by position in `trainableWeights`) of one pass. */
export function pass(
  model: LayersModel,
  lossOf: (output: tf.Tensor) => tf.Scalar,
  x: tf.Tensor,
  instrumentation: Instrumentation | null = null,
): { readonly loss: number; readonly gradients: Float32Array[] } {
  const weights = variables(model);
  const run = (): { value: tf.Scalar; grads: tf.NamedTensorMap } =>
    tf.variableGrads(
      () => {
        const output = model.apply(x, { training: true });
        if (!(output instanceof tf.Tensor)) throw new Error("one output expected");
        return lossOf(output);
      },
      instrumentation ? [...weights, instrumentation.probe] : weights,
    );
  const { value, grads } = instrumentation ? instrumentation.measure(run) : run();
  const result = {
    loss: value.dataSync()[0]!,
    gradients: weights.map((w) => Float32Array.from(grads[w.name]?.dataSync() ?? [])),
  };
  tf.dispose([value, grads]);
  return result;
}
