/** Which layers weigh a layer's output, found through the layers that only hand it on. */

import { takersOf } from "../config/graph/takers.ts";
import { has } from "../config/layerCatalogue.ts";
import type { LayerInfo, RunInfo } from "../protocol/run.ts";
import type { LayerGraph } from "./modelView.ts";

export interface Consumers {
  /** Layers with a kernel, including those inside wrappers; null for one whose weighing is not known. */
  readonly layers: readonly (LayerInfo | null)[];
  /** Some units are dropped on the way. */
  readonly dropped: boolean;
}

/**
 * A layer inside a wrapper has the wrapper's consumers; in a transformer block the second dense layer consumes the
 * first.
 */
export function consumersOf(info: RunInfo, model: LayerGraph, layer: LayerInfo): Consumers {
  const [top = layer.name, part] = layer.name.split("/");
  const next = part === "hidden" ? info.layers.find(({ name }) => name === `${top}/feed_forward`) : undefined;
  if (next) return { layers: [next], dropped: false };
  const found = new Set<LayerInfo | null>();
  const seen = new Set<string>();
  let dropped = false;
  const visit = (name: string): void => {
    for (const after of followers(info, model, name)) {
      if (seen.has(after.name)) continue;
      seen.add(after.name);
      dropped ||= has("drops", after);
      const weighing = [after, ...inside(info, after)].filter(({ symmetry }) => symmetry !== null);
      if (after.type !== "transformerEncoder" && weighing.length > 0) for (const each of weighing) found.add(each);
      else if (has("alike", after) || has("drops", after)) visit(after.name);
      else found.add(null);
    }
  };
  visit(top);
  return { layers: [...found], dropped };
}

function inside({ layers }: RunInfo, { name }: LayerInfo): readonly LayerInfo[] {
  return layers.filter((other) => other.name.startsWith(`${name}/`));
}

/** A saved model is known only by the order of its layers. */
function followers(info: RunInfo, model: LayerGraph, name: string): readonly LayerInfo[] {
  const tops = info.layers.filter((l) => !l.name.includes("/"));
  if (model.file !== null) return tops.slice(tops.findIndex((l) => l.name === name) + 1).slice(0, 1);
  const names = takersOf(model, name).map((l) => l.name);
  return tops.filter((l) => names.includes(l.name));
}
