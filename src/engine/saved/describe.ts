/** Describes a config's layers as Keras would, as far as files of weights need it: classes, names and contents. */

import type { JsonValue, LayerEntry } from "../../config/resolved.ts";
import { isList, type JsonObject, objectAt } from "../formats/models/savedModel.ts";
import { classNameOf } from "./kerasLayers.ts";

export function describe(layers: readonly LayerEntry[]): JsonObject {
  return {
    class_name: "Sequential",
    config: { layers: layers.map(({ type, name, args }) => described(type, name, args)) },
  };
}

function described(type: string, name: string, args: { readonly [key: string]: JsonValue }): JsonObject {
  const config: Record<string, JsonValue> = { name };
  const { layer, cell } = args;
  const inner = inside(layer ?? null);
  if (inner) {
    config["layer"] = inner;
    if (type === "bidirectional") config["backward_layer"] = inner;
  }
  const cells = isList(cell) ? cell.flatMap((one) => inside(one) ?? []) : null;
  if (cells) config["cell"] = { class_name: "StackedRNNCells", config: { cells } };
  else if (cell !== undefined) config["cell"] = inside(cell);
  return { class_name: classNameOf(type), config };
}

function inside(value: JsonValue): JsonObject | null {
  const entry = objectAt(value);
  return entry ? described(String(entry["type"]), String(entry["name"] ?? entry["type"]), entry) : null;
}
