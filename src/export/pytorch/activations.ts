/** The activations, as expressions of `x`. */

import type { ActivationName } from "../../config/schema/names.ts";

/** tfjs's formulas; those of `gelu` are the exact one and the approximation by tanh. */
const expressions: { readonly [name in ActivationName]: (x: string) => string } = {
  linear: (x) => x,
  relu: (x) => `F.relu(${x})`,
  relu6: (x) => `F.relu6(${x})`,
  elu: (x) => `F.elu(${x})`,
  selu: (x) => `F.selu(${x})`,
  gelu: (x) => `F.gelu(${x})`,
  gelu_new: (x) => `F.gelu(${x}, approximate="tanh")`,
  swish: (x) => `F.silu(${x})`,
  mish: (x) => `F.mish(${x})`,
  sigmoid: (x) => `torch.sigmoid(${x})`,
  hardSigmoid: (x) => `(0.2 * ${x} + 0.5).clamp(0, 1)`,
  tanh: (x) => `torch.tanh(${x})`,
  softsign: (x) => `F.softsign(${x})`,
  softplus: (x) => `F.softplus(${x})`,
  softmax: (x) => `F.softmax(${x}, -1)`,
  exponential: (x) => `torch.exp(${x})`,
  hardSigmoid6: (x) => `F.hardsigmoid(${x})`,
  hardSwish: (x) => `F.hardswish(${x})`,
  leakyRelu: (x) => `F.leaky_relu(${x}, 0.2)`,
  logSoftmax: (x) => `F.log_softmax(${x}, -1)`,
};

/** The activation of `x`, an expression in parentheses if it is compound; null: unknown. */
export function activated(name: string, x: string): string | null {
  const expression = Object.entries(expressions).find(([known]) => known === camel(name))?.[1];
  return expression ? expression(x) : null;
}

/** A function for a cell's argument, such as `torch.tanh`. */
export function asFunction(name: string): string | null {
  const expression = activated(name, "z");
  if (expression === null) return null;
  return /^([A-Za-z.]+)\(z\)$/.exec(expression)?.[1] ?? `lambda z: ${expression}`;
}

/** Keras's `hard_sigmoid` is tfjs's `hardSigmoid`; `gelu_new` keeps its name. */
function camel(name: string): string {
  return name === "hard_sigmoid" ? "hardSigmoid" : name;
}
