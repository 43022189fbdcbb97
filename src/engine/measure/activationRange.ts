/** The interval a layer's output lies in, where its activation bounds it. */

import { RNN } from "@tensorflow/tfjs-layers";
import type { Layer } from "../instrument/layers.ts";

export interface Range {
  readonly low: number;
  readonly high: number;
}

const ranges: { readonly [activation: string]: Range } = {
  tanh: { low: -1, high: 1 },
  sigmoid: { low: 0, high: 1 },
  hardSigmoid: { low: 0, high: 1 },
};

/** Null where the activation has no bounds that mean saturation, or the layer has no activation. */
export function activationRange(layer: Layer): Range | null {
  const activation: unknown = Reflect.get(layer instanceof RNN ? layer.cell : layer, "activation");
  if (typeof activation !== "object" || activation === null || !("getClassName" in activation)) return null;
  const { getClassName } = activation;
  if (typeof getClassName !== "function") return null;
  return ranges[String(Reflect.apply(getClassName, activation, []))] ?? null;
}
