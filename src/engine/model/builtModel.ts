/** A tfjs model, with a link from each of its layers to the config. */

import type * as tf from "@tensorflow/tfjs-core";
import type * as tfl from "@tensorflow/tfjs-layers";
import type { Problem } from "../../config/problem.ts";
import type { JsonPath, LayerEntry, LossName } from "../../config/resolved.ts";

/** An input or an output of a model: its name, and the shape of one sample. */
export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface BuiltLayer {
  /**
   * The config's name; names of inner layers of wrappers follow a slash: `bidirectional/forward`,
   * `time_distributed/dense`.
   */
  readonly name: string;
  /** tf.layers factory name; an inner layer has its own. */
  readonly type: string;
  /** Place in the config; for an inner layer that of the wrapper's `layer`. */
  readonly path: JsonPath;
  /** The entry of `layers` that this layer is or belongs to. */
  readonly entry: LayerEntry;
  readonly layer: tfl.layers.Layer;
  /** The wrapper around it. */
  readonly wrapper: BuiltLayer | null;
  /** The layers it wraps; [] except for bidirectional (forward, backward) and timeDistributed. */
  readonly inner: readonly BuiltLayer[];
}

export interface BuiltModel {
  readonly model: tfl.LayersModel;
  /** In the config's order, with inner layers right after their wrapper. */
  readonly layers: readonly BuiltLayer[];
  readonly byLayer: ReadonlyMap<tfl.layers.Layer, BuiltLayer>;
  /** Its inputs in order: names and shapes of one sample. */
  readonly inputs: readonly NamedShape[];
  /** Its outputs in order: names of layers and shapes of one sample. */
  readonly outputs: readonly NamedShape[];
  /** Shape of one sample's output; for several outputs, the total number of values. */
  readonly outputShape: readonly number[];
  /** Outputs that the model's file treats as logits, by name, with the cross-entropy that does so. */
  readonly logits: ReadonlyMap<string, LossName>;
  /** Differences between the model and its file that the author should know about. */
  readonly remarks: readonly Problem[];
  /** Number of weights, trainable or not. */
  readonly parameters: number;
  /** Frees all weights. The model cannot be used afterwards. */
  dispose(): void;
}

/** The entries of its layers in order, also for a model from a file. */
export function entriesOf({ layers }: BuiltModel): readonly LayerEntry[] {
  return layers.filter(({ wrapper }) => wrapper === null).map(({ entry }) => entry);
}

export interface Weight {
  /** Short name, unique within the layer: `kernel`, `recurrent_kernel`, `bias`. */
  readonly name: string;
  readonly variable: tf.Variable;
  readonly trainable: boolean;
}

/** A layer's own weights. A wrapper has none; its inner layers have them. */
export function weightsOf({ layer, inner }: BuiltLayer): Weight[] {
  if (inner.length > 0) return [];
  const trainable = new Set(layer.trainableWeights);
  const names = layer.weights.map((w) => w.originalName.split("/"));
  const short = names.map((parts) => parts.at(-1) ?? "weight");
  return layer.weights.map((weight, i) => {
    // Stacked cells each have a kernel: `RNNCell_0/kernel`.
    const name = short.filter((s) => s === short[i]).length > 1 ? names[i]!.slice(-2).join("/") : short[i]!;
    const variable = weight.read();
    return { name, variable: asVariable(variable), trainable: trainable.has(weight) };
  });
}

/** `LayerVariable.read` returns its tf.Variable, though its type says Tensor. */
function asVariable(tensor: tf.Tensor): tf.Variable {
  if (!isVariable(tensor)) throw new Error("a layer's weight is no tf.Variable");
  return tensor;
}

function isVariable(tensor: tf.Tensor): tensor is tf.Variable {
  return "assign" in tensor;
}
