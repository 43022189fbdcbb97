/**
 * Makes everything random in a layer reproducible. Each weight's initializer and each layer's dropout or noise has its
 * own seed, derived from the model's seed and its place, so that no two weights are equal.
 */

import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { buildingWords } from "../../messages/building.ts";
import { createRandom, deriveSeed } from "../data/random.ts";
import { UnfitArgument } from "../layers/unfitArgument.ts";
import { internal } from "../tfjs/internals.ts";
import { drawFrom } from "../tfjs/patches/randomCalls.ts";
import { innerLayers, withInnerLayers } from "./innerLayers.ts";
import { fillOrthogonal } from "./orthogonal.ts";

/**
 * Seeds a layer. Call this before the layer is built.
 * @param place distinguishes the layer from all others of the model.
 */
export function seedLayer(layer: tfl.layers.Layer, seed: number, place: string): void {
  for (const key of Object.keys(layer)) {
    const initializer = internal(layer, key);
    if (key.endsWith("Initializer") && initializer instanceof tf.serialization.Serializable) {
      seedInitializer(initializer, key, deriveSeed(seed, place, key));
    }
  }
  seedCalls(layer, deriveSeed(seed, place, "call"));
  innerLayers(layer).forEach((inner, i) => {
    seedLayer(inner, seed, `${place}/${i}`);
  });
}

/**
 * Seeds one initializer. It may be called twice for the same one: tfjs's separableConv2d has its depthwise initializer
 * under two names.
 *
 * @param key argument of its layer.
 */
function seedInitializer(initializer: tf.serialization.Serializable, key: string, derived: number): void {
  if (initializer.getClassName() === "Identity") refuseUnlessSquare(initializer, key);
  if (!("seed" in initializer)) return;
  const own: unknown = initializer.seed;
  // tfjs treats a seed of 0 as no seed.
  const seed = typeof own === "number" ? own || deriveSeed(0) : derived;
  initializer.seed = seed;
  if (initializer.getClassName() === "Orthogonal") {
    const gain = internal(initializer, "gain");
    Object.defineProperty(initializer, "apply", {
      configurable: true,
      value: (shape: number[]) => {
        if (shape.length < 2) throw new UnfitArgument(key, buildingWords().orthogonalVector);
        return orthogonalTensor(shape, typeof gain === "number" ? gain : 1, seed);
      },
    });
  }
  if (initializer.getClassName() === "VarianceScaling") keepVariance(initializer, seed);
}

function refuseUnlessSquare(initializer: tf.serialization.Serializable, key: string): void {
  const apply = internal(initializer, "apply");
  if (typeof apply !== "function") throw new Error(`the initializer of ${key} has no apply`);
  Object.defineProperty(initializer, "apply", {
    configurable: true,
    value: (shape: number[], ...rest: unknown[]): unknown => {
      const [rows, columns] = shape;
      if (shape.length !== 2 || rows !== columns) {
        const square =
          shape.length < 2 ? buildingWords().identityVector : buildingWords().identityShape(shape.join(" × "));
        throw new UnfitArgument(key, square);
      }
      return Reflect.apply(apply, initializer, [shape, ...rest]);
    },
  });
}

/** Standard deviation of a standard Gaussian cut off at ±2: √(1 − 4φ(2)/(2Φ(2) − 1)). */
const truncatedDeviation = 0.879_625_661_034_239_78;

/**
 * Glorot, He and LeCun define a variance. tfjs (4.22) truncates a Gaussian with that variance, which leaves 77 % of it,
 * and treats the distribution "truncatedNormal" as "uniform". Keras widens the Gaussian first, and so does this.
 */
function keepVariance(initializer: tf.serialization.Serializable, seed: number): void {
  const [scale, mode, distribution] = ["scale", "mode", "distribution"].map((key): unknown =>
    internal(initializer, key),
  );
  if (distribution === "uniform" || typeof scale !== "number") return;
  const widened = tfl.initializers.varianceScaling({
    scale: scale / truncatedDeviation ** 2,
    mode: mode === "fanOut" || mode === "fanAvg" ? mode : "fanIn",
    distribution: "normal",
    seed,
  });
  Object.defineProperty(initializer, "apply", { configurable: true, value: (shape: number[]) => widened.apply(shape) });
}

/**
 * Works for any rank: the last axis is the columns, the others together are the rows. Replaces tfjs's own initializer,
 * which takes O(n³) tensor operations.
 */
function orthogonalTensor(shape: number[], gain: number, seed: number): tf.Tensor {
  const columns = shape.at(-1) ?? 1;
  const rows = tf.util.sizeFromShape(shape.slice(0, -1));
  const values = new Float32Array(rows * columns);
  return tf.tensor(fillOrthogonal(values, [rows, columns], gain, createRandom(seed)), shape);
}

/** The random numbers for one layer's calls. */
export interface RandomStream {
  /** How many numbers have been drawn. */
  readonly drawn: number;
  skip(n: number): void;
  /** Counts only `n` as drawn, for a run that ends within a step. Later numbers do not go on from there. */
  recount(n: number): void;
}

const streams = new WeakMap<tfl.layers.Layer, RandomStream>();

/** Streams of the layers and of all layers inside them, each once, in an order that depends on the model alone. */
export function randomStreams(layers: readonly tfl.layers.Layer[]): readonly RandomStream[] {
  return [...new Set(layers.flatMap(withInnerLayers))].flatMap((layer) => streams.get(layer) ?? []);
}

/**
 * Makes each call draw from the layer's own stream: new masks at every step, and the same ones in every run. A seed of
 * tfjs's own would drop the same units at every step.
 */
function seedCalls(layer: tfl.layers.Layer, derived: number): void {
  const own = internal(layer, "seed");
  const random = createRandom(typeof own === "number" ? own : derived);
  const stream = {
    drawn: 0,
    skip(n: number): void {
      stream.drawn += n;
      random.skip(n);
    },
    recount(n: number): void {
      stream.drawn = n;
    },
  };
  const uniform = (): number => {
    stream.drawn++;
    return random.uniform();
  };
  if (drawFrom(layer, uniform)) streams.set(layer, stream);
}
