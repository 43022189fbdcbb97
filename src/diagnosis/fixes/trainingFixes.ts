/** Edits of a model's `training` section. */

import type { JsonValue, ResolvedModel } from "../../config/resolved.ts";
import { formatNumber, niceNumber } from "../text/numbers.ts";
import type { MaybeFix } from "./layerFixes.ts";

/**
 * Clipping by global norm near `norm`, rounded to 1, 2 or 5 × a power of ten (Pascanu et al. 2013, algorithm 1, advise
 * half to ten times the usual norm). Undefined where such a limit or a lower one is in force, or `norm` says nothing.
 */
export function clipFix(model: ResolvedModel, norm: number): MaybeFix {
  if (!(norm > 0) || !Number.isFinite(norm)) return undefined;
  const limit = niceNumber(norm);
  const { clip } = model.training;
  if (clip.globalNorm !== null && clip.globalNorm <= limit) return undefined;
  const value: { [key: string]: JsonValue } = {};
  if (clip.value !== null) value["value"] = clip.value;
  if (clip.norm !== null) value["norm"] = clip.norm;
  value["globalNorm"] = limit;
  return {
    id: "clip-global-norm",
    title: `Clip gradients by global norm ${formatNumber(limit)}`,
    edits: [{ path: [...model.trainingPath, "clip"], value }],
  };
}

/** A tenth of the learning rate; the optimizer's type is written too, in case the section was left to its default. */
export function slowerFix(model: ResolvedModel): MaybeFix {
  const { type, learningRate } = model.training.optimizer;
  const value = Number((learningRate / 10).toPrecision(3));
  const path = [...model.trainingPath, "optimizer"];
  return {
    id: "lower-learning-rate",
    title: `Lower the learning rate to ${formatNumber(value)}`,
    edits: [
      { path: [...path, "type"], value: type },
      { path: [...path, "learningRate"], value },
    ],
  };
}

export function clips(model: ResolvedModel): boolean {
  const { value, norm, globalNorm } = model.training.clip;
  return value !== null || norm !== null || globalNorm !== null;
}
