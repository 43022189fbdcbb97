/** Gradient clipping on plain arrays: tfjs's own loses NaN on some backends (WASM's clipByValue(NaN) is a number). */

import type { ClipConfig } from "../../config/resolved.ts";
import { l2 } from "../recording/norms.ts";

/**
 * Limits entries to ±value, then each gradient to L2 norm `norm`, then all together to `globalNorm` (Pascanu, Mikolov &
 * Bengio 2013, algorithm 1). NaN stays NaN; a norm that is not finite turns the gradients that it scales into NaN.
 * Gradients within all limits are returned unchanged.
 */
export function clipGradients(gradients: readonly Float32Array[], clip: ClipConfig): readonly Float32Array[] {
  let result = gradients;
  const { value, norm, globalNorm } = clip;
  if (value !== null) {
    result = result.map((gradient) =>
      gradient.some((g) => g > value || g < -value)
        ? gradient.map((g) => Math.max(-value, Math.min(value, g)))
        : gradient,
    );
  }
  if (norm !== null) result = result.map((gradient) => scaled(gradient, limit(l2(gradient), norm)));
  if (globalNorm !== null) {
    const total = Math.sqrt(result.reduce((sum, gradient) => sum + l2(gradient) ** 2, 0));
    const factor = limit(total, globalNorm);
    result = result.map((gradient) => scaled(gradient, factor));
  }
  return result;
}

function limit(norm: number, largest: number): number {
  return norm <= largest ? 1 : largest / norm;
}

function scaled(gradient: Float32Array, factor: number): Float32Array {
  if (factor === 1) return gradient;
  const result = new Float32Array(gradient.length);
  for (let i = 0; i < result.length; i++) result[i] = gradient[i]! * factor;
  return result;
}
