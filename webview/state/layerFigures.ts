/** Per-layer series combined from those of the layer's weights. */

import type { RunHistory } from "../../src/protocol/history.ts";
import type { Quantity } from "../../src/protocol/quantities.ts";

/** √Σ x²: the joint norm of several weights. */
function rootSumOfSquares(parts: readonly Float64Array[]): Float64Array | null {
  const [first] = parts;
  if (first === undefined) return null;
  if (parts.length === 1) return first;
  const sums = new Float64Array(first.length);
  for (const part of parts)
    for (let i = 0; i < sums.length; i++) {
      const value = part[i]!;
      sums[i]! += value * value;
    }
  for (let i = 0; i < sums.length; i++) sums[i] = Math.sqrt(sums[i]!);
  return sums;
}

function ofWeights(history: RunHistory, layer: number, quantity: Quantity): readonly Float64Array[] {
  const names = history.info.layers[layer]?.weights ?? [];
  return names.flatMap((name) => history.series(quantity, layer, name) ?? []);
}

/** ‖∇W‖ of all weights of a layer, before or after clipping; null for a layer without weights. */
export function layerGradientNorm(
  history: RunHistory,
  layer: number,
  quantity: "weightGradientNorm" | "weightClippedGradientNorm",
): Float64Array | null {
  return rootSumOfSquares(ofWeights(history, layer, quantity));
}

/**
 * ‖ΔW‖ / ‖W‖ over all weights of a layer together, from each weight's ratio and norm. A weight that is zero (a fresh
 * bias) has no ratio and is skipped.
 */
export function layerUpdateRatio(history: RunHistory, layer: number): Float64Array | null {
  const ratios = ofWeights(history, layer, "weightUpdateRatio");
  const norms = ofWeights(history, layer, "weightNorm");
  const [first] = ratios;
  if (first === undefined || norms.length !== ratios.length) return null;
  const updates = new Float64Array(first.length);
  const weights = new Float64Array(first.length);
  for (const [w, ratio] of ratios.entries()) {
    const ofWeight = norms[w]!;
    for (let i = 0; i < updates.length; i++) {
      const norm = ofWeight[i]!;
      if (norm === 0) continue;
      const update = ratio[i]! * norm;
      updates[i]! += update * update;
      weights[i]! += norm * norm;
    }
  }
  for (let i = 0; i < updates.length; i++) updates[i] = Math.sqrt(updates[i]! / weights[i]!);
  return updates;
}

/** Horizon of a layer: that of its least attenuated state (an LSTM's h or c; an external memory counts, too). */
export function layerHorizon(history: RunHistory, layer: number): Float64Array | null {
  const states = history.info.layers[layer]?.recurrent?.states ?? [];
  const parts = states.flatMap((s) => history.series("horizon", layer, s) ?? []);
  const [first] = parts;
  if (first === undefined) return null;
  return parts.length === 1 ? first : first.map((_, i) => Math.max(...parts.map((p) => p[i]!)));
}
