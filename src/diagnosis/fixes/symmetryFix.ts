/** Initial weights that make the units of a layer differ. */

import type { ConfigEdit } from "../../config/edit.ts";
import { fixWords } from "../../messages/fixes.ts";
import { type LayerSource, nameOf, written } from "../layerSource.ts";
import type { MaybeFix } from "./fix.ts";

/** Share of units (or inputs) with the same weights as another from which a layer counts as one unit. */
export const almostAll = 0.9;

/** Recurrent kernels that are the same for every unit. */
const constant = new Set(["zeros", "ones", "constant"]);

/**
 * Random weights whose scale follows from the layer's sizes, in all these layers at once: it would help little to make
 * the units of one layer differ if the next layer treats them alike. Undefined if no initializer is written.
 */
export function symmetryFix(sources: readonly LayerSource[]): MaybeFix {
  const changed = sources.map(editsOf).filter((edits) => edits.length > 0);
  if (changed.length === 0) return undefined;
  const edits = changed.flat();
  const names = [...new Set(edits.map(({ value }) => String(value)))];
  return {
    id: "random-initializer",
    title: fixWords().randomWeights({ layers: changed.length, names: names.join(", ") }),
    edits,
  };
}

/** Initializers that can give every weight the same value. */
const uniform = new Set([...constant, "randomUniform", "randomNormal", "truncatedNormal", "varianceScaling"]);

function editsOf(source: LayerSource): readonly ConfigEdit[] {
  const edits: ConfigEdit[] = [];
  const put = (key: string, from: ReadonlySet<string>, value: string): void => {
    const path = written(source, key);
    const present = source.args[key];
    if (path && from.has(nameOf(source, key) ?? "") && present !== value) edits.push({ path, value });
  };
  put("kernelInitializer", uniform, nameOf(source, "activation") === "relu" ? "heNormal" : "glorotUniform");
  put("embeddingsInitializer", uniform, "randomUniform");
  put("recurrentInitializer", constant, "orthogonal");
  return edits;
}
