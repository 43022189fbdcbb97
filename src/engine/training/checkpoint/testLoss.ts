/** The loss on the samples kept for testing. */

import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { batchTensors } from "../../data/batches.ts";
import type { Dataset, Samples } from "../../data/dataset.ts";
import type { LossFunction } from "../../model/lossFunction.ts";
import { instrument } from "../../recurrent/instrument.ts";
import type { KernelSource } from "../../recurrent/kernelSource.ts";

/** @returns a function that computes the mean over all of `test`, without dropout or penalties. */
export function createTestLoss(
  model: LayersModel,
  dataset: Dataset,
  test: Samples,
  loss: LossFunction,
  batchSize: number,
  kernels: KernelSource | null,
): { readonly evaluate: () => number; readonly dispose: () => void } {
  const fast = instrument(model, null, { kernels });
  const part = (from: number): number =>
    tf.tidy(() => {
      const indices = Uint32Array.from({ length: Math.min(batchSize, test.samples - from) }, (_, i) => from + i);
      const { inputs, targets } = batchTensors({ ...dataset, ...test }, indices);
      const outputs = fast.measure(() => model.apply(inputs, { training: false }));
      if (!(outputs instanceof tf.Tensor)) throw new Error("The model does not have exactly one output.");
      return (loss(targets, outputs).dataSync()[0] ?? Number.NaN) * indices.length;
    });
  return {
    evaluate() {
      let sum = 0;
      for (let from = 0; from < test.samples; from += batchSize) sum += part(from);
      return sum / test.samples;
    },
    dispose: () => fast.remove(),
  };
}
