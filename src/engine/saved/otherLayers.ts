/** Describes layers of Keras's that have no type of their own here by layers that compute the same. */

import type { JsonValue } from "../../config/resolved.ts";
import { type Dialect, isList, type JsonObject, objectAt } from "../formats/models/savedModel.ts";
import { reversedClass } from "./unfolding.ts";

interface Layer {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
}

const globalPooling = /^Global(Average|Max)Pooling([123])D$/;

/** The layer itself if it has a type of its own. */
export function asOtherLayer(layer: Layer, dialect: Dialect): Layer {
  const { name, className, config } = layer;
  const as = (other: string, own: JsonObject): Layer => ({ name, className: other, config: { name, ...own } });
  // Both hand their input on; the penalty is reported.
  if (className === "Identity" || className === "ActivityRegularization")
    return as("Activation", { dtype: config["dtype"] ?? null, activation: "linear" });
  const pooling = globalPooling.exec(className);
  if (pooling) return pooled(layer, pooling, as);
  if (/^SpatialDropout[23]D$/.test(className)) {
    const space = className.includes("2") ? [1, 1] : [1, 1, 1];
    const shape = config["data_format"] === "channels_first" ? [null, null, ...space] : [null, ...space, null];
    return as("Dropout", { rate: config["rate"] ?? null, noise_shape: shape });
  }
  if (className === "UpSampling2D" && dialect !== "tfjs" && config["interpolation"] === "bilinear")
    return { ...layer, config: { ...config, interpolation: "centeredBilinear" } };
  if (className === "RMSNormalization" && (config["axis"] === -1 || JSON.stringify(config["axis"]) === "[-1]"))
    return { ...layer, config: { ...config, axis: null } };
  if (className === "Normalization" && isList(config["axis"]) && config["axis"].length === 0)
    return { ...layer, config: { ...config, axis: null } };
  if (className === "EinsumDense")
    return (
      einsumDense(layer) ?? { ...layer, config: { ...config, output_shape: [config["output_shape"] ?? null].flat() } }
    );
  if (className === reversedClass) return as("Slice", { axis: 1, step: -1 });
  if (className === "Bidirectional") return bidirectional(layer, dialect);
  return layer;
}

/** An EinsumDense that sums over the last axis alone, as a Dense. */
function einsumDense(layer: Layer): Layer | null {
  const { name, config } = layer;
  const { equation, bias_axes: biasAxes = null, output_shape: outputShape = null, ...rest } = config;
  const parts = typeof equation === "string" ? /^([a-z.]+)([a-z]),\2([a-z])->\1\3$/.exec(equation) : null;
  const units = isList(outputShape) ? outputShape.at(-1) : outputShape;
  if (!parts || (biasAxes !== null && biasAxes !== parts[3]) || typeof units !== "number") return null;
  return { name, className: "Dense", config: { ...rest, units, use_bias: biasAxes !== null } };
}

/** Global pooling in three dimensions, over the features of a sequence, or whose axes stay with size 1. */
function pooled(
  layer: Layer,
  [, by, dimensions]: readonly string[],
  as: (className: string, config: JsonObject) => Layer,
): Layer {
  const { keepdims, data_format: format } = layer.config;
  const last = format === "channels_first";
  if (dimensions !== "3" && keepdims !== true && !(dimensions === "1" && last)) return layer;
  const first = last ? 2 : 1;
  const axis = Array.from({ length: Number(dimensions) }, (_, i) => first + i);
  return as("Reduce", { by: by === "Max" ? "max" : "mean", axis, keepDims: keepdims === true });
}

/** Keras sets `zero_output_for_mask` in both directions, but Keras 2 does not write it. */
function bidirectional(layer: Layer, dialect: Dialect): Layer {
  const config = { ...layer.config, ...ofSingleCells(layer.config) };
  if (dialect === "tfjs") return { ...layer, config };
  const both = ["layer", "backward_layer"].flatMap((key): [string, JsonValue][] => {
    const inner = objectAt(config[key]);
    const own = objectAt(inner?.["config"]);
    if (!inner || own?.["return_sequences"] !== true) return [];
    return [[key, { ...inner, config: { ...own, zero_output_for_mask: true } }]];
  });
  return { ...layer, config: { ...config, ...Object.fromEntries(both) } };
}

const ofCell: { readonly [cell: string]: string } = { LSTMCell: "LSTM", GRUCell: "GRU", SimpleRNNCell: "SimpleRNN" };

/** Both directions of `Bidirectional(RNN(LSTMCell(…)))` as `LSTM`, because tfjs cannot run `rnn` both ways. */
function ofSingleCells(config: JsonObject): JsonObject {
  const found = ["layer", "backward_layer"].flatMap((key): [string, JsonValue][] => {
    const inner = objectAt(config[key]);
    const own = objectAt(inner?.["config"]);
    const cell = objectAt(own?.["cell"]);
    const kind = ofCell[String(cell?.["class_name"])];
    if (inner?.["class_name"] !== "RNN" || !own || kind === undefined) return [];
    const { cell: _, ...loop } = own;
    const { name: __, ...gates } = objectAt(cell?.["config"]) ?? {};
    return [[key, { ...inner, class_name: kind, config: { ...gates, ...loop } }]];
  });
  return isList(config["layer"]) ? {} : Object.fromEntries(found);
}
