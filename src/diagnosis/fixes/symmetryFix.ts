/** Initial weights that tell the units of a layer apart. */

import type { ConfigEdit } from "../../config/edit.ts";
import { type LayerSource, nameOf, written } from "../layerSource.ts";
import { count } from "../text/numbers.ts";
import type { MaybeFix } from "./layerFixes.ts";

/** Recurrent kernels that are the same for every unit. */
const constant = new Set(["zeros", "ones", "constant"]);

/**
 * Random weights whose scale follows from the layer's sizes, in all these layers at once: to tell the units of one apart
 * that the next one takes for the same would do little. Undefined where no initializer is written.
 */
export function symmetryFix(sources: readonly LayerSource[]): MaybeFix {
  const changed = sources.map(editsOf).filter((edits) => edits.length > 0);
  if (changed.length === 0) return undefined;
  const edits = changed.flat();
  const names = [...new Set(edits.map(({ value }) => String(value)))];
  return {
    id: "random-initializer",
    title: `Start ${count(changed.length, "layer")} from random weights (${names.join(", ")})`,
    edits,
  };
}

function editsOf(source: LayerSource): readonly ConfigEdit[] {
  const edits: ConfigEdit[] = [];
  const kernel = written(source, "kernelInitializer");
  if (kernel)
    edits.push({ path: kernel, value: nameOf(source, "activation") === "relu" ? "heNormal" : "glorotUniform" });
  const vectors = written(source, "embeddingsInitializer");
  if (vectors) edits.push({ path: vectors, value: "randomUniform" });
  const recurrent = written(source, "recurrentInitializer");
  if (recurrent && constant.has(nameOf(source, "recurrentInitializer") ?? ""))
    edits.push({ path: recurrent, value: "orthogonal" });
  return edits;
}
