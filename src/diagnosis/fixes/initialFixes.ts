/**
 * Edits of initial weights whose scale does not follow from the sizes of the layers, in one fix for the whole model.
 */

import type { ConfigEdit } from "../../config/edit.ts";
import { isGated, isSimple } from "../../config/layerKinds.ts";
import type { LayerEntry, ResolvedModel } from "../../config/resolved.ts";
import { fixWords } from "../../messages/fixes.ts";
import { innerSource, keepsNorm, type LayerSource, nameOf, recurrentInitializer, written } from "../layerSource.ts";
import type { MaybeFix } from "./fix.ts";
import { isUnscaled } from "./layerFixes.ts";

/**
 * Kernels with a variance that follows from the layer's sizes (Glorot & Bengio 2010; He et al. 2015 where the activation
 * is a ReLU), recurrent kernels orthogonal (Saxe et al. 2014).
 */
export function scaledFix(model: Pick<ResolvedModel, "layers">): MaybeFix {
  const kernels = sourcesOf(model, model.layers).map((s) => ({ input: kernelEdits(s), recurrent: recurrentEdits(s) }));
  const scaled = kernels.filter(({ input, recurrent }) => input.length + recurrent.length > 0);
  if (scaled.length === 0) return undefined;
  const by = scaled.some(({ recurrent }) => recurrent.length > 0) ? fixWords().glorotHeOrthogonal : fixWords().glorotHe;
  return {
    id: "scaled-initializer",
    title: fixWords().scaleWeights({ layers: scaled.length, by }),
    edits: scaled.flatMap(({ input, recurrent }) => [...input, ...recurrent]),
  };
}

function kernelEdits(source: LayerSource): readonly ConfigEdit[] {
  if (!isUnscaled(source)) return [];
  const value = nameOf(source, "activation") === "relu" ? "heNormal" : "glorotUniform";
  return [{ path: [...source.path, "kernelInitializer"], value }];
}

function recurrentEdits(source: LayerSource): readonly ConfigEdit[] {
  const path = written(source, "recurrentInitializer");
  if (!path || keepsNorm(recurrentInitializer(source)) || !(isSimple(source) || isGated(source))) return [];
  return [{ path, value: "orthogonal" }];
}

function sourcesOf(model: Pick<ResolvedModel, "layers">, layers: readonly LayerEntry[]): readonly LayerSource[] {
  return layers
    .map((l) => innerSource(model, l))
    .filter((s) => s.type === "dense" || s.type.startsWith("conv") || isSimple(s) || isGated(s));
}
