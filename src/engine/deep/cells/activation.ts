/** The activation functions of recurrent cells in float64, with their derivatives. */

import { selu } from "../../../config/activations.ts";
import type { Activation } from "../../../kernels/layout.ts";

export interface ActivationFunction {
  value(x: number): number;
  /** The derivative, given x and the function's value y there. */
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
  relu6: { value: (x) => Math.min(6, Math.max(0, x)), slope: (x) => (x > 0 && x < 6 ? 1 : 0) },
  elu: { value: (x) => (x > 0 ? x : Math.expm1(x)), slope: (x, y) => (x > 0 ? 1 : y + 1) },
  selu: {
    value: (x) => (x > 0 ? selu.scale * x : selu.scale * selu.alpha * Math.expm1(x)),
    slope: (x, y) => (x > 0 ? selu.scale : y + selu.scale * selu.alpha),
  },
  softsign: { value: (x) => x / (1 + Math.abs(x)), slope: (_, y) => (1 - Math.abs(y)) ** 2 },
  softplus: {
    value: softplus,
    slope: (x) => 1 / (1 + Math.exp(-x)),
  },
  exponential: { value: Math.exp, slope: (_, y) => y },
  gelu: {
    value: (x) => x * normalShare(x),
    slope: (x) => normalShare(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
  },
  gelu_new: {
    value: (x) => (x / 2) * (1 + Math.tanh(geluRoot * (x + geluCubic * x ** 3))),
    slope: (x) => {
      const t = Math.tanh(geluRoot * (x + geluCubic * x ** 3));
      return (1 + t) / 2 + (x / 2) * (1 - t * t) * geluRoot * (1 + 3 * geluCubic * x * x);
    },
  },
  swish: {
    value: (x) => x / (1 + Math.exp(-x)),
    slope: (x, y) => {
      const s = 1 / (1 + Math.exp(-x));
      return s + y * (1 - s);
    },
  },
  mish: {
    value: (x) => x * Math.tanh(softplus(x)),
    slope: (x) => {
      const t = Math.tanh(softplus(x));
      return t + (x * (1 - t * t)) / (1 + Math.exp(-x));
    },
  },
  hardSigmoid6: { value: sixth, slope: (_, y) => (y > 0 && y < 1 ? 1 / 6 : 0) },
  hardSwish: { value: (x) => x * sixth(x), slope: (x) => sixth(x) + (Math.abs(x) < 3 ? x / 6 : 0) },
  leakyRelu: { value: (x) => (x > 0 ? x : 0.2 * x), slope: (x) => (x > 0 ? 1 : 0.2) },
};

/** The constants of GELU's approximation with tanh (Hendrycks & Gimpel 2016). */
const geluRoot = Math.sqrt(2 / Math.PI);
const geluCubic = 0.044_715;

/** Keras 3's hard sigmoid. */
function sixth(x: number): number {
  return Math.min(1, Math.max(0, x / 6 + 0.5));
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …), whose terms do not cancel (Marsaglia 2004). */
function normalShare(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
  let [sum, term] = [x, x];
  for (let n = 3; Math.abs(term) > 1e-18 * Math.abs(sum); n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
