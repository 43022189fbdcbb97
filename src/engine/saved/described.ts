/** Reads what a saved model's description says of one layer. */

import type { JsonValue } from "../../config/resolved.ts";
import { savedWords } from "../../messages/savedModels.ts";
import { isList, type JsonObject, objectAt, SavedError } from "../formats/models/savedModel.ts";
import type { BareLayer } from "./unfolding.ts";

/** @throws SavedError if it is no layer's description. */
export function bare(item: JsonValue): BareLayer {
  const { class_name: className, config, name } = objectAt(item) ?? {};
  // Keras 2 described an early sequential model by a list.
  const content = className === "Sequential" && isList(config) ? { layers: config } : objectAt(config);
  const own = name ?? content?.["name"];
  if (typeof className !== "string" || typeof own !== "string" || !content)
    throw new SavedError(savedWords().undescribed);
  return { name: own, className, config: content };
}

/** `batch_shape` (Keras 3) or `batch_input_shape` (Keras 2, tfjs) without the batch. */
export function shapeOf(config: JsonObject): readonly (number | null)[] | null {
  const shape = config["batch_shape"] ?? config["batch_input_shape"];
  if (!isList(shape)) return null;
  return shape.slice(1).map((size) => (typeof size === "number" ? size : null));
}

export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return isList(value) ? value : [];
}
