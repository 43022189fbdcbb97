/** Edits against gradients that shrink or grow from layer to layer. */

import { isSigmoid } from "../../config/activations.ts";
import type { ConfigEdit } from "../../config/edit.ts";
import { isDenseRecurrent } from "../../config/layerKinds.ts";
import type { LayerEntry, ResolvedModel } from "../../config/resolved.ts";
import { fixWords } from "../../messages/fixes.ts";
import type { Fix } from "../../protocol/finding.ts";
import type { LayerInfo } from "../../protocol/run.ts";
import { innerSource, type LayerSource, nameOf } from "../layerSource.ts";
import type { Direction } from "../throughDepth.ts";
import { clipFix } from "./clipFixes.ts";
import { type MaybeFix, present } from "./fix.ts";
import { scaledFix } from "./initialFixes.ts";
import { normalizeBeforeFix } from "./insertFixes.ts";
import { orthogonalFix } from "./layerFixes.ts";
import { almostAll, symmetryFix } from "./symmetryFix.ts";

/** The layer that changes the gradient most. */
export interface Steepest {
  readonly entry: LayerEntry;
  /** The layer that does the work: inside a wrapper, the inner one. */
  readonly source: LayerSource;
  /** Null if it is not measured. */
  readonly info: LayerInfo | null;
  /** No gradient at all is left behind it. */
  readonly nothing: boolean;
}

/** @param norm of the gradient before the steepest layer changes it */
export function depthFixes(
  direction: Direction,
  model: ResolvedModel,
  { entry: steepest, source, info, nothing }: Steepest,
  norm: number,
): readonly Fix[] {
  // An exact zero stays zero whatever multiplies it: a constant output, weights of zero.
  if (nothing && info?.activation === "softmax" && info.width === 1) return [];
  if (nothing && (info?.symmetry?.inputs ?? 0) >= almostAll) return present([symmetryFix([source])]);
  const hidden = model.layers.slice(0, -1);
  const recurrent = isDenseRecurrent(source);
  return present([
    direction === "vanishing" ? reluHeFix(model, hidden) : undefined,
    scaledFix(model),
    recurrent ? orthogonalFix(source) : undefined,
    normalizeBeforeFix(model, { ...source, path: steepest.path }, "layerNormalization"),
    normalizeBeforeFix(model, { ...source, path: steepest.path }, "batchNormalization"),
    direction === "exploding" ? clipFix(model, Math.max(1, norm)) : undefined,
  ]);
}

/** Slope 1 for active units, and a variance that makes up for the inactive half: He et al. 2015. */
function reluHeFix(model: ResolvedModel, layers: readonly LayerEntry[]): MaybeFix {
  const sources = feedForward(model, layers).filter((s) => isSigmoid(nameOf(s, "activation")));
  if (sources.length === 0) return undefined;
  const edits = sources.flatMap(({ path }): ConfigEdit[] => [
    { path: [...path, "activation"], value: "relu" },
    { path: [...path, "kernelInitializer"], value: "heNormal" },
  ]);
  return {
    id: "relu-he",
    title: fixWords().reluHe(sources.length),
    edits,
  };
}

function feedForward(model: ResolvedModel, layers: readonly LayerEntry[]): readonly LayerSource[] {
  return layers.map((l) => innerSource(model, l)).filter((s) => s.type === "dense" || s.type.startsWith("conv"));
}
