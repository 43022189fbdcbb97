/** What is known about each activation. A fact that several parts need stands here, once for each. */

import type { ActivationName } from "./schema/names.ts";

interface ActivationFacts {
  /** The function, if it never falls and takes each value on its own: an interval's ends map to its image's ends. */
  readonly rising?: (x: number) => number;
  /** Its lowest value, if it first falls and then rises. */
  readonly lowest?: number;
  /** Whether values near its ends count as saturated: the slope there is exponentially small, or zero. */
  readonly saturates?: true;
  /** Whether all negative inputs give 0, with a slope of 0. */
  readonly rectifies?: true;
}

/** Klambauer et al. 2017, "Self-normalizing neural networks". */
export const selu = { scale: 1.050_700_987_355_480_5, alpha: 1.673_263_242_354_377_4 };

const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));

/** Lowest values: Hendrycks & Gimpel 2016 (gelu); Ramachandran et al. 2017 (swish); Misra 2019 (mish). */
const activations: { readonly [name in ActivationName]: ActivationFacts } = {
  linear: { rising: (x) => x },
  relu: { rising: (x) => Math.max(0, x), rectifies: true },
  relu6: { rising: (x) => clamp(x, 0, 6), rectifies: true },
  elu: { rising: (x) => (x > 0 ? x : Math.expm1(x)) },
  selu: { rising: (x) => selu.scale * (x > 0 ? x : selu.alpha * Math.expm1(x)) },
  gelu: { lowest: -0.17 },
  gelu_new: { lowest: -0.17 },
  swish: { lowest: -0.279 },
  mish: { lowest: -0.309 },
  sigmoid: { rising: (x) => 1 / (1 + Math.exp(-x)), saturates: true },
  hardSigmoid: { rising: (x) => clamp(0.2 * x + 0.5, 0, 1), saturates: true },
  tanh: { rising: Math.tanh, saturates: true },
  softsign: { rising: (x) => (Number.isFinite(x) ? x / (1 + Math.abs(x)) : Math.sign(x)) },
  softplus: { rising: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) },
  softmax: {},
  exponential: { rising: Math.exp },
  hardSigmoid6: { rising: (x) => clamp(x / 6 + 0.5, 0, 1), saturates: true },
  hardSwish: { lowest: -0.375 },
  leakyRelu: { rising: (x) => (x > 0 ? x : 0.2 * x) },
  logSoftmax: {},
};

/** An activation by its name; null if no activation has that name. */
export function activationNamed(name: string): string | null {
  return Object.hasOwn(activations, name) ? name : null;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

export const anything: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

function factsOf(activation: string): ActivationFacts | undefined {
  return Object.entries(activations).find(([name]) => name === activation)?.[1];
}

/**
 * Maps the values within `of` through an activation.
 * @param width number of values that a softmax takes together
 */
export function image(activation: string, of: Range, width: number | null): Range {
  if (activation === "softmax") return softmaxImage(of, width);
  const { rising, lowest = Number.NEGATIVE_INFINITY } = factsOf(activation) ?? {};
  return rising ? { low: rising(of.low), high: rising(of.high) } : { low: lowest, high: Number.POSITIVE_INFINITY };
}

/** Extremes of a softmax: one value at the upper end and all others at the lower one, or the reverse. */
function softmaxImage({ low, high }: Range, width: number | null): Range {
  if (width === 1) return { low: 1, high: 1 };
  const spread = high - low;
  if (width === null || !Number.isFinite(spread)) return { low: 0, high: 1 };
  return { low: 1 / (1 + (width - 1) * Math.exp(spread)), high: 1 / (1 + (width - 1) * Math.exp(-spread)) };
}

/** All values that an activation can give. */
export function rangeOfActivation(activation: string): Range {
  return image(activation, anything, null);
}

export function saturates(activation: string): boolean {
  return factsOf(activation)?.saturates ?? false;
}

/** Whether a unit can be dead: negative inputs give 0 and pass no gradient. */
export function rectifies(activation: string): boolean {
  return factsOf(activation)?.rectifies ?? false;
}

/** Whether the values are between 0 and 1, as probabilities are. */
export function givesShares(activation: string): boolean {
  const { low, high } = rangeOfActivation(activation);
  return low === 0 && high === 1;
}

/** Whether it is the logistic function or its approximation by straight lines: each value is a share of its own. */
export function isSigmoid(activation: string | undefined): boolean {
  return activation !== undefined && givesShares(activation) && saturates(activation);
}
