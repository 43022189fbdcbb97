/**
 * Removes the masks that Keras 3 writes. A functional model of Keras 3 contains each mask as separate operations
 * (`NotEqual`, then `Any`), and passes it to each layer that takes one (`mask=`). Here, as in Keras 2, a mask travels
 * with the output of the layer that made it. So masks that Keras made automatically are removed from the description;
 * any other mask is refused.
 */

import { maxLayers } from "../../config/limits.ts";
import type { JsonValue } from "../../config/resolved.ts";
import { isList, type JsonObject, objectAt, SavedError } from "../formats/models/savedModel.ts";

/** Operations with which Keras makes masks. */
const operations = new Set(["NotEqual", "Any"]);

interface Node {
  readonly name: string;
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
  const nodes = new Map(items.flatMap((item) => nodesOf(item)).map((node) => [node.name, node]));
  const masks = new Set<string>();
  for (const node of nodes.values()) {
    const mask = node.kwargs["mask"];
    if (mask === undefined || isNothing(mask)) continue;
    const used = automatic(nodes, node, mask);
    if (!used)
      throw new SavedError(
        `Its layer "${node.name}" takes a mask that no layer before it makes. Only the masks of an Embedding with mask_zero, or of Masking, can be passed on here.`,
      );
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
  const use = isList(nodes) && nodes.length === 1 ? objectAt(nodes[0]) : null;
  const args = use?.["args"];
  if (!layer || !use || !isList(args)) return [];
  return [
    {
      name: nameOf(item),
      className: String(layer["class_name"]),
      config: objectAt(layer["config"]) ?? {},
      args,
      kwargs: objectAt(use["kwargs"]) ?? {},
    },
  ];
}

function nameOf(item: JsonValue): string {
  const { name, config } = objectAt(item) ?? {};
  return String(name ?? objectAt(config)?.["name"]);
}

/** Names of the operations that make `mask`, if it is the automatic mask of a layer before `node`. */
function automatic(nodes: ReadonlyMap<string, Node>, node: Node, mask: JsonValue): readonly string[] | null {
  const chain: Node[] = [];
  for (let name = sourceOf(mask); name !== null && chain.length < 2; ) {
    const operation = nodes.get(name);
    if (!operation || !operations.has(operation.className)) break;
    chain.push(operation);
    name = sourceOf(operation.args[0]);
  }
  const comparison = chain.at(-1);
  if (comparison?.className !== "NotEqual") return null;
  const compared = sourceOf(comparison.args[0]);
  const value = comparison.args[1];
  const maker = makerBefore(nodes, node);
  if (!maker || compared === null || sourceOf(maker.args[0]) !== compared) return null;
  const fits = maker.className === "Masking" ? value === (maker.config["mask_value"] ?? 0) : value === 0;
  const wanted = maker.className === "Masking" ? 2 : 1;
  return fits && chain.length === wanted ? chain.map(({ name }) => name) : null;
}

/** The nearest layer before `node` that makes a mask, along the first inputs. */
function makerBefore(nodes: ReadonlyMap<string, Node>, node: Node): Node | null {
  const seen = new Set<string>();
  for (let at = node; ; ) {
    const before = nodes.get(sourceOf(at.args[0]) ?? "");
    if (!before || seen.has(before.name)) return null;
    seen.add(before.name);
    const { className, config } = before;
    if (className === "Masking" || (className === "Embedding" && config["mask_zero"] === true)) return before;
    at = before;
  }
}

/** The name of the layer that gives a tensor, or the first of several tensors; null for anything else. */
function sourceOf(tensor: JsonValue | undefined): string | null {
  const first = isList(tensor) ? tensor[0] : tensor;
  const history = objectAt(objectAt(first)?.["config"])?.["keras_history"];
  return isList(history) && typeof history[0] === "string" ? history[0] : null;
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
