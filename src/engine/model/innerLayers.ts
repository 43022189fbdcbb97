/** Finds the layers that tfjs layers contain: wrapped layers and recurrent cells. */

import type * as tfl from "@tensorflow/tfjs-layers";
import { layersAt } from "../tfjs/internals.ts";

/**
 * Layers directly inside `layer`. The template passed to Bidirectional is not one of them, because it copies the
 * template twice.
 */
export function innerLayers(layer: tfl.layers.Layer): tfl.layers.Layer[] {
  const both = ["forwardLayer", "backwardLayer"].flatMap((key) => layersAt(layer, key));
  return both.length > 0 ? both : ["layer", "layers", "cell", "cells"].flatMap((key) => layersAt(layer, key));
}

/** `layer` and everything inside it, outermost first. */
export function withInnerLayers(layer: tfl.layers.Layer): tfl.layers.Layer[] {
  return [layer, ...innerLayers(layer).flatMap(withInnerLayers)];
}
