/**
 * The layers of a model that have a code lens. They follow from the text and from ended runs, so that lenses keep their
 * number and places while a run goes on, while one types, and after a fix.
 */

import { readsInOrder } from "../../config/layerKinds.ts";
import type { JsonPath, ResolvedModel } from "../../config/resolved.ts";
import type { Range } from "../../config/source.ts";
import type { Run } from "../runs/run.ts";

export interface LensLayer {
  /** Name of the layer's entry; null stands for all layers of a model from a file. */
  readonly name: string | null;
  readonly range: Range;
}

/**
 * Every recurrent layer of the text, and any other layer about which an ended run warned.
 *
 * @param model the model as the text last defined it without errors
 * @param settled the model's ended runs that are remembered
 */
export function lensLayers(
  model: ResolvedModel | undefined,
  settled: readonly Run[],
  place: (path: JsonPath) => Range | null,
): readonly LensLayer[] {
  if (model?.file) {
    const range = place(model.file.path);
    return range ? [{ name: null, range }] : [];
  }
  const warned = new Set(
    settled.flatMap(({ findings }) => findings.filter(isGrave).flatMap(({ layer }) => layer ?? [])),
  );
  return (model?.layers ?? []).flatMap((entry) => {
    if (!readsInOrder(entry) && !warned.has(entry.name)) return [];
    const range = place(entry.path);
    return range ? [{ name: entry.name, range }] : [];
  });
}

/** Whether a finding or a measured layer belongs to the entry; the directions of `bidirectional` have names of their own. */
export function isOf(entry: LensLayer, layer: string | null): boolean {
  if (layer === null) return false;
  return entry.name === null || layer === entry.name || layer.startsWith(`${entry.name}/`);
}

function isGrave({ severity }: { readonly severity: string }): boolean {
  return severity !== "information";
}
