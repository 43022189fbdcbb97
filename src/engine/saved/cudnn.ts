/**
 * Translates Keras 2's CuDNNLSTM and CuDNNGRU to layers that compute the same on any processor. Their weights have the
 * layout of NVIDIA's library; Keras converts them in the same way when it loads them into LSTM and GRU
 * (`preprocess_weights_for_loading` in keras/saving/legacy/hdf5_format.py).
 */

import type { JsonValue } from "../../config/resolved.ts";
import { savedWords } from "../../messages/savedModels.ts";
import { type JsonObject, objectAt, SavedError, type SavedWeight } from "../formats/models/savedModel.ts";
import type { SavedLayer } from "./graph.ts";

export interface PlainLayer {
  readonly layer: SavedLayer;
  /** Converts the file's weights of the layer to the plain layer's. */
  readonly convert: (weights: readonly SavedWeight[]) => readonly SavedWeight[];
}

interface Cudnn {
  readonly className: string;
  readonly gates: number;
  readonly config: JsonObject;
}

const kinds: { readonly [className: string]: Cudnn } = {
  CuDNNLSTM: { className: "LSTM", gates: 4, config: { activation: "tanh", recurrent_activation: "sigmoid" } },
  CuDNNGRU: {
    className: "GRU",
    gates: 3,
    config: { activation: "tanh", recurrent_activation: "sigmoid", reset_after: true },
  },
};

/** The layer itself if no part of it is CuDNN's. */
export function withoutCudnn(layer: SavedLayer): PlainLayer {
  const own = kindOf(layer.className);
  if (own) return { layer: plain(layer, own), convert: (weights) => converted(layer.name, weights, own) };
  const inner = objectAt(layer.config["layer"]);
  const kind = kindOf(inner?.["class_name"]);
  if (!inner || !kind) return { layer, convert: (weights) => weights };
  const config: Record<string, JsonValue> = { ...layer.config, layer: plainInner(inner, kind) };
  const backward = objectAt(layer.config["backward_layer"]);
  if (backward) config["backward_layer"] = plainInner(backward, kind);
  return {
    layer: { ...layer, config },
    convert: (weights) => {
      const each = 3;
      const parts = Array.from({ length: Math.ceil(weights.length / each) }, (_, i) =>
        weights.slice(i * each, (i + 1) * each),
      );
      return parts.flatMap((part) => converted(layer.name, part, kind));
    },
  };
}

function kindOf(className: JsonValue | undefined): Cudnn | undefined {
  return typeof className === "string" && Object.hasOwn(kinds, className) ? kinds[className] : undefined;
}

function plain(layer: SavedLayer, { className, config }: Cudnn): SavedLayer {
  return { ...layer, className, config: { ...layer.config, ...config } };
}

function plainInner(inner: JsonObject, { className, config }: Cudnn): JsonObject {
  return { ...inner, class_name: className, config: { ...objectAt(inner["config"] ?? null), ...config } };
}

function converted(name: string, weights: readonly SavedWeight[], { gates, className }: Cudnn): readonly SavedWeight[] {
  const [kernel, recurrent, bias] = weights;
  const units = recurrent?.shape[0] ?? 0;
  const fits =
    kernel?.shape.length === 2 &&
    kernel.shape[1] === gates * units &&
    recurrent?.shape.length === 2 &&
    recurrent.shape[1] === gates * units &&
    bias?.values.length === 2 * gates * units;
  if (!fits) throw new SavedError(savedWords().cudnn(name));
  return [turned(kernel, gates), transposed(recurrent, gates), className === "LSTM" ? summed(bias) : paired(bias)];
}

/** Fills the columns of each gate with the gate's entries in the order of the file's rows. */
function turned({ shape, values }: SavedWeight, gates: number): SavedWeight {
  const [rows = 0, width = 0] = shape;
  const units = width / gates;
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < width; column++) {
      const gate = Math.floor(column / units);
      const at = (column - gate * units) * rows + row;
      const [fromRow, fromColumn] = [Math.floor(at / units), at % units];
      result[row * width + column] = values[fromRow * width + gate * units + fromColumn]!;
    }
  return { shape, values: result };
}

/** Transposes each gate's square matrix. */
function transposed({ shape, values }: SavedWeight, gates: number): SavedWeight {
  const [units = 0] = shape;
  const width = gates * units;
  const result = new Float32Array(values.length);
  for (let row = 0; row < units; row++)
    for (let column = 0; column < width; column++) {
      const gate = Math.floor(column / units);
      result[row * width + column] = values[(column - gate * units) * width + gate * units + row]!;
    }
  return { shape, values: result };
}

/** Sums the input's and the state's bias, which an LSTM only adds. */
function summed({ values }: SavedWeight): SavedWeight {
  const half = values.length / 2;
  return { shape: [half], values: Float32Array.from({ length: half }, (_, i) => values[i]! + values[half + i]!) };
}

/** Keeps the two biases of a GRU separate, because its reset gate acts between them. */
function paired({ values }: SavedWeight): SavedWeight {
  return { shape: [2, values.length / 2], values };
}
