/** The range of a layer's output, if its activation bounds it. */

import { RNN } from "@tensorflow/tfjs-layers";
import type { Layer } from "../instrument/layers.ts";
import { activationName } from "../tfjs/internals.ts";

export interface Range {
  readonly low: number;
  readonly high: number;
}

const ranges: { readonly [activation: string]: Range } = {
  tanh: { low: -1, high: 1 },
  sigmoid: { low: 0, high: 1 },
  hardSigmoid: { low: 0, high: 1 },
};

/** Null if the layer has no activation, or one without bounds that mean saturation. */
export function activationRange(layer: Layer): Range | null {
  const name = activationName(layer instanceof RNN ? layer.cell : layer, "activation");
  return name === null ? null : (ranges[name] ?? null);
}
