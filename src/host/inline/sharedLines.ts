/** Where layers of several models are one text: what stands there has to name its model. */

import type { ConfigView } from "../findings/findingsStore.ts";

/** Offsets of layers that more than one model has, by `extends`. */
export function sharedLines(view: ConfigView): ReadonlySet<number> {
  const models = new Map<number, Set<string>>();
  for (const model of view.models)
    for (const { range } of model.layers)
      models.set(range.offset, (models.get(range.offset) ?? new Set()).add(model.name));
  return new Set([...models].filter(([, names]) => names.size > 1).map(([offset]) => offset));
}
