/** The range of a layer's output, if its activation bounds it. */

import { RNN } from "@tensorflow/tfjs-layers";
import { type Range, rangeOfActivation, saturates } from "../../config/activations.ts";
import type { Layer } from "../instrument/measuredLayers.ts";
import { activationName } from "../tfjs/internals.ts";

/** Null if the layer has no activation, or one without bounds that mean saturation. */
export function activationRange(layer: Layer): Range | null {
  const name = activationName(layer instanceof RNN ? layer.cell : layer, "activation");
  return name !== null && saturates(name) ? rangeOfActivation(name) : null;
}
