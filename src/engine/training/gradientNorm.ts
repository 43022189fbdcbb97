/**
 * The regularizer Ω of Pascanu, Mikolov & Bengio (2013, section 3.3): it makes the recurrent kernel U pass gradients
 * through time without shrinking or growing them.
 *
 *   Ω = Σ_t (‖(d_t ∘ σ′(h_t)) Uᵀ‖² / ‖d_t‖² − 1)²   over t = 2 … T, mean over the batch
 *
 * As in the paper, only the immediate derivative with respect to U is taken: d and h are held constant. Norms are
 * squared and taken per sample, as in the authors' code. Unlike that code, and like the paper, this does not divide by
 * the number of timesteps.
 */

import * as tf from "@tensorflow/tfjs-core";
import type { LayerVariable } from "@tensorflow/tfjs-layers";
import type { MeasuredLayer } from "../instrument/measuredLayers.ts";
import type { DirectionListener } from "../recording/recorder.ts";
import { internal } from "../tfjs/internals.ts";

/** Adds its term, weighted by `share`, this pass's share of the step's loss. Returns new arrays if it adds anything. */
export type MoreGradients = (gradients: readonly Float32Array[], share: number) => Float32Array[];

export interface GradientNormRegularizer {
  /** Receives each pass, between two calls of `add`. */
  readonly listen: DirectionListener;
  /** Adds α ∂Ω/∂U of the passes since its last call. */
  readonly add: MoreGradients;
}

/**
 * Ω of the rows d ∘ σ′ / ‖d‖ of one layer, and ∂Ω/∂U (row-major, as U) = 4 Σ_n (r_n − 1) g_n a_nᵀ with g_n = U a_n, r_n
 * = ‖g_n‖². Rows of zeros, where there was no gradient, are ignored.
 *
 * @param rows N × H.
 * @param kernel U, H × H, h_{t−1} by rows.
 * @param samples divisor of the sum.
 */
export function omega(
  rows: Float32Array,
  kernel: tf.Tensor,
  samples: number,
): { readonly value: number; readonly gradient: Float32Array } {
  const units = kernel.shape[0] ?? 1;
  const { value, gradient } = tf.tidy(() => {
    const a = tf.tensor2d(rows, [rows.length / units, units]);
    const g = tf.matMul(a, kernel, false, true);
    const present = tf.cast(tf.greater(tf.sum(tf.abs(a), 1, true), 0), "float32");
    const excess = tf.mul(present, tf.sub(tf.sum(tf.square(g), 1, true), 1));
    return {
      value: tf.div(tf.sum(tf.square(excess)), samples),
      gradient: tf.mul(tf.matMul(tf.mul(g, excess), a, true), 4 / samples),
    };
  });
  const result = { value: value.dataSync()[0] ?? Number.NaN, gradient: gradient.dataSync<"float32">() };
  tf.dispose([value, gradient]);
  return result;
}

/**
 * @param layers the layers that the indices passed to `listen` refer to.
 * @param weights the trained weights, in the order of the gradients.
 */
export function gradientNormRegularizer(
  alpha: number,
  layers: readonly MeasuredLayer[],
  weights: readonly LayerVariable[],
): GradientNormRegularizer {
  const trained: readonly unknown[] = weights;
  const kernels = layers.map(({ cell }) => {
    const kernel = cell ? internal(cell.cell, "recurrentKernel") : null;
    return trained.indexOf(kernel);
  });
  let heard: { readonly at: number; readonly rows: Float32Array; readonly samples: number }[] = [];
  return {
    listen: (layer, rows, samples) => {
      const at = kernels[layer] ?? -1;
      if (at >= 0) heard.push({ at, rows, samples });
    },
    add(gradients, share) {
      const result = [...gradients];
      for (const { at, rows, samples } of heard) {
        const kernel = weights[at]?.read();
        const data = result[at];
        if (!kernel || !data) continue;
        const { gradient } = omega(rows, kernel, samples);
        result[at] = data.map((v, k) => v + alpha * share * gradient[k]!);
      }
      heard = [];
      return result;
    },
  };
}
