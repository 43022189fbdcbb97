/**
 * Translates Keras's MultiHeadAttention: of a sequence with itself to selfAttention, otherwise to crossAttention. Keras's
 * kernels have an axis for the heads; the layers here have matrices.
 */

import type { JsonValue } from "../../config/resolved.ts";
import { savedWords } from "../../messages/savedModels.ts";
import { isList, type JsonObject, SavedError, type SavedWeight } from "../formats/models/savedModel.ts";
import type { SavedLayer } from "./graph.ts";
import { crossAttentionClass, multiHeadClass } from "./kerasLayers.ts";

/** Arguments that only restate shapes. */
const shapes = new Set(["query_shape", "key_shape", "value_shape"]);

/** Arguments with the value at which they change nothing here. */
const usual: { readonly [key: string]: JsonValue } = {
  use_gate: false,
  softmax_robust_masking: false,
  flash_attention: false,
};

/** Names of the layers' arguments where they differ from Keras's. */
const renamed: { readonly [key: string]: string } = { num_heads: "heads", output_shape: "units" };

/** The layer itself unless it is Keras's MultiHeadAttention, or attention that is told in its call to be causal. */
export function withoutMultiHead(layer: SavedLayer): SavedLayer {
  if (["Attention", "AdditiveAttention"].includes(layer.className))
    return layer.causal ? { ...layer, config: { ...layer.config, causal: true } } : layer;
  if (layer.className !== multiHeadClass) return layer;
  const { name, config, causal } = layer;
  const [query, value = query, key = value] = layer.inputs;
  if (query === undefined || value === undefined || key === undefined) throw new SavedError(savedWords().noInput(name));
  const { value_dim: valueDim = null, key_dim: keyDim = null, output_shape: outputShape = null } = config;
  const own = query === value && value === key && (valueDim === null || valueDim === keyDim) && outputShape === null;
  const args = Object.entries(config).flatMap(([argument, given]): [string, JsonValue][] => {
    if (shapes.has(argument) || usual[argument] === given) return [];
    if (argument === "attention_axes" && JSON.stringify(given) === "[1]") return [];
    if (argument === "value_dim" && own) return [];
    // A list of one size is the size.
    const plain = argument === "output_shape" && isList(given) && given.length === 1 ? (given[0] ?? null) : given;
    return [[renamed[argument] ?? argument, plain]];
  });
  return {
    ...layer,
    className: own ? multiHeadClass : crossAttentionClass,
    config: { ...Object.fromEntries(args), ...(causal && { causal: true }) } satisfies JsonObject,
    inputs: own ? [query] : key === value ? [query, value] : [query, value, key],
  };
}

/**
 * The weights of attention with the heads' axis merged: the output's kernel has it first, all others last. Weights that
 * have no such axis stay as they are.
 */
export function withJoinedHeads(weights: readonly SavedWeight[]): readonly SavedWeight[] {
  if (!weights.some(({ shape }) => shape.length === 3)) return weights;
  const last = weights.findLastIndex(({ shape }) => shape.length === 3);
  return weights.map(({ shape, values }, i) => {
    const [first = 0, second = 0, third = 0] = shape;
    if (shape.length === 2) return { shape: [first * second], values };
    if (shape.length !== 3) return { shape, values };
    return { shape: i === last ? [first * second, third] : [first, second * third], values };
  });
}
