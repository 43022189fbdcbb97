/** Attention: the helpers' arguments and weights. */

import { attentionRefusal } from "../attentionParts.ts";
import { Arguments, copied, hasWeight, nothing, weightOf } from "../emitted.ts";
import type { ExportedLayer } from "../exportedModel.ts";
import { boolean } from "../python.ts";
import { type Emit, penaltiesOf, transposed } from "./emitted.ts";

const selfAttention: Emit = (layer, { attribute, inputs: [x = "x"], output }) => {
  const given = new Arguments(layer);
  const kernel = weightOf(layer, "query_kernel");
  const [features = 1, inside = 1] = kernel.shape;
  const heads = given.number("heads", 1);
  const options = attentionOptions(layer);
  const refused = attentionRefusal(layer);
  if (refused) return refused;
  return {
    ...nothing,
    init: [`self.${attribute} = SelfAttention(${[features, heads, inside / heads, ...options].join(", ")})`],
    forward: [`${output} = self.${attribute}(${x})`],
    state: attentionState(layer, attribute),
    helpers: ["SelfAttention"],
  };
};

const crossAttention: Emit = (layer, { attribute, inputs, output }) => {
  const refused = attentionRefusal(layer);
  if (refused) return refused;
  const pair = (part: string) => `(${weightOf(layer, `${part}_kernel`).shape.join(", ")})`;
  const parts = ["query", "key", "value", "output"].map(pair);
  const given = [new Arguments(layer).number("heads", 1), ...parts, ...attentionOptions(layer)];
  return {
    ...nothing,
    init: [`self.${attribute} = CrossAttention(${given.join(", ")})`],
    forward: [`${output} = self.${attribute}(${inputs.join(", ")})`],
    state: attentionState(layer, attribute),
    helpers: ["CrossAttention"],
  };
};

/** Arguments of the helpers, where they are not the usual ones. */
function attentionOptions(layer: ExportedLayer): readonly string[] {
  const given = new Arguments(layer);
  return [
    ...(given.flag("causal") ? ["causal=True"] : []),
    ...(given.flag("residual") ? ["residual=True"] : []),
    ...(hasWeight(layer, "query_bias") ? [] : [`bias=${boolean(false)}`]),
  ];
}

/** The weights of one attention, under the names of the helpers. */
export function attentionState(layer: ExportedLayer, attribute: string) {
  return (["query", "key", "value", "output"] as const).flatMap((part) => {
    const name = `${attribute}.${part === "output" ? "out" : part}`;
    return [
      transposed(`${name}.weight`, weightOf(layer, `${part}_kernel`)),
      ...(hasWeight(layer, `${part}_bias`) ? [copied(`${name}.bias`, weightOf(layer, `${part}_bias`))] : []),
    ];
  });
}

const attentionPooling: Emit = (layer, { attribute, inputs: [x = "x"], output }) => {
  const kernel = weightOf(layer, "kernel");
  const [features = 1, units = 1] = kernel.shape;
  return {
    ...nothing,
    init: [`self.${attribute} = AttentionPooling(${features}, ${units})`],
    forward: [`${output} = self.${attribute}(${x})`],
    state: [
      transposed(`${attribute}.score.weight`, kernel),
      copied(`${attribute}.score.bias`, weightOf(layer, "bias")),
      transposed(`${attribute}.context.weight`, weightOf(layer, "context")),
    ],
    penalties: penaltiesOf(layer, { kernel: `${attribute}.score.weight` }),
    helpers: ["AttentionPooling"],
  };
};

export const attentionLayers: Readonly<Record<string, Emit>> = {
  attention: attentionPooling,
  crossAttention,
  selfAttention,
};
