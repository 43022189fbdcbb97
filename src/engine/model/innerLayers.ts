/** What tfjs layers keep inside themselves: wrapped layers and recurrent cells. */

import type * as tfl from "@tensorflow/tfjs-layers";
import { layersAt } from "../tfjs/internals.ts";

/** Layers directly inside `layer`. The template that Bidirectional was given is not one: it has made its own two. */
export function innerLayers(layer: tfl.layers.Layer): tfl.layers.Layer[] {
  const both = ["forwardLayer", "backwardLayer"].flatMap((key) => layersAt(layer, key));
  return both.length > 0 ? both : ["layer", "layers", "cell", "cells"].flatMap((key) => layersAt(layer, key));
}

/** `layer` and everything inside it, outermost first. */
export function withInnerLayers(layer: tfl.layers.Layer): tfl.layers.Layer[] {
  return [layer, ...innerLayers(layer).flatMap(withInnerLayers)];
}
