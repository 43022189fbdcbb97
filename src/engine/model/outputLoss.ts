/**
 * The loss together with the last activation. Computed from probabilities, a cross-entropy ends at −ln 10⁻⁷, and what is
 * beyond passes no gradient: a net that is certain and wrong would look like one whose gradient vanishes. Computed from
 * what enters the softmax or the sigmoid, as Keras does, its gradient is probability − target, however certain the net.
 */

import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import type { LossName } from "../../config/resolved.ts";
import { internal, setInternal } from "../tfjs/internals.ts";
import type { BuiltLayer, BuiltModel } from "./builtModel.ts";
import { type LossFunction, lossFunction, lossOfLogits } from "./lossFunction.ts";

export interface OutputLoss {
  /** Of what the model gives. */
  readonly of: LossFunction;
  /** Where a single output answers yes or no: above it is a yes. */
  readonly threshold: number;
}

/** The activation that goes with a loss. */
const partners: { readonly [loss in LossName]?: string } = {
  binaryCrossentropy: "sigmoid",
  categoricalCrossentropy: "softmax",
  sparseCategoricalCrossentropy: "softmax",
};

/**
 * Takes the last activation off the model where it is the loss's partner: its outputs are logits from then on, and so are
 * all figures of its last layer. Its description stays what it was.
 *
 * @param fromLogits the outputs are logits as they are, whatever the last activation: as Keras's `from_logits=True`.
 */
export function outputLoss({ layers }: BuiltModel, name: LossName, fromLogits = false): OutputLoss {
  if (fromLogits) return { of: lossOfLogits(name), threshold: 0 };
  const last = layers.findLast((layer) => layer.wrapper === null);
  const partner = partners[name];
  if (last && partner !== undefined && takeOff(last, partner)) return { of: lossOfLogits(name), threshold: 0 };
  return { of: lossFunction(name), threshold: 0.5 };
}

function takeOff(last: BuiltLayer, partner: string): boolean {
  const { layer, type } = last.type === "timeDistributed" ? (last.inner.at(-1) ?? last) : last;
  const config = layer.getConfig();
  if (type === "softmax") {
    const shape = last.layer.outputShape;
    if (partner !== "softmax" || (config["axis"] !== -1 && config["axis"] !== shape.length - 1)) return false;
    setInternal(layer, "softmax", (x: tf.Tensor) => tf.clone(x));
  } else {
    if ((type !== "dense" && type !== "activation") || config["activation"] !== partner) return false;
    setInternal(layer, "activation", internal(tfl.layers.activation({ activation: "linear" }), "activation"));
  }
  Object.defineProperty(layer, "getConfig", { configurable: true, value: () => config });
  return true;
}
