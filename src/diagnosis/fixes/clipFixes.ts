/** Edits of `training.clip`. Each returns undefined where it would change nothing or make no sense. */

import type { JsonValue, ResolvedModel } from "../../config/resolved.ts";
import { fixWords } from "../../messages/fixes.ts";
import { niceNumber } from "../niceNumber.ts";
import type { MaybeFix } from "./fix.ts";

/**
 * Clipping by global norm near `norm`, rounded to 1, 2 or 5 × a power of ten (Pascanu et al. 2013, algorithm 1, advise
 * half to ten times the usual norm). Undefined if such a limit or a lower one is in force, or if `norm` is not usable.
 */
export function clipFix(model: ResolvedModel, norm: number): MaybeFix {
  return clipping(model, "globalNorm", norm, "clip-global-norm", fixWords().clipGlobalNorm);
}

/** Clips each weight by itself: one weight that explodes does not slow the others down, but the direction changes. */
export function clipNormFix(model: ResolvedModel, norm: number): MaybeFix {
  return clipping(model, "norm", norm, "clip-norm", fixWords().clipNorm);
}

/** Clips each entry. No entry is larger than its weight's norm, so a usual norm as `limit` spares usual steps. */
export function clipValueFix(model: ResolvedModel, limit: number): MaybeFix {
  return clipping(model, "value", limit, "clip-value", fixWords().clipValue);
}

function clipping(
  model: ResolvedModel,
  key: "globalNorm" | "norm" | "value",
  wanted: number,
  id: string,
  title: string,
): MaybeFix {
  if (!(wanted > 0) || !Number.isFinite(wanted)) return undefined;
  const limit = niceNumber(wanted);
  const { clip } = model.training;
  const present = clip[key];
  if (present !== null && present <= limit) return undefined;
  const value: { [key: string]: JsonValue } = {};
  for (const other of ["value", "norm", "globalNorm"] as const) {
    const kept = clip[other];
    if (kept !== null) value[other] = kept;
  }
  value[key] = limit;
  return { id, title: `${title} ${limit}`, edits: [{ path: [...model.trainingPath, "clip"], value }] };
}

export function clips(model: ResolvedModel): boolean {
  const { value, norm, globalNorm } = model.training.clip;
  return value !== null || norm !== null || globalNorm !== null;
}
