/** Lists the layers and cells that an entry of `layers` consists of. */

import { isObject } from "./merge.ts";
import type { JsonPath, JsonValue, LayerEntry } from "./resolved.ts";

/** The entry itself, or a layer or cell inside it. */
export interface LayerPart {
  readonly type: string;
  readonly args: LayerEntry["args"];
  readonly path: JsonPath;
}

/** The arguments in which other layers or cells are written. */
const innerKeys = ["layer", "cell", "cells"] as const;

/** The entry and everything inside it, outermost first. */
export function partsOf({ type, args, path }: LayerPart): readonly LayerPart[] {
  const inside = innerKeys.flatMap((key) => described(args[key], [...path, key]));
  return [{ type, args, path }, ...inside];
}

function described(value: JsonValue | undefined, path: JsonPath): readonly LayerPart[] {
  if (Array.isArray(value)) return value.flatMap((item: JsonValue, i) => described(item, [...path, i]));
  if (!isObject(value)) return [];
  const { type } = value;
  return typeof type === "string" ? partsOf({ type, args: value, path }) : [];
}
