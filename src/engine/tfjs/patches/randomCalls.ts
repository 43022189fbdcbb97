/**
 * The random numbers of dropout and noise, from a stream of one's own. tfjs seeds each random tensor from Math.random
 * unless the layer has a seed, and with a seed it draws the same tensor in every call.
 */

import * as tf from "@tensorflow/tfjs-core";
import type { layers } from "@tensorflow/tfjs-layers";
import { internal, numberAt, override, setInternal } from "../internals.ts";

type Layer = layers.Layer;

/** The next random number in [0, 1). Each random tensor takes one, as its seed. */
type Draw = () => number;

/** Makes a layer's noise; called only in training. */
type Noise = (x: tf.Tensor, layer: Layer, draw: Draw) => tf.Tensor;

/** Layers to which tfjs passes no seed at all. */
const noises: { readonly [className: string]: Noise } = {
  GaussianNoise: (x, layer, draw) => tf.add(gaussian(x.shape, 0, numberAt(layer, "stddev") ?? 0, draw), x),
  GaussianDropout: (x, layer, draw) => {
    const rate = rateOf(layer);
    return rate === null ? x : tf.mul(x, gaussian(x.shape, 1, Math.sqrt(rate / (1 - rate)), draw));
  },
  AlphaDropout: (x, layer, draw) => {
    const rate = rateOf(layer);
    return rate === null ? x : alphaDropout(x, rate, noiseShape(layer) ?? x.shape, draw);
  },
};

/**
 * Makes a layer with dropout or noise draw from a stream. Call this once, before the layer is called.
 *
 * @returns false for a layer that draws nothing.
 */
export function drawFrom(layer: Layer, draw: Draw): boolean {
  const className = layer.getClassName();
  const noise = Object.hasOwn(noises, className) ? noises[className] : undefined;
  if (noise) addNoise(layer, noise, draw);
  else if (className === "Dropout" || className === "SpatialDropout1D") seedDropout(layer, draw);
  else if ("dropoutFunc" in layer && dropsInside(layer)) {
    setInternal(layer, "dropoutFunc", (ones: tf.Tensor, rate: number) => tf.dropout(ones, rate, undefined, seed(draw)));
    cellDraws.set(layer, draw);
  } else return false;
  return true;
}

/** The streams of recurrent cells, and of attention. */
const cellDraws = new WeakMap<Layer, Draw>();

/**
 * Makes a cell draw only the first mask of its inputs and the first of its states until the returned function is called:
 * tfjs draws one for each gate and uses the first for all. The others still take their random number, so that the stream
 * stays the same.
 */
export function drawFirstMasksOnly(cell: Layer): () => void {
  const draw = cellDraws.get(cell);
  const make: unknown = internal(cell, "dropoutFunc");
  if (!draw || typeof make !== "function") return () => {};
  const seen = new Set<boolean>();
  return override(cell, "dropoutFunc", (ones: tf.Tensor, rate: number): unknown => {
    // The masks of the inputs, if there are any, are complete before those of the states are drawn.
    const ofStates = internal(cell, "dropoutMask") !== null;
    if (!seen.has(ofStates)) {
      seen.add(ofStates);
      return Reflect.apply(make, cell, [ones, rate]);
    }
    draw();
    return ones;
  });
}

/** Whether a recurrent cell drops inputs or states, or attention some of its shares. */
function dropsInside(layer: Layer): boolean {
  return ["dropout", "recurrentDropout"].some((key) => (numberAt(layer, key) ?? 0) > 0);
}

/** The share of dropped values; null if nothing, or all, is dropped: tfjs then leaves the values as they are. */
function rateOf(layer: Layer): number | null {
  const rate = numberAt(layer, "rate") ?? 0;
  return 0 < rate && rate < 1 ? rate : null;
}

function addNoise(layer: Layer, noise: Noise, draw: Draw): void {
  layer.call = (inputs, kwargs) => {
    const [x] = [inputs].flat();
    if (!x) throw new Error(`${layer.name} has no input.`);
    return kwargs["training"] ? tf.tidy(() => noise(x, layer, draw)) : x;
  };
}

/** Gives the layer a new seed for each call. */
function seedDropout(layer: Layer, draw: Draw): void {
  const call = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => {
    const drops = Boolean(kwargs["training"]) && rateOf(layer) !== null;
    const restore = override(layer, "seed", drops ? seed(draw) : undefined);
    try {
      return call(inputs, kwargs);
    } finally {
      restore();
    }
  };
}

/** tfjs treats a seed of 0 as no seed. */
function seed(draw: Draw): number {
  return draw() || Number.MIN_VALUE;
}

function gaussian(shape: number[], mean: number, deviation: number, draw: Draw): tf.Tensor {
  return tf.randomNormal(shape, mean, deviation, "float32", seed(draw));
}

/** The shape of alphaDropout's mask, if its config states one. */
function noiseShape(layer: Layer): number[] | null {
  const shape = internal(layer, "noiseShape");
  return Array.isArray(shape) && shape.every((size) => typeof size === "number") ? shape : null;
}

/** What selu gives far below zero: −λα (Klambauer et al. 2017, equation 2). */
const seluFloor = -1.758_099_340_847_376_8;

/**
 * Sets values to selu's floor, and then scales and shifts all so that mean and variance are kept (Klambauer et al.
 * 2017, "Alpha dropout"). tfjs (4.22) sets them to the floor's negative, which shifts the mean.
 */
function alphaDropout(x: tf.Tensor, rate: number, shape: number[], draw: Draw): tf.Tensor {
  const kept = tf.cast(tf.greaterEqual(tf.randomUniform(shape, 0, 1, "float32", seed(draw)), rate), "float32");
  const scale = ((1 - rate) * (1 + rate * seluFloor ** 2)) ** -0.5;
  const dropped = tf.mul(tf.sub(1, kept), seluFloor);
  return tf.add(tf.mul(tf.add(tf.mul(x, kept), dropped), scale), -scale * seluFloor * rate);
}
