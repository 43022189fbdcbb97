/**
 * Normalization without a factor (`scale`) or an offset (`center`). tfjs (4.22) accepts both arguments but still reads
 * the missing weights, in training or in any call. So ones or zeros replace a missing weight.
 */

import * as tf from "@tensorflow/tfjs-core";
import type { layers } from "@tensorflow/tfjs-layers";
import { internal, setInternal } from "../tfjs/internals.ts";

const standIns = [
  { argument: "scale", weight: "gamma", value: 1 },
  { argument: "center", weight: "beta", value: 0 },
] as const;

/** Completes a layer of either kind that has not been built yet; leaves any other layer unchanged. */
export function completeNormalization(layer: layers.Layer): layers.Layer {
  const missing = standIns.filter(({ argument }) => internal(layer, argument) === false);
  if (missing.length === 0) return layer;
  const getConfig = layer.getConfig.bind(layer);
  const build = layer.build.bind(layer);
  layer.getConfig = () => ({
    ...getConfig(),
    ...Object.fromEntries(missing.map(({ argument }) => [argument, false])),
  });
  layer.build = (inputShape) => {
    build(inputShape);
    const [shape] = Array.isArray(inputShape[0]) ? [inputShape[0]] : [inputShape];
    const sizes = axesOf(layer).map((axis) => Number(shape.at(axis)));
    for (const { argument, weight, value } of missing) {
      setInternal(layer, weight, { read: () => tf.fill(sizes, value) });
      setInternal(layer, argument, true);
    }
  };
  return layer;
}

function axesOf(layer: layers.Layer): readonly number[] {
  const axis = internal(layer, "axis");
  return (Array.isArray(axis) ? axis : [axis]).map(Number);
}
