/** The activations, as arguments of Keras's layers. */

import type { ActivationName } from "../../config/schema/names.ts";
import { text } from "../python.ts";
import type { HelperName } from "./helpers.ts";

/** Keras's name, or our function in its place. */
const arguments_: { readonly [name in ActivationName]: string | { readonly own: HelperName } } = {
  linear: "linear",
  relu: "relu",
  relu6: "relu6",
  elu: "elu",
  selu: "selu",
  gelu: "gelu",
  gelu_new: { own: "gelu_tanh" },
  swish: "silu",
  mish: "mish",
  sigmoid: "sigmoid",
  hardSigmoid: { own: "old_hard_sigmoid" },
  tanh: "tanh",
  softsign: "softsign",
  softplus: "softplus",
  softmax: "softmax",
  exponential: "exponential",
  hardSigmoid6: "hard_sigmoid",
  hardSwish: "hard_silu",
  leakyRelu: "leaky_relu",
  logSoftmax: "log_softmax",
};

export interface KerasActivation {
  readonly argument: string;
  readonly helpers: readonly HelperName[];
}

/** Null: unknown. */
export function kerasActivation(name: string): KerasActivation | null {
  // tfjs describes the two of its own names in Keras's form.
  const plain = name === "hard_sigmoid" ? "hardSigmoid" : name;
  const found = Object.entries(arguments_).find(([known]) => known === plain)?.[1];
  if (found === undefined) return null;
  return typeof found === "string"
    ? { argument: text(found), helpers: [] }
    : { argument: found.own, helpers: [found.own] };
}
