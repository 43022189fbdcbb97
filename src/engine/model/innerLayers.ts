/** What tfjs layers keep inside themselves: wrapped layers and recurrent cells. */

import * as tfl from "@tensorflow/tfjs-layers";

/** Layers directly inside `layer`. The template that Bidirectional was given is not one: it has made its own two. */
export function innerLayers(layer: tfl.layers.Layer): tfl.layers.Layer[] {
  const both = ["forwardLayer", "backwardLayer"].flatMap((key) => layersAt(layer, key));
  return both.length > 0 ? both : ["layer", "layers", "cell", "cells"].flatMap((key) => layersAt(layer, key));
}

/** `layer` and everything inside it, outermost first. */
export function withInnerLayers(layer: tfl.layers.Layer): tfl.layers.Layer[] {
  return [layer, ...innerLayers(layer).flatMap(withInnerLayers)];
}

function layersAt(layer: tfl.layers.Layer, key: string): tfl.layers.Layer[] {
  const value: unknown = Reflect.get(layer, key);
  return (Array.isArray(value) ? value : [value]).filter((v) => v instanceof tfl.layers.Layer);
}
