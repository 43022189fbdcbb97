/** Translates Keras's activations, regularizers and constraints to the config's names. */

import type { JsonValue } from "../../config/resolved.ts";
import { activationNames } from "../../config/schema/names.ts";
import { translationWords } from "../../messages/translating.ts";
import { type Dialect, type JsonObject, objectAt } from "../formats/models/savedModel.ts";

/** `return_sequences` → `returnSequences` */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

const activations: { readonly [keras: string]: string } = {
  silu: "swish",
  // Keras's celu has alpha 1.
  celu: "elu",
  hard_sigmoid: "hardSigmoid",
  gelu_new: "gelu_new",
  leaky_relu: "leakyRelu",
  log_softmax: "logSoftmax",
  hard_silu: "hardSwish",
  hard_swish: "hardSwish",
};

export function activationOf(
  value: JsonValue,
  dialect: Dialect,
): { readonly name: string } | { readonly reason: string } {
  // Keras 3 writes some functions as objects whose config is the name.
  const written = objectAt(value)?.["config"] ?? value;
  if (typeof written !== "string") return { reason: translationWords().ownActivation };
  const name = dialect === "keras3" && written === "hard_sigmoid" ? "hardSigmoid6" : (activations[written] ?? written);
  return activationNames.some((known) => known === name)
    ? { name }
    : { reason: translationWords().noActivation(written.slice(0, 60)) };
}

const types: { readonly [className: string]: string } = {
  L1: "l1",
  L2: "l2",
  L1L2: "l1l2",
  MaxNorm: "maxNorm",
  MinMaxNorm: "minMaxNorm",
  NonNeg: "nonNeg",
  UnitNorm: "unitNorm",
};

/** `{ class_name: "L2", config: { l2: 0.01 } }` → `{ type: "l2", l2: 0.01 }`; null for an unknown class. */
export function regularizerOrConstraint(value: JsonValue): JsonObject | null {
  const { class_name: className, config } = objectAt(value) ?? {};
  const type = typeof className === "string" ? types[className] : undefined;
  if (type === undefined) return null;
  const args = Object.entries(objectAt(config ?? null) ?? {}).map(([key, argument]) => [camelCase(key), argument]);
  return { type, ...Object.fromEntries(args) };
}
