/** Finds whose last states other layers take, so that those layers give them. */

import { referenceOf, takenBy } from "../../config/graph/references.ts";
import { isObject } from "../../config/merge.ts";
import type { LayerEntry } from "../../config/resolved.ts";

/** Names of the layers whose last states other layers take. */
export function statesTaken(layers: readonly LayerEntry[], inputs: readonly string[]): ReadonlySet<string> {
  const names = new Set([...layers.map(({ name }) => name), ...inputs]);
  const references = layers.flatMap((layer) =>
    takenBy(layer).map((text) => referenceOf(text, (name) => names.has(name))),
  );
  return new Set(references.flatMap(({ name, state }) => (state === null ? [] : [name])));
}

/** Makes a layer output its states if other layers take them. */
export function withStates(entry: LayerEntry, given: ReadonlySet<string>): LayerEntry {
  if (!given.has(entry.name)) return entry;
  const inner = entry.args["layer"];
  if (entry.type !== "bidirectional" || !isObject(inner))
    return { ...entry, args: { ...entry.args, returnState: true } };
  return { ...entry, args: { ...entry.args, layer: { ...inner, returnState: true } } };
}
