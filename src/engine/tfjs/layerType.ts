/** The config's type of a tfjs layer. */

import type { layers } from "@tensorflow/tfjs-layers";
import { typeOfClass } from "../../config/layerCatalogue.ts";

/** Our variants of tfjs's layers and cells (engine/layers) are the same types with an argument set. */
const variant = /^(Peephole|ResetAfter|Extended)/;

/** Name of its tf.layers factory; for our own layers and for classes without a factory, the class in lower case first. */
export function layerType(layer: layers.Layer): string {
  const name = layer.getClassName().replace(variant, "");
  return typeOfClass(name) ?? name.charAt(0).toLowerCase() + name.slice(1);
}
