/** Per-layer series combined from those of the layer's weights. */

import type { RunHistory } from "../../src/protocol/history.ts";
import type { Quantity } from "../../src/protocol/quantities.ts";

/** √Σ x²: the joint norm of several weights. */
function rootSumOfSquares(parts: readonly Float64Array[]): Float64Array | null {
  const [first] = parts;
  if (first === undefined) return null;
  if (parts.length === 1) return first;
  return first.map((_, i) => {
    let sum = 0;
    for (const part of parts) sum += part[i]! ** 2;
    return Math.sqrt(sum);
  });
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
  return first.map((_, i) => {
    let updates = 0;
    let weights = 0;
    for (let w = 0; w < ratios.length; w++) {
      const norm = norms[w]![i]!;
      if (norm === 0) continue;
      updates += (ratios[w]![i]! * norm) ** 2;
      weights += norm ** 2;
    }
    return Math.sqrt(updates / weights);
  });
}

/** Horizon of a layer: that of its least attenuated state (an LSTM's h or c; an external memory counts, too). */
export function layerHorizon(history: RunHistory, layer: number): Float64Array | null {
  const states = history.info.layers[layer]?.recurrent?.states ?? [];
  const parts = states.flatMap((s) => history.series("horizon", layer, s) ?? []);
  const [first] = parts;
  if (first === undefined) return null;
  return parts.length === 1 ? first : first.map((_, i) => Math.max(...parts.map((p) => p[i]!)));
}
