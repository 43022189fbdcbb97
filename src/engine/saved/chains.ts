/** Layers of Keras's that several layers one after the other compute here. */

import type { JsonValue } from "../../config/resolved.ts";
import { savedWords } from "../../messages/savedModels.ts";
import { isList, type JsonObject, SavedError, type SavedWeight } from "../formats/models/savedModel.ts";
import type { BareLayer } from "./unfolding.ts";

/**
 * @param states number of states with which it begins.
 * @returns null: it is a layer of its own. The one with the weights keeps its name.
 */
export function chainOf(layer: BareLayer, states: number): readonly BareLayer[] | null {
  if (layer.className === "Cropping3D") return croppings(layer);
  if (layer.className !== "ConvLSTM1D") return null;
  if (states > 0) throw new SavedError(savedWords().rowStates(layer.name));
  return imagesOfOneRow(layer);
}

/** A slice of each of the three axes. */
function croppings({ name, config }: BareLayer): readonly BareLayer[] {
  const { cropping = 1, data_format: format } = config;
  const sides = isList(cropping) ? cropping : [cropping, cropping, cropping];
  const first = format === "channels_first" ? 2 : 1;
  return sides.map((side, i) => {
    const [before = 0, after = 0] = (isList(side) ? side : [side, side]).map(Number);
    const own = i === sides.length - 1 ? name : `${name}_axis${i + 1}`;
    const end = after === 0 ? {} : { end: -after };
    return { name: own, className: "Slice", config: { name: own, axis: first + i, start: before, ...end } };
  });
}

/** A ConvLSTM2D on images of one row. */
function imagesOfOneRow({ name, config }: BareLayer): readonly BareLayer[] {
  const across = config["data_format"] === "channels_first" ? 3 : 2;
  const [before, after] = [`${name}_row`, `${name}_line`];
  const pair = (value: JsonValue | undefined): JsonObject[string] => [
    1,
    isList(value) ? (value[0] ?? 1) : (value ?? 1),
  ];
  const { kernel_size: size, strides, dilation_rate: dilation, return_state: _, ...rest } = config;
  const images = { ...rest, kernel_size: pair(size), strides: pair(strides), dilation_rate: pair(dilation) };
  const axis = config["return_sequences"] === true ? across : across - 1;
  return [
    { name: before, className: "ExpandDims", config: { name: before, axis: across } },
    { name, className: "ConvLSTM2D", config: images },
    { name: after, className: "Slice", config: { name: after, axis, index: 0 } },
  ];
}

/** The weights of a ConvLSTM1D as those of a ConvLSTM2D: kernels get a first axis of one row. */
export function withRows(weights: readonly SavedWeight[]): readonly SavedWeight[] {
  return weights.map((weight) => (weight.shape.length === 3 ? { ...weight, shape: [1, ...weight.shape] } : weight));
}
