/**
 * The call of tfjs's conv2d layer, as one convolution with its bias. Its own call (4.22) uses tf.fused.conv2d, which
 * refuses the gradient of a dilated convolution, and always computes the gradient of the image, which a first layer
 * does not need.
 */

import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";
import { activationAt, internal, isOn, pairAt, valueAt } from "../internals.ts";
import { replaceCall } from "./layerCall.ts";

type Layer = layers.Layer;

/** Call this once, before the first layer is called. */
export function registerConvolutionCalls(): void {
  // A name of its own, so that tfjs counts no layer.
  replaceCall(layers.conv2d({ name: "sample", filters: 1, kernelSize: 1 }), convolved);
}

/** Null for a layer without a kernel, or an image of another rank: tfjs's own call then says what is wrong. */
function convolved(layer: Layer, x: tf.Tensor): tf.Tensor | null {
  const filter = valueAt(layer, "kernel");
  const bias = isOn(layer, "useBias") ? valueAt(layer, "bias") : null;
  const strides = pairAt(layer, "strides");
  const dilations = pairAt(layer, "dilationRate");
  const pad: unknown = internal(layer, "padding");
  if (!filter || !strides || !dilations || x.rank !== 4 || (pad !== "valid" && pad !== "same")) return null;
  const channelsFirst = internal(layer, "dataFormat") === "channelsFirst";
  const output = tf
    .engine()
    .runKernel(
      "FusedConv2D",
      { x: channelsFirst ? tf.transpose(x, [0, 2, 3, 1]) : x, filter, ...(bias && { bias }) },
      { strides, dilations, pad, dataFormat: "NHWC", activation: "linear" },
    );
  if (!(output instanceof tf.Tensor)) throw new Error("FusedConv2D returned more than one tensor");
  const images = channelsFirst ? tf.transpose(output, [0, 3, 1, 2]) : output;
  return activationAt(layer, "activation")?.apply(images) ?? images;
}
