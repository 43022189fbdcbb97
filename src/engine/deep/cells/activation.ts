/** The activation functions of recurrent cells in float64, with their slopes. */

import type { Activation } from "../../../kernels/layout.ts";

export interface ActivationFunction {
  value(x: number): number;
  /** Its derivative, given x and the value there. */
  slope(x: number, y: number): number;
}

export const activationFunctions: { readonly [name in Activation]: ActivationFunction } = {
  linear: { value: (x) => x, slope: () => 1 },
  tanh: { value: Math.tanh, slope: (_, y) => 1 - y * y },
  sigmoid: { value: (x) => 1 / (1 + Math.exp(-x)), slope: (_, y) => y * (1 - y) },
  relu: { value: (x) => Math.max(0, x), slope: (x) => (x > 0 ? 1 : 0) },
  hardSigmoid: {
    value: (x) => Math.min(1, Math.max(0, 0.2 * x + 0.5)),
    slope: (_, y) => (y > 0 && y < 1 ? 0.2 : 0),
  },
};
