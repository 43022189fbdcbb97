/** Finds text shared by the layers of several models: notes there have to name their model. */

import type { ConfigView } from "../findings/configView.ts";

/** Offsets of layers that several models share by `extends`. */
export function sharedLines(view: ConfigView): ReadonlySet<number> {
  const models = new Map<number, Set<string>>();
  for (const model of view.models)
    for (const { range } of model.layers)
      models.set(range.offset, (models.get(range.offset) ?? new Set()).add(model.name));
  return new Set([...models].filter(([, names]) => names.size > 1).map(([offset]) => offset));
}
