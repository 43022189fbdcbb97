/** Finds where in the text a place of the config is shown. */

import type { Node } from "jsonc-parser";
import type { JsonPath } from "./resolved.ts";
import { child, propertyOf, type Range, type Source } from "./source.ts";

/**
 * The characters to underline for `path`.
 *
 * A place that does not exist is shown at its nearest existing ancestor. A value of several lines is shown by its most
 * recognisable part: an entry with a `type` by that type, anything else by its key; a model always by its key, a layer
 * entry always by its type, the whole config by its opening brace.
 */
export function rangeOf(source: Source, path: JsonPath, on: "value" | "key" = "value"): Range {
  let node = source.root;
  if (node === undefined) return { offset: 0, length: Math.min(1, source.text.length) };
  let key: Node | undefined;
  for (const [depth, segment] of path.entries()) {
    const property = typeof segment === "string" ? propertyOf(node, segment) : undefined;
    const next = child(node, segment);
    if (next === undefined) {
      if (property !== undefined) return nodeRange(property.keyNode);
      return containerRange(node, key);
    }
    key = property?.keyNode;
    node = next;
    if (depth === path.length - 1 && on === "key" && key !== undefined) return nodeRange(key);
  }
  if (isLayerEntry(path) || isModel(path) || path.length === 0 || source.lines.isBroken(node.offset, node.length))
    return containerRange(node, key);
  return nodeRange(node);
}

function containerRange(node: Node, key: Node | undefined): Range {
  const type = child(node, "type");
  if (type !== undefined) return nodeRange(type);
  if (key !== undefined) return nodeRange(key);
  return node.type === "object" || node.type === "array" ? { offset: node.offset, length: 1 } : nodeRange(node);
}

export function nodeRange(node: Node): Range {
  return { offset: node.offset, length: node.length };
}

function isModel(path: JsonPath): boolean {
  return path.length === 2 && path[0] === "models";
}

function isLayerEntry(path: JsonPath): boolean {
  return path.length === 4 && path[0] === "models" && path[2] === "layers";
}
