/** Arguments of tfjs's own layers that tfjs (4.22) accepts but computes otherwise than Keras, or not at all. */

import * as tf from "@tensorflow/tfjs-core";
import type { layers } from "@tensorflow/tfjs-layers";
import { internal, pairAt, setInternal, valueAt, weightAt } from "../tfjs/internals.ts";
import { fromStart } from "./oneInput.ts";

type Layer = layers.Layer;
type Inputs = tf.Tensor | tf.Tensor[];

function only(inputs: Inputs): tf.Tensor {
  const x = Array.isArray(inputs) ? inputs[0] : inputs;
  if (!x) throw new Error("A layer was called without input.");
  return x;
}

/**
 * Normalizes along any axis. tfjs's kernel takes the statistics for those of the last axis, whatever the axis is; so the
 * axis is made the last one for the call.
 */
export function batchNormalizationOfAnyAxis(layer: Layer): Layer {
  const axis = Number(internal(layer, "axis") ?? -1);
  const whole = layer.call.bind(layer);
  const call: typeof whole = (inputs, kwargs) => flattened(only(inputs), (x) => only(whole(x, kwargs)));
  layer.call = (inputs, kwargs) => tf.tidy(() => call(inputs, kwargs));
  if (axis === -1) return layer;
  const getConfig = layer.getConfig.bind(layer);
  layer.getConfig = () => ({ ...getConfig(), axis });
  layer.call = (inputs, kwargs) =>
    tf.tidy(() => {
      const x = only(inputs);
      const at = fromStart(axis, x.rank);
      setInternal(layer, "axis", -1);
      if (at === x.rank - 1) return call(x, kwargs);
      const order = swapped(x.rank, at);
      return tf.transpose(only(call(tf.transpose(x, order), kwargs)), order);
    });
  return layer;
}

/**
 * Takes masked timesteps off the statistics of a batch in training, as Keras 3 does (batch_normalization.py, `_moments`).
 * They are normalized like the others. A frozen layer normalizes by its moving averages and leaves them as they are, as in
 * Keras since version 2; tfjs takes the batch's.
 */
export function batchNormalizationOfUnmasked(layer: Layer): Layer {
  const axis = Number(internal(layer, "axis") ?? -1);
  const call = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => {
    const mask: unknown = kwargs?.["mask"];
    if (!layer.trainable) return call(inputs, { ...kwargs, training: false });
    if (kwargs?.["training"] !== true || !(mask instanceof tf.Tensor)) return call(inputs, kwargs);
    return tf.tidy(() => maskedNormalization(layer, only(inputs), mask, axis));
  };
  return layer;
}

function maskedNormalization(layer: Layer, x: tf.Tensor, mask: tf.Tensor, axis: number): tf.Tensor {
  const at = fromStart(axis, x.rank);
  const others = x.shape.flatMap((_, i) => (i === at ? [] : [i]));
  const flat = tf.cast(mask, "float32");
  const shown = tf.broadcastTo(tf.reshape(flat, [...mask.shape, ...x.shape.slice(mask.rank).map(() => 1)]), x.shape);
  const meanOf = (values: tf.Tensor) =>
    tf.div(tf.sum(tf.mul(values, shown), others, true), tf.add(tf.sum(shown, others, true), 1e-7));
  const mean = meanOf(x);
  const variance = meanOf(tf.square(tf.sub(x, mean)));
  const momentum = Number(internal(layer, "momentum"));
  for (const [weight, values] of [
    ["movingMean", mean],
    ["movingVariance", variance],
  ] as const) {
    const moving = weightAt(layer, weight);
    const former = moving.read();
    moving.write(tf.sub(former, tf.mul(tf.sub(former, tf.reshape(values, former.shape)), 1 - momentum)));
  }
  const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, Number(internal(layer, "epsilon")))));
  const [gamma, beta] = [valueAt(layer, "gamma"), valueAt(layer, "beta")];
  const scaled = gamma ? tf.mul(normal, tf.reshape(gamma, mean.shape)) : normal;
  return beta ? tf.add(scaled, tf.reshape(beta, mean.shape)) : scaled;
}

/** tfjs normalizes batches of up to four axes; only the last one matters here. */
function flattened(x: tf.Tensor, normalize: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  return x.rank > 4 ? tf.reshape(normalize(tf.reshape(x, [-1, x.shape.at(-1) ?? 1])), x.shape) : normalize(x);
}

/** The order of axes in which one of them and the last one have changed places. */
function swapped(rank: number, axis: number): number[] {
  return Array.from({ length: rank }, (_, i) => (i === axis ? rank - 1 : i === rank - 1 ? axis : i));
}

