/** The Keras layers that tfjs has, and the arguments that make no difference here. */

import { factsOf, has, typeOfClass } from "../../config/layerCatalogue.ts";
import type { JsonValue } from "../../config/resolved.ts";
import { isList } from "../formats/models/savedModel.ts";

export const multiHeadClass = "MultiHeadAttention";
/** Our name for a MultiHeadAttention whose inputs differ. */
export const crossAttentionClass = "CrossAttention";

/** The config's type; null if there is no such layer here. */
export function layerTypeOf(className: string): string | null {
  if (className === crossAttentionClass) return "crossAttention";
  const type = typeOfClass(className);
  return type === null || has("notRead", { type }) ? null : type;
}

/** Keras's name of a layer or cell; the config's if Keras has none. */
export function classNameOf(type: string): string {
  return factsOf(type)?.className ?? type;
}

/** Arguments that do not affect a layer's output at its saved weights, whatever their values. */
const irrelevant = new Set([
  "name",
  "dtype",
  "batch_shape",
  "batch_input_shape",
  "input_shape",
  "input_length",
  "implementation",
  "unroll",
  "seed",
  "unit_forget_bias",
  "autocast",
  "lora_alpha",
  "renorm_momentum",
  "renorm_clipping",
]);

/** Arguments unknown to tfjs's layer, with the value at which it computes the same. */
const fixed: { readonly [key: string]: JsonValue } = {
  time_major: false,
  synchronized: false,
  renorm: false,
  fused: false,
  rms_scaling: false,
  keepdims: false,
  sparse: false,
  ragged: false,
  groups: 1,
  threshold: 0,
  zero_output_for_mask: false,
};

/** Whether an argument can be omitted. */
export function isNeutral(className: string, key: string, value: JsonValue): boolean {
  if (value === null || irrelevant.has(key)) return true;
  if (key === "trainable") return value === true;
  if (key === "input_dim") return className !== "Embedding";
  // Keras 2 called the slope alpha before it called it negative_slope.
  if (className === "ReLU" && (key === "negative_slope" || key === "alpha")) return value === 0;
  if (className === "GroupNormalization" && (key === "axis" || key === "groups")) return key === "axis" && value === -1;
  if (className === "Normalization") return key === "input_dim" || (key === "invert" && value === false);
  if (key === "dilation_rate") return (isList(value) ? value : [value]).every((rate) => rate === 1);
  // Pooling over time has one layout only; for other layers the layout matters.
  if (key === "data_format") return value === "channels_last";
  return Object.hasOwn(fixed, key) && fixed[key] === value;
}
