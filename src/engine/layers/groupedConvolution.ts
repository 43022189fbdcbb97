/** Convolutions whose channels are divided into groups, which tfjs (4.22) lacks. */

import * as tf from "@tensorflow/tfjs-core";
import { InputSpec, type layers } from "@tensorflow/tfjs-layers";
import { buildingWords } from "../../messages/building.ts";
import { internal, override, valueAt } from "../tfjs/internals.ts";
import { UnfitArgument } from "./unfitArgument.ts";

type Layer = layers.Layer;

/**
 * Divides a convolution, channels last, into groups: each has its own channels and its share of the filters
 * (Krizhevsky et al. 2012). Weights: kernel [..., channels / groups, filters], bias [filters].
 */
export function groupedConvolution(layer: Layer, groups: number): Layer {
  const build = layer.build.bind(layer);
  const call = layer.call.bind(layer);
  const getConfig = layer.getConfig.bind(layer);
  layer.getConfig = () => ({ ...getConfig(), groups });
  layer.build = (inputShape) => {
    const shape = inputShape.flat();
    const [channels, filters] = [Number(shape.at(-1)), Number(internal(layer, "filters"))];
    if (internal(layer, "dataFormat") === "channelsFirst")
      throw new UnfitArgument("dataFormat", buildingWords().channelsLast);
    if (channels % groups !== 0) throw new UnfitArgument("groups", buildingWords().channelGroups({ channels, groups }));
    if (filters % groups !== 0) throw new UnfitArgument("groups", buildingWords().filterGroups({ filters, groups }));
    build([...shape.slice(0, -1), channels / groups]);
    layer.inputSpec = [new InputSpec({ ndim: shape.length })];
  };
  layer.call = (inputs, kwargs) =>
    tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const [kernel, bias] = [valueAt(layer, "kernel"), valueAt(layer, "bias")];
      if (!x || !kernel) throw new Error(`The layer ${layer.name} was called before it was built.`);
      const kernels = tf.split(kernel, groups, -1);
      const parts = tf.split(x, groups, -1).map((part, i) => bare(layer, kernels[i]!, () => call(part, kwargs)));
      const joined = tf.concat(parts, -1);
      return activated(layer, bias ? tf.add(joined, bias) : joined);
    });
  return layer;
}

/** What a convolution gives with this kernel, without bias and activation. */
function bare(layer: Layer, kernel: tf.Tensor, call: () => tf.Tensor | tf.Tensor[]): tf.Tensor {
  const restore = [
    override(layer, "kernel", { read: () => kernel }),
    override(layer, "bias", null),
    // tfjs asks the activation of an image convolution for its name.
    override(layer, "activation", { getClassName: () => "linear", apply: (y: tf.Tensor) => y }),
  ];
  try {
    const [result] = [call()].flat();
    if (!result) throw new Error(`The layer ${layer.name} has no output.`);
    return result;
  } finally {
    for (const undo of restore.reverse()) undo();
  }
}

function activated(layer: Layer, y: tf.Tensor): tf.Tensor {
  const activation: unknown = internal(layer, "activation");
  if (typeof activation !== "object" || activation === null || !("apply" in activation)) return y;
  const result: unknown = Reflect.apply(Object(activation.apply), activation, [y]);
  return result instanceof tf.Tensor ? result : y;
}
