/** A step that is stopped halfway leaves the model as it was before. */

import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { Stopped } from "../../kernels/stop.ts";
import { randomStreams } from "../model/seeding.ts";

/**
 * Makes a function that runs a pass and, if it is stopped, restores what a pass changes besides the trained weights:
 * moving averages of normalizations, and the count of random numbers that a checkpoint keeps.
 */
export function droppedIfStopped(model: LayersModel): <T>(pass: () => T) => T {
  const streams = randomStreams(model.layers);
  const averages = model.nonTrainableWeights
    .map((weight) => weight.read())
    .filter((value) => value instanceof tf.Variable);
  return (pass) => {
    const drawn = streams.map((stream) => stream.drawn);
    const before: tf.Tensor[] = [];
    try {
      for (const average of averages) before.push(tf.clone(average));
      return pass();
    } catch (error) {
      if (error instanceof Stopped) {
        for (const [i, stream] of streams.entries()) stream.recount(drawn[i] ?? 0);
        for (const [i, value] of before.entries()) averages[i]?.assign(value);
      }
      throw error;
    } finally {
      tf.dispose(before);
    }
  };
}