/** tfjs ignores `dilationRate` in depthwiseConv2d. */
export function dilatedDepthwise(layer: Layer): Layer {
  const dilation = pairAt(layer, "dilationRate");
  if (!dilation || dilation.every((rate) => rate === 1) || internal(layer, "dataFormat") === "channelsFirst")
    return layer;
  const size = pairAt(layer, "kernelSize") ?? [1, 1];
  const same = internal(layer, "padding") === "same";
  layer.call = (inputs) =>
    tf.tidy(() => {
      const [kernel, bias] = [valueAt(layer, "depthwiseKernel"), valueAt(layer, "bias")];
      if (!kernel) throw new Error("The layer has not been built.");
      const y = tf.depthwiseConv2d(
        tf.reshape<tf.Rank.R4>(only(inputs), sizes(only(inputs))),
        tf.reshape<tf.Rank.R4>(kernel, sizes(kernel)),
        [1, 1],
        same ? "same" : "valid",
        "NHWC",
        dilation,
      );
      const biased = bias ? tf.add(y, bias) : y;
      const activation: unknown = internal(layer, "activation");
      if (typeof activation !== "object" || activation === null || !("apply" in activation)) return biased;
      const result: unknown = Reflect.apply(Object(activation.apply), activation, [biased]);
      return result instanceof tf.Tensor ? result : biased;
    });
  const shape = layer.computeOutputShape.bind(layer);
  Object.defineProperty(layer, "computeOutputShape", {
    value: (inputShape: Parameters<typeof shape>[0]) => {
      const [batch, , , channels] = shape(inputShape).flat();
      const given = inputShape
        .flat()
        .slice(1, 3)
        .map((each, i) => Number(each) - (same ? 0 : (size[i]! - 1) * dilation[i]!));
      return [batch, ...given, channels];
    },
  });
  return layer;
}

function sizes({ shape: [first = 0, second = 0, third = 0, fourth = 0] }: tf.Tensor): [number, number, number, number] {
  return [first, second, third, fourth];
}

/** Bilinear upsampling between the centers of pixels, as in Keras; tfjs's interpolates between their corners. */
export function centeredUpSampling(layer: Layer): Layer {
  const [rows, columns] = pairAt(layer, "size") ?? [2, 2];
  const first = internal(layer, "dataFormat") === "channelsFirst";
  const getConfig = layer.getConfig.bind(layer);
  layer.getConfig = () => ({ ...getConfig(), interpolation: "centeredBilinear" });
  layer.call = (inputs) =>
    tf.tidy(() => {
      const x = first ? tf.transpose(only(inputs), [0, 2, 3, 1]) : only(inputs);
      const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
      const [taller, wider] = [height * rows, width * columns];
      const down = tf.matMul(between(height, taller), tf.reshape(x, [batch, height, width * channels]));
      const y = tf.matMul(between(width, wider), tf.reshape(down, [batch * taller, width, channels]));
      const image = tf.reshape(y, [batch, taller, wider, channels]);
      return first ? tf.transpose(image, [0, 3, 1, 2]) : image;
    });
  return layer;
}

/** 1 × more × fewer: the share of each pixel in each new one. */
function between(fewer: number, more: number): tf.Tensor {
  const shares = new Float32Array(more * fewer);
  for (let i = 0; i < more; i++) {
    const at = Math.min(Math.max(((i + 0.5) * fewer) / more - 0.5, 0), fewer - 1);
    const low = Math.floor(at);
    const high = Math.min(low + 1, fewer - 1);
    shares[i * fewer + low]! += 1 - (at - low);
    shares[i * fewer + high]! += at - low;
  }
  return tf.tensor3d(shares, [1, more, fewer]);
}

/** The mean of a sequence without its masked timesteps, as in Keras; tfjs counts them. */
export function meanOfUnmasked(layer: Layer): Layer {
  const call = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => {
    const mask: unknown = kwargs?.["mask"];
    if (!(mask instanceof tf.Tensor)) return call(inputs, kwargs);
    return tf.tidy(() => {
      const shown = tf.expandDims(tf.cast(mask, "float32"), -1);
      // A sequence of padding alone has the mean 0.
      return tf.div(tf.sum(tf.mul(only(inputs), shown), 1), tf.maximum(tf.sum(shown, 1), 1));
    });
  };
  return layer;
}

/** A convolution over time that sees no later timestep. tfjs knows `causal` but does not compute it. */
export function causalConvolution(layer: Layer): Layer {
  const call = layer.call.bind(layer);
  const getConfig = layer.getConfig.bind(layer);
  layer.getConfig = () => ({ ...getConfig(), padding: "causal" });
  const number = (key: string): number => Number([internal(layer, key)].flat()[0] ?? 1);
  const before = (number("kernelSize") - 1) * number("dilationRate");
  setInternal(layer, "padding", "valid");
  layer.call = (inputs, kwargs) =>
    tf.tidy(() =>
      call(
        tf.pad(only(inputs), [
          [0, 0],
          [before, 0],
          [0, 0],
        ]),
        kwargs,
      ),
    );
  const filters = number("filters");
  Object.defineProperty(layer, "computeOutputShape", {
    value: (inputShape: Parameters<typeof layer.computeOutputShape>[0]) => {
      const [batch, timesteps] = inputShape.flat();
      return [batch, Math.ceil(Number(timesteps) / number("strides")), filters];
    },
  });
  return layer;
}

/** A convLstm2d that may begin with states: tfjs (4.22) takes the shapes of input and states for that of the input. */
export function imagesFromStates(layer: layers.Layer): layers.Layer {
  const computeOutputShape = layer.computeOutputShape.bind(layer);
  layer.computeOutputShape = (shapes) => {
    const [first] = shapes;
    return computeOutputShape(Array.isArray(first) ? first : shapes);
  };
  return layer;
}
