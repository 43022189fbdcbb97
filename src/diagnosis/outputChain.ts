/**
 * The layers that decide a model's output, from the output backward; the same for a model in the config and a saved
 * one.
 */

import { has } from "../config/layerCatalogue.ts";
import type { LayerInfo, RunInfo } from "../protocol/run.ts";
import { type LayerSource, layerSource } from "./layerSource.ts";
import type { LayerGraph } from "./modelView.ts";

export interface Link {
  /** The layer of the model; a wrapper if the values come from inside one. */
  readonly top: LayerInfo;
  /** The layer that makes the values: `top` itself, or the one it wraps. */
  readonly layer: LayerInfo;
  /** Index of `layer` in `RunInfo.layers`. */
  readonly index: number;
  /** What the config says about `layer`. */
  readonly source: LayerSource;
  /** How a bidirectional layer combines its two directions. */
  readonly merge: MergeMode | null;
}

const mergeModes = ["concat", "sum", "ave", "mul"] as const;
export type MergeMode = (typeof mergeModes)[number];

/**
 * The last layer first, each before the one whose output it takes; ends before a layer with several inputs. A saved
 * model is known only by the order of its layers, so of several outputs only the layers that give them are known.
 *
 * @param output name of one of several outputs; null: the only one.
 */
export function outputChain(info: RunInfo, model: LayerGraph, output: string | null): readonly Link[] {
  const tops = info.layers.filter(({ name }) => !name.includes("/"));
  if (model.file !== null && output !== null)
    return info.layers.filter(({ name }) => name === output).map((top) => linkOf(info, model, top));
  if (model.file !== null) return tops.toReversed().map((top) => linkOf(info, model, top));
  const links: Link[] = [];
  const seen = new Set<string>();
  for (let name = output ?? model.outputs[0]; name !== undefined && !seen.has(name); ) {
    seen.add(name);
    const entry = model.layers.find((l) => l.name === name);
    const top = tops.find((l) => l.name === name);
    if (!entry || !top) break;
    links.push(linkOf(info, model, top));
    name = entry.inputs.length === 1 ? entry.inputs[0] : undefined;
  }
  return links;
}

function linkOf(info: RunInfo, model: LayerGraph, top: LayerInfo): Link {
  const layer = makerOf(info, top);
  const wrapper = layerSource(model, top.path, top.type);
  // A file does not say how directions are combined; the sum has the widest range.
  const given = model.file === null ? (wrapper.args["mergeMode"] ?? "concat") : "sum";
  const merge = top.type === "bidirectional" ? (mergeModes.find((mode) => mode === given) ?? "concat") : null;
  return { top, layer, index: info.layers.indexOf(layer), source: layerSource(model, layer.path, layer.type), merge };
}

/** The layer inside a wrapper; the last one in a stack of cells. */
function makerOf(info: RunInfo, layer: LayerInfo): LayerInfo {
  const inside = info.layers.filter(({ name }) => name.startsWith(`${layer.name}/`));
  const direct = inside.filter(({ name }) => !name.slice(layer.name.length + 1).includes("/"));
  const maker = has("wraps", layer)
    ? direct[0]
    : layer.type === "rnn" && layer.recurrent === null
      ? direct.at(-1)
      : undefined;
  return maker ? makerOf(info, maker) : layer;
}
