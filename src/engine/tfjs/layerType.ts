/** The config's type of a tfjs layer. */

import type { layers } from "@tensorflow/tfjs-layers";
import { typeOfClass } from "../../config/layerCatalogue.ts";

/** Our variants of tfjs's layers and cells (engine/layers) are the same types with an argument set. */
const variant = /^(Peephole|ResetAfter|Extended)/;

/** Our classes that may not have their type's name, because Keras has another layer of that name. */
const renamed: ReadonlyMap<string, string> = new Map([["AttentionPooling", "attention"]]);

/** Name of its tf.layers factory; for our own layers and for classes without a factory, the class in lower case first. */
export function layerType(layer: layers.Layer): string {
  const name = layer.getClassName().replace(variant, "");
  return renamed.get(name) ?? typeOfClass(name) ?? name.charAt(0).toLowerCase() + name.slice(1);
}
