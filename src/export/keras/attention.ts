/** Attention: Keras's own, with its heads as axes of the weights. */

import { exportWords } from "../../messages/exporting.ts";
import { attentionRefusal, partOf } from "../attentionParts.ts";
import { Arguments, type Emit as EmitOf, hasWeight, nothing, refusal, type StateValue, weightOf } from "../emitted.ts";
import type { ExportedLayer } from "../exportedModel.ts";
import { boolean, number, text } from "../python.ts";
import { kerasActivation } from "./activations.ts";
import type { HelperName } from "./helpers.ts";

type Emit = EmitOf<HelperName>;

const attention: Emit = (layer, { attribute, inputs, output }) => {
  const fault = attentionRefusal(layer);
  if (fault) return fault;
  const given = new Arguments(layer);
  const heads = given.number("heads", 1);
  const width = (part: string) => weightOf(layer, `${part}_kernel`).shape[1] ?? 1;
  const [x = "x", value = x, key] = inputs;
  const options = [
    `num_heads=${heads}`,
    `key_dim=${width("query") / heads}`,
    ...(width("value") === width("query") ? [] : [`value_dim=${width("value") / heads}`]),
    `output_shape=${width("output")}`,
    ...(hasWeight(layer, "query_bias") ? [] : [`use_bias=${boolean(false)}`]),
    `name=${text(attribute)}`,
  ];
  const causal = given.flag("causal") ? ", use_causal_mask=True" : "";
  const called = `${attribute}(${[x, value, ...(key === undefined ? [] : [key])].join(", ")}${causal})`;
  return {
    ...nothing,
    init: [`${attribute} = layers.MultiHeadAttention(${options.join(", ")})`],
    forward: [`${output} = ${given.flag("residual") ? `layers.add([${x}, ${called}])` : called}`],
    state: attentionState(layer, attribute, heads),
  };
};

/** The weights in Keras's order; row-major, splitting an axis into heads leaves the values where they are. */
function attentionState(layer: ExportedLayer, attribute: string, heads: number): StateValue[] {
  return (["query", "key", "value", "output"] as const).flatMap((part) => {
    const kernel = weightOf(layer, `${part}_kernel`);
    const [rows = 1, columns = 1] = kernel.shape;
    const last = part === "output";
    const shape = last ? [heads, rows / heads, columns] : [rows, heads, columns / heads];
    const weights: StateValue[] = [{ name: `${attribute}/${part}_kernel`, shape, values: kernel.values }];
    if (hasWeight(layer, `${part}_bias`)) {
      const bias = weightOf(layer, `${part}_bias`);
      const split = last ? bias.shape : [heads, columns / heads];
      weights.push({ name: `${attribute}/${part}_bias`, shape: split, values: bias.values });
    }
    return weights;
  });
}

const pooling: Emit = (layer, { attribute, inputs: [x = "x"], output }) => {
  const given = new Arguments(layer);
  if (given.object("kernelRegularizer")) return refusal(layer, exportWords().attentionPenalty);
  const kernel = weightOf(layer, "kernel");
  const context = weightOf(layer, "context");
  const units = kernel.shape[1] ?? 1;
  return {
    ...nothing,
    init: [`${attribute} = pooled_by_attention(${text(attribute)}, ${units})`],
    forward: [`${output} = ${attribute}(${x})`],
    state: [
      { ...kernel, name: `${attribute}_score/kernel` },
      { ...weightOf(layer, "bias"), name: `${attribute}_score/bias` },
      { ...context, name: `${attribute}_context/kernel`, shape: [units, 1] },
    ],
    helpers: ["pooled_by_attention"],
  };
};

const transformerEncoder: Emit = (layer, { attribute, inputs: [x = "x"], output }) => {
  const given = new Arguments(layer);
  const part = (name: string): ExportedLayer => partOf(layer, name);
  const [inside, hidden] = [part("attention"), part("hidden")];
  const wanted = new Arguments(hidden).text("activation", "relu");
  const activation = kerasActivation(wanted);
  if (!activation) return refusal(layer, exportWords().activation(wanted));
  const [features = 1, width = 1] = weightOf(inside, "query_kernel").shape;
  const heads = given.number("heads", 1);
  const dropped = given.number("dropout", 0);
  const epsilon = new Arguments(part("attention_normalization")).number("epsilon", 1e-6);
  const options = [
    text(attribute),
    heads,
    width / heads,
    weightOf(hidden, "kernel").shape[1] ?? 1,
    features,
    activation.argument,
    ...(given.text("normalization", "post") === "pre" ? ["pre=True"] : []),
    ...(given.flag("causal") ? ["causal=True"] : []),
    ...(dropped > 0 ? [`dropout=${number(dropped)}`] : []),
    `epsilon=${number(epsilon)}`,
  ];
  const whole = (name: string, of: ExportedLayer) =>
    of.weights.map((weight) => ({ ...weight, name: `${attribute}_${name}/${weight.name}` }));
  return {
    ...nothing,
    init: [`${attribute} = transformer_block(${options.join(", ")})`],
    forward: [`${output} = ${attribute}(${x})`],
    state: [
      ...attentionState(inside, `${attribute}_attention`, heads),
      ...["attention_normalization", "feed_forward_normalization", "hidden", "feed_forward"].flatMap((name) =>
        whole(name, part(name)),
      ),
    ],
    helpers: ["transformer_block", ...activation.helpers],
  };
};

export const attentionLayers: Readonly<Record<string, Emit>> = {
  attention: pooling,
  crossAttention: attention,
  selfAttention: attention,
  transformerEncoder,
};
