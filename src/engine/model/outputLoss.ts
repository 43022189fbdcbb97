/**
 * Combines the loss with the last activation. Computed from probabilities, a cross-entropy is capped at −ln 10⁻⁷ and
 * passes no gradient beyond that: a net that is certain and wrong would look like one whose gradient vanishes. So it is
 * computed from the inputs of the softmax or the sigmoid, as Keras does; then its gradient is probability − target,
 * however certain the net is.
 */

import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import type { LossName } from "../../config/resolved.ts";
import { internal, setInternal } from "../tfjs/internals.ts";
import type { BuiltLayer, BuiltModel } from "./builtModel.ts";
import { type LossFunction, lossFunction, lossOfLogits } from "./lossFunction.ts";

export interface OutputLoss {
  /** The loss of the model's output. */
  readonly of: LossFunction;
  /** A single output above this threshold means yes. */
  readonly threshold: number;
}

/** The activation that belongs to a loss. */
const partners: { readonly [loss in LossName]?: string } = {
  binaryCrossentropy: "sigmoid",
  categoricalCrossentropy: "softmax",
  sparseCategoricalCrossentropy: "softmax",
};

/**
 * Removes the model's last activation if it is the loss's partner. From then on its outputs are logits, and so are all
 * figures of its last layer; its description does not change.
 *
 * @param fromLogits treats the outputs as logits, whatever the last activation is, like Keras's `from_logits=True`.
 */
export function outputLoss({ layers }: Pick<BuiltModel, "layers">, name: LossName, fromLogits = false): OutputLoss {
  if (fromLogits) return { of: lossOfLogits(name), threshold: 0 };
  const last = layers.findLast((layer) => layer.wrapper === null);
  const partner = partners[name];
  if (last && partner !== undefined && takeOff(last, partner)) return { of: lossOfLogits(name), threshold: 0 };
  return { of: lossFunction(name), threshold: 0.5 };
}

/** Whether a layer ends with the activation that belongs to a cross-entropy. */
export function endsWithPartner(last: BuiltLayer, loss: LossName): boolean {
  const partner = partners[loss];
  return partner !== undefined && partnerIn(last, last, partner);
}

/** @param of the layer itself, or the one inside it that gives its output. */
function partnerIn(last: BuiltLayer, { layer, type }: BuiltLayer, partner: string): boolean {
  const config = layer.getConfig();
  if (type !== "softmax") return (type === "dense" || type === "activation") && config["activation"] === partner;
  return partner === "softmax" && (config["axis"] === -1 || config["axis"] === last.layer.outputShape.length - 1);
}

function takeOff(last: BuiltLayer, partner: string): boolean {
  const own = last.type === "timeDistributed" ? (last.inner.at(-1) ?? last) : last;
  if (!partnerIn(last, own, partner)) return false;
  const { layer, type } = own;
  const config = layer.getConfig();
  if (type === "softmax") setInternal(layer, "softmax", (x: tf.Tensor) => tf.clone(x));
  else setInternal(layer, "activation", internal(tfl.layers.activation({ activation: "linear" }), "activation"));
  Object.defineProperty(layer, "getConfig", { configurable: true, value: () => config });
  return true;
}
