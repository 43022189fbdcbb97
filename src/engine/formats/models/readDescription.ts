/**
 * Reads Keras's description of a model without its weights: the result of `to_json()`, or the config.json of a
 * `.keras`.
 */

import type { JsonValue } from "../../../config/resolved.ts";
import { savedWords } from "../../../messages/savedModels.ts";
import { type Dialect, isList, type JsonObject, objectAt, SavedError, type SavedModel } from "./savedModel.ts";

/** Whether JSON describes a Keras model, and is not tfjs's model.json. */
export function isDescription(json: JsonObject): boolean {
  return typeof json["class_name"] === "string" && (objectAt(json["config"]) !== null || isList(json["config"]));
}

export function readDescription(topology: JsonObject): SavedModel {
  return {
    dialect: dialectOf(topology),
    topology,
    entries: null,
    resume: null,
    losses: [],
    weights: async () => {
      throw new SavedError(savedWords().noWeights);
    },
  };
}

/** Keras 2 writes its version; Keras 3 writes the module of each class instead. */
function dialectOf({ keras_version: version, module }: { readonly [key: string]: JsonValue }): Dialect {
  if (typeof version === "string") return Number.parseInt(version, 10) >= 3 ? "keras3" : "keras2";
  return module === undefined ? "keras2" : "keras3";
}
