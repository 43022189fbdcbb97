/** Resolves layers that are another layer once more: `{ "type": "shared", "layer": "encoder" }`. */

import { configWords } from "../../messages/config.ts";
import { didYouMean, some } from "../didYouMean.ts";
import type { Problem } from "../problem.ts";
import type { JsonPath, LayerEntry } from "../resolved.ts";
import { shorten } from "../shorten.ts";

export const sharedType = "shared";

export interface WithShared {
  readonly layers: readonly LayerEntry[];
  readonly problems: readonly Problem[];
}

/** Gives each such layer the type and arguments of the layer whose weights it uses. */
export function withShared(layers: readonly LayerEntry[]): WithShared {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const problems: Problem[] = [];
  const resolved = layers.map((layer): LayerEntry => {
    if (layer.type !== sharedType) return layer;
    const { layer: wanted, ...args } = layer.args;
    const source = byName.get(String(wanted));
    const path = [...layer.path, "layer"];
    const [other] = Object.keys(args);
    if (other !== undefined)
      problems.push(
        error(configWords().sharedArguments({ layer: shorten(String(wanted)), key: other }), [...layer.path, other]),
      );
    if (!source || source.type === sharedType || source.type === "inputLayer") {
      const names = layers.filter(({ type }) => type !== sharedType && type !== "inputLayer").map(({ name }) => name);
      const hint = didYouMean(String(wanted), names) || configWords().thereIs(some(names, "and", false));
      problems.push(error(configWords().notShareable({ layer: shorten(String(wanted)), hint }), path));
      return layer;
    }
    if (source.args["stateful"] === true) problems.push(error(configWords().sharedState(source.name), path));
    return { ...layer, type: source.type, args: source.args, shares: source.name };
  });
  return { layers: resolved, problems };
}

/**
 * Shows findings of a shared layer at the layer that has its arguments, where a fix can change them.
 *
 * @param layers connected.
 */
export function atTheirSources(layers: readonly LayerEntry[]): readonly LayerEntry[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  return layers.map((layer) => {
    const source = layer.shares === undefined ? undefined : byName.get(layer.shares);
    return source ? { ...layer, path: source.path } : layer;
  });
}

function error(message: string, path: JsonPath): Problem {
  return { severity: "error", message, path, on: "value" };
}
