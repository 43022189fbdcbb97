/**
 * Removes the masks that Keras 3 writes. A functional model of Keras 3 contains each mask as separate operations
 * (`NotEqual`, then `Any`), and passes it to each layer that takes one (`mask=`). Here, as in Keras 2, a mask travels
 * with the output of the layer that made it. So masks that Keras made automatically are removed from the description;
 * any other mask is refused.
 */

import { has, typeOfClass } from "../../config/layerCatalogue.ts";
import { maxLayers } from "../../config/limits.ts";
import type { JsonValue } from "../../config/resolved.ts";
import { savedWords } from "../../messages/savedModels.ts";
import { isList, type JsonObject, objectAt, SavedError } from "../formats/models/savedModel.ts";

/** One use of a layer or an operation. */
interface Node {
  /** The layer's name with the number of the use, as tensors refer to it. */
  readonly key: string;
  readonly layer: string;
  readonly className: string;
  readonly config: JsonObject;
  readonly args: readonly JsonValue[];
  readonly kwargs: JsonObject;
}

/**
 * @param topology Keras's description of a model.
 * @returns the same without its automatic masks.
 * @throws SavedError if a layer gets any other mask.
 */
export function withoutAutomaticMasks(topology: JsonObject): JsonObject {
  const content = objectAt(topology["config"]);
  const items = content?.["layers"];
  // Longer lists are refused later, when the layers are counted.
  if (!content || !isList(items) || items.length > 4 * maxLayers) return topology;
  const nodes = new Map(items.flatMap((item) => nodesOf(item)).map((node) => [node.key, node]));
  const masks = new Set<string>();
  for (const node of nodes.values()) {
    const mask = node.kwargs["mask"];
    if (mask === undefined || isNothing(mask)) continue;
    const used = automatic(nodes, node, mask);
    if (!used) throw new SavedError(savedWords().otherMask(node.layer));
    for (const name of used) masks.add(name);
  }
  if (masks.size === 0) return topology;
  const layers = items.filter((item) => !masks.has(nameOf(item))).map(withoutMask);
  return { ...topology, config: { ...content, layers } };
}

/** Whether no input of a layer has a mask. */
function isNothing(mask: JsonValue): boolean {
  return mask === null || (isList(mask) && mask.every(isNothing));
}

function nodesOf(item: JsonValue): readonly Node[] {
  const layer = objectAt(item);
  const nodes = layer?.["inbound_nodes"];
  if (!layer || !isList(nodes)) return [];
  const name = nameOf(item);
  return nodes.flatMap((node, use): Node[] => {
    const { args, kwargs } = objectAt(node) ?? {};
    if (!isList(args)) return [];
    return [
      {
        key: keyOf(name, use),
        layer: name,
        className: String(layer["class_name"]),
        config: objectAt(layer["config"]) ?? {},
        args,
        kwargs: objectAt(kwargs) ?? {},
      },
    ];
  });
}

function keyOf(layer: string, use: number): string {
  return `${use} ${layer}`;
}

function nameOf(item: JsonValue): string {
  const { name, config } = objectAt(item) ?? {};
  return String(name ?? objectAt(config)?.["name"]);
}

/** Names of the operations that make `mask`, if it is the mask that the layers before `node` make and pass on. */
function automatic(nodes: ReadonlyMap<string, Node>, node: Node, mask: JsonValue): readonly string[] | null {
  const visited = new Set<string>();
  const given = makersIn(nodes, sourceOf(mask), visited);
  const own = makersBefore(nodes, node, new Set());
  if (given === null || own.size === 0) return null;
  return [...own].every((maker) => given.has(maker)) && given.size === own.size ? [...visited] : null;
}

/**
 * The layers whose masks an expression of Keras 3's combines: a timestep counts if it counts in all of them. Null if it
 * is any other expression. Layers that add, multiply or compare combine masks by "or", which is the same only if both
 * masks are.
 */
function makersIn(
  nodes: ReadonlyMap<string, Node>,
  name: string | null,
  visited: Set<string>,
): ReadonlySet<string> | null {
  const node = nodes.get(name ?? "");
  if (!node || visited.size > nodes.size) return null;
  visited.add(node.layer);
  const [first = null, second] = node.args;
  const of = (tensor: JsonValue | undefined) => makersIn(nodes, sourceOf(tensor), visited);
  switch (node.className) {
    case "NotEqual":
      return makerOf(nodes, sourceOf(first), second);
    case "Any":
    case "All":
    case "ExpandDims":
    case "Cast":
    case "ConvertToTensor":
      return of(first);
    case "ZerosLike":
      return new Set();
    case "LogicalOr": {
      const [a, b] = [of(first), of(second)];
      if (!a || !b || a.size === 0 || b.size === 0) return a && b && (a.size === 0 ? b : a);
      return a.size === b.size && [...a].every((maker) => b.has(maker)) ? a : null;
    }
    case "LogicalAnd":
    case "Concatenate": {
      const parts = node.args.flatMap((each) => (isList(each) ? each : [each])).map(of);
      return parts.some((part) => part === null) ? null : new Set(parts.flatMap((part) => [...(part ?? [])]));
    }
    default:
      return null;
  }
}

/** The layer that makes a mask by comparing this tensor with this value. */
function makerOf(
  nodes: ReadonlyMap<string, Node>,
  compared: string | null,
  value: JsonValue | undefined,
): ReadonlySet<string> | null {
  const makers = [...nodes.values()].filter(
    (node) => makesMask(node) && sourceOf(node.args[0]) === compared && value === (node.config["mask_value"] ?? 0),
  );
  const [maker] = makers;
  return compared !== null && maker ? new Set([maker.key]) : null;
}

function makesMask({ className, config }: Node): boolean {
  return className === "Masking" || (className === "Embedding" && config["mask_zero"] === true);
}

/** The nearest layers before `node` that make a mask, along the first inputs, and along all inputs of a merge. */
function makersBefore(nodes: ReadonlyMap<string, Node>, node: Node, seen: Set<string>): ReadonlySet<string> {
  const inputs = node.args.flatMap((each) => (isList(each) ? each : [each]));
  const sources = (has("merges", { type: typeOfClass(node.className) ?? "" }) ? inputs : inputs.slice(0, 1)).map(
    sourceOf,
  );
  return new Set(
    sources.flatMap((name) => {
      const before = nodes.get(name ?? "");
      if (!before || seen.has(before.key)) return [];
      if (makesMask(before)) return [before.key];
      seen.add(before.key);
      const own = makersBefore(nodes, before, seen);
      seen.delete(before.key);
      return [...own];
    }),
  );
}

/** The use of the layer that gives a tensor, or the first of several tensors; null for anything else. */
function sourceOf(tensor: JsonValue | undefined): string | null {
  const first = isList(tensor) ? tensor[0] : tensor;
  const history = objectAt(objectAt(first)?.["config"])?.["keras_history"];
  const [layer, use] = isList(history) ? history : [];
  return typeof layer === "string" ? keyOf(layer, Number(use)) : null;
}

function withoutMask(item: JsonValue): JsonValue {
  const layer = objectAt(item);
  const nodes = layer?.["inbound_nodes"];
  if (!layer || !isList(nodes)) return item;
  return {
    ...layer,
    inbound_nodes: nodes.map((node) => {
      const use = objectAt(node);
      const kwargs = objectAt(use?.["kwargs"]);
      if (!use || !kwargs || !Object.hasOwn(kwargs, "mask")) return node;
      return { ...use, kwargs: { ...kwargs, mask: isNothing(kwargs["mask"] ?? null) ? null : true } };
    }),
  };
}
