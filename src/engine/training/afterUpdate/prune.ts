/** Magnitude pruning: more and more of each matrix's smallest entries become zero, and stay zero (Zhu & Gupta 2017). */

import type { PruningConfig } from "../../../config/resolved.ts";
import { type AfterUpdate, isMatrix } from "./afterUpdate.ts";

/**
 * Sparsity at a step: sparsity × (1 − (1 − (step − begin) / (end − begin))³), equation 1 of the paper, starting from 0.
 * @returns 0 before `begin`, the final sparsity from `end` on.
 */
export function sparsityAt(step: number, { sparsity, begin }: PruningConfig, end: number): number {
  if (step < begin) return 0;
  if (step >= end) return sparsity;
  return sparsity * (1 - (1 - (step - begin) / (end - begin)) ** 3);
}

/**
 * @param trainingSteps pruning without a configured end finishes halfway through these steps; the rest of the run
 * recovers.
 */
export function prune(
  config: PruningConfig,
  shapes: readonly (readonly (number | null)[])[],
  trainingSteps: number,
): AfterUpdate {
  const { begin, every } = config;
  const end = Math.max(begin, config.end ?? Math.ceil(trainingSteps / 2));
  /** Nonzero where a weight is pruned; never reset. */
  const masks: Uint8Array[] = [];
  const change = (weights: readonly Float32Array[], step: number): void => {
    if (step < begin) return;
    const grows = step === end || (step < end && (step - begin) % every === 0);
    for (const [i, weight] of weights.entries()) {
      if (!isMatrix(shapes[i])) continue;
      const mask = masks[i] ?? new Uint8Array(weight.length);
      masks[i] = mask;
      if (grows) grow(mask, weight, Math.round(sparsityAt(step, config, end) * weight.length));
      for (let k = 0; k < weight.length; k++) if (mask[k] !== 0) weight[k] = 0;
    }
  };
  return Object.assign(change, { masks });
}

/** Masks `count` entries: those already masked, then the smallest; NaN last. */
function grow(mask: Uint8Array, weight: Float32Array, count: number): void {
  const open = Array.from(weight.keys()).filter((k) => mask[k] === 0);
  const missing = count - (weight.length - open.length);
  if (missing <= 0) return;
  const size = (k: number): number => (Number.isNaN(weight[k]) ? Number.POSITIVE_INFINITY : Math.abs(weight[k]!));
  open.sort((a, b) => (size(a) < size(b) ? -1 : size(a) > size(b) ? 1 : a - b));
  for (const k of open.slice(0, missing)) mask[k] = 1;
}
