/** Finds where models and layers are written, for lenses that must keep their place while the text is broken. */

import { nodeRange } from "./ranges.ts";
import type { JsonPath } from "./resolved.ts";
import { child, items, nodeAt, properties, type Range, readSource } from "./source.ts";

export interface ModelPlace {
  readonly name: string;
  readonly path: JsonPath;
  /** The model's key, quotes included. */
  readonly range: Range;
  /** The entries of its `layers`, whether valid or not. */
  readonly layers: readonly LayerPlace[];
}

export interface LayerPlace {
  readonly path: JsonPath;
  /** The value of `type`; null while it is missing. */
  readonly type: string | null;
  /** The `type` value, or the entry's first character if it has none. */
  readonly range: Range;
}

/** The models of a config in the order in which they are written. Works on any text as far as it can be parsed. */
export function modelOutline(text: string): readonly ModelPlace[] {
  const models = nodeAt(readSource(text).root, ["models"]);
  return properties(models).map(({ key, keyNode, value }) => ({
    name: key,
    path: ["models", key],
    range: nodeRange(keyNode),
    layers: items(child(value, "layers")).map((entry, i) => {
      const type = child(entry, "type");
      return {
        path: ["models", key, "layers", i],
        type: typeof type?.value === "string" ? type.value : null,
        range: type === undefined ? { offset: entry.offset, length: 1 } : nodeRange(type),
      };
    }),
  }));
}
