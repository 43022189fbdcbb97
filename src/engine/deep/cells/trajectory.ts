/** A recurrent layer's trajectory through its sequences in float64, and the Jacobians along it. */

import type { DeepState } from "../../../protocol/deep.ts";
import { multiply } from "../linear/multiply.ts";
import type { Pieces } from "../linear/pieces.ts";
import type { ActivationFunction } from "./activation.ts";

/** B samples, T timesteps, H units; D inputs, G = gates × H. All row-major. */
export interface CellSequence {
  readonly samples: number;
  readonly timesteps: number;
  readonly inputs: number;
  readonly units: number;
  /** B × T × D, in the order in which the layer reads. */
  readonly x: Float64Array;
  /** D × G. */
  readonly kernel: Float64Array;
  /** H × G. */
  readonly recurrentKernel: Float64Array;
  /** G; null: none. */
  readonly bias: Float64Array | null;
  readonly activation: ActivationFunction;
  /** Activation of the gates. */
  readonly recurrentActivation: ActivationFunction;
}

/**
 * Products with the Jacobians J_t = ∂s_t/∂s_{t−1} of the states s_t (h_t, followed by c_t for an LSTM).
 *
 * Vectors are rows of `width` entries, any number of them side by side; `of[i]` is the sample whose Jacobian row i is
 * multiplied with. Timesteps count from 1.
 */
export interface Products {
  /** `result` = J_t · row, for each row: the effect on s_t of a small change of s_{t−1}. */
  forward(t: number, rows: Float64Array, of: Int32Array, result: Float64Array): void;
  /** `result` = row · J_t, for each row: turns a gradient with respect to s_t into one with respect to s_{t−1}. */
  backward(t: number, rows: Float64Array, of: Int32Array, result: Float64Array): void;
  /**
   * The gradient with respect to c_t, B rows of H, including the path through h_t of the same timestep; null without c.
   * (In `rows`, h_t and c_t are independent.)
   */
  cellGradient: ((t: number, rows: Float64Array, of: Int32Array, result: Float64Array) => void) | null;
}

/** The states of all samples, and products with their Jacobians. */
export interface Trajectory extends Products {
  readonly states: readonly DeepState[];
  readonly samples: number;
  readonly timesteps: number;
  readonly units: number;
  /** Entries of a state: H, or 2 H with a c. */
  readonly width: number;
  /** h of every timestep, B × T × H. */
  readonly h: Float64Array;
}

/** x·W + b for all timesteps, (B·T) × G. */
export function* inputPart(
  { samples, timesteps, inputs, units, x, kernel, bias }: CellSequence,
  gates: number,
): Pieces<Float64Array> {
  const columns = gates * units;
  const z = new Float64Array(samples * timesteps * columns);
  for (let row = 0; row < samples * timesteps; row++) {
    yield;
    multiply(x.subarray(row * inputs, (row + 1) * inputs), kernel, 1, inputs, columns, z.subarray(row * columns));
  }
  if (bias) for (let i = 0; i < z.length; i++) z[i] = z[i]! + bias[i % columns]!;
  return z;
}

/** Columns `from` to `from + width` of a row-major matrix of `columns` columns. */
export function columnBlock(a: Float64Array, columns: number, from: number, width: number): Float64Array {
  const rows = a.length / columns;
  const block = new Float64Array(rows * width);
  for (let i = 0; i < rows; i++) block.set(a.subarray(i * columns + from, i * columns + from + width), i * width);
  return block;
}
