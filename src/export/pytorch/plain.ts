/** Layers without recurrence. */

import { exportWords } from "../../messages/exporting.ts";
import { partOf } from "../attentionParts.ts";
import { Arguments, choiceOf, comparison, copied, hasWeight, nothing, refusal, weightOf } from "../emitted.ts";
import type { ExportedLayer } from "../exportedModel.ts";
import { makesMask } from "../masks.ts";
import { number, text } from "../python.ts";
import { activated, asFunction } from "./activations.ts";
import { attentionLayers, attentionState } from "./attention.ts";
import { type Emit, type Emitted, penaltiesOf, transposed } from "./emitted.ts";

/** A shape as arguments. */
const sizes = (shape: readonly number[]) => shape.join(", ");

/** One statement of `forward` and no weights. */
const statement =
  (expression: (x: string, layer: ExportedLayer) => string): Emit =>
  (layer, { inputs: [x = "x"], output }) => {
    const value = expression(x, layer);
    return { ...nothing, forward: value === output ? [] : [`${output} = ${value}`] };
  };

/** A statement over all inputs. */
const merging =
  (expression: (inputs: readonly string[], layer: ExportedLayer) => string): Emit =>
  (layer, { inputs, output }) => ({ ...nothing, forward: [`${output} = ${expression(inputs, layer)}`] });

const folded = (of: string) => merging((inputs) => inputs.reduce((sum, next) => `${of}(${sum}, ${next})`));

function withActivation(layer: ExportedLayer, output: string, made: Emitted): Emitted | ReturnType<typeof refusal> {
  const name = new Arguments(layer).text("activation", "linear");
  const value = activated(name, output);
  if (value === null) return refusal(layer, exportWords().activation(name));
  return value === output ? made : { ...made, forward: [...made.forward, `${output} = ${value}`] };
}

const dense: Emit = (layer, { attribute, inputs: [x = "x"], output }) => {
  const kernel = weightOf(layer, "kernel");
  const [rows = 1, columns = 1] = kernel.shape;
  const bias = hasWeight(layer, "bias");
  return withActivation(layer, output, {
    init: [`self.${attribute} = nn.Linear(${rows}, ${columns}${bias ? "" : ", bias=False"})`],
    forward: [`${output} = self.${attribute}(${x})`],
    state: [
      transposed(`${attribute}.weight`, kernel),
      ...(bias ? [copied(`${attribute}.bias`, weightOf(layer, "bias"))] : []),
    ],
    penalties: penaltiesOf(layer, { kernel: `${attribute}.weight`, bias: `${attribute}.bias` }),
    helpers: [],
  });
};

/** Our equations are PyTorch's. */
const einsumDense: Emit = (layer, { attribute, inputs: [x = "x"], output }) => {
  const weights = layer.weights.map(({ name, shape }) => ({
    name,
    made: `nn.Parameter(torch.empty(${sizes(shape)}).uniform_(-0.05, 0.05))`,
  }));
  const made = weights.map((weight) => `${text(weight.name)}: ${weight.made}`).join(", ");
  const product = `torch.einsum(${text(new Arguments(layer).text("equation", ""))}, ${x}, self.${attribute}.kernel)`;
  return withActivation(layer, output, {
    init: [`self.${attribute} = nn.ParameterDict({${made}})`],
    forward: [`${output} = ${product}${hasWeight(layer, "bias") ? ` + self.${attribute}.bias` : ""}`],
    state: layer.weights.map((weight) => copied(`${attribute}.${weight.name}`, weight)),
    penalties: penaltiesOf(layer, { kernel: `${attribute}.kernel`, bias: `${attribute}.bias` }),
    helpers: [],
  });
};

const embedding: Emit = (layer, { attribute, inputs: [x = "x"], output, made }) => {
  const weight = weightOf(layer, "embeddings");
  const [rows = 1, columns = 1] = weight.shape;
  return {
    ...nothing,
    init: [`self.${attribute} = nn.Embedding(${rows}, ${columns})`],
    forward: [
      ...(makesMask(layer) ? [`${made} = ${x}.long() != 0`] : []),
      `${output} = self.${attribute}(${x}.long())`,
    ],
    state: [copied(`${attribute}.weight`, weight)],
    penalties: penaltiesOf(layer, { embeddings: `${attribute}.weight` }),
  };
};

const masking: Emit = (layer, { inputs: [x = "x"], output, made }) => ({
  ...nothing,
  forward: [
    `${made} = (${x} != ${number(new Arguments(layer).number("maskValue", 0))}).any(-1)`,
    `${output} = ${x} * ${made}[..., None]`,
  ],
});

const activation: Emit = (layer, { inputs: [x = "x"], output }) =>
  withActivation(layer, output, { ...nothing, forward: x === output ? [] : [`${output} = ${x}`] });

const layerNormalization: Emit = (layer, { attribute, inputs: [x = "x"], output }) => {
  const given = new Arguments(layer);
  const axes = given.list("axis");
  const axis = axes.length === 1 ? axes[0]! : given.number("axis", -1);
  if (axes.length > 1 || (axis !== -1 && axis !== layer.inputShape.length))
    return refusal(layer, exportWords().otherAxes);
  const features = layer.inputShape.at(-1) ?? 1;
  const [scale, center] = [hasWeight(layer, "gamma"), hasWeight(layer, "beta")];
  const options = scale ? (center ? "" : ", bias=False") : ", elementwise_affine=False";
  if (!scale && center) return refusal(layer, exportWords().offsetAlone);
  return {
    ...nothing,
    init: [`self.${attribute} = nn.LayerNorm(${features}, eps=${number(given.number("epsilon", 1e-3))}${options})`],
    forward: [`${output} = self.${attribute}(${x})`],
    state: [
      ...(scale ? [copied(`${attribute}.weight`, weightOf(layer, "gamma"))] : []),
      ...(center ? [copied(`${attribute}.bias`, weightOf(layer, "beta"))] : []),
    ],
    penalties: penaltiesOf(layer, { gamma: `${attribute}.weight`, beta: `${attribute}.bias` }),
  };
};

const batchNormalization: Emit = (layer, { attribute, inputs: [x = "x"], output }) => {
  const given = new Arguments(layer);
  const both = hasWeight(layer, "gamma") && hasWeight(layer, "beta");
  if (!both && (hasWeight(layer, "gamma") || hasWeight(layer, "beta")))
    return refusal(layer, exportWords().offsetOrFactor);
  const momentum = number(Number((1 - given.number("momentum", 0.99)).toPrecision(12)));
  const options = `eps=${number(given.number("epsilon", 1e-3))}, momentum=${momentum}${both ? "" : ", affine=False"}`;
  return {
    ...nothing,
    init: [
      `self.${attribute} = FeatureNorm(${layer.inputShape.at(-1) ?? 1}, ${options})`,
      ...(layer.config["trainable"] === false ? [`self.${attribute}.keep_statistics()`] : []),
    ],
    forward: [`${output} = self.${attribute}(${x})`],
    state: [
      ...(both
        ? [
            copied(`${attribute}.weight`, weightOf(layer, "gamma")),
            copied(`${attribute}.bias`, weightOf(layer, "beta")),
          ]
        : []),
      copied(`${attribute}.running_mean`, weightOf(layer, "moving_mean")),
      copied(`${attribute}.running_var`, weightOf(layer, "moving_variance")),
    ],
    penalties: penaltiesOf(layer, { gamma: `${attribute}.weight`, beta: `${attribute}.bias` }),
    helpers: ["FeatureNorm"],
  };
};

const dropout: Emit = (layer, { attribute, inputs: [x = "x"], output }) => {
  const given = new Arguments(layer);
  if (given.list("noiseShape").length > 0) return refusal(layer, exportWords().noiseShape);
  return {
    ...nothing,
    init: [`self.${attribute} = nn.Dropout(${number(given.number("rate", 0))})`],
    forward: [`${output} = self.${attribute}(${x})`],
  };
};

const positionalEncoding: Emit = (layer, { attribute, inputs: [x = "x"], output }) => {
  const [timesteps = 1, features = 1] = layer.inputShape;
  if (!hasWeight(layer, "positions"))
    return {
      ...nothing,
      init: [`self.register_buffer("${attribute}", sinusoids(${timesteps}, ${features}), persistent=False)`],
      forward: [`${output} = ${x} + self.${attribute}`],
      helpers: ["sinusoids"],
    };
  return {
    ...nothing,
    init: [`self.${attribute} = nn.Parameter(torch.empty(${timesteps}, ${features}).uniform_(-0.05, 0.05))`],
    forward: [`${output} = ${x} + self.${attribute}`],
    state: [copied(attribute, weightOf(layer, "positions"))],
  };
};

const transformerEncoder: Emit = (layer, { attribute, inputs: [x = "x"], output }) => {
  const given = new Arguments(layer);
  const part = (name: string): ExportedLayer => partOf(layer, name);
  const [attention, hidden, last] = [part("attention"), part("hidden"), part("feed_forward")];
  const norms = [part("attention_normalization"), part("feed_forward_normalization")];
  const activation = new Arguments(hidden).text("activation", "relu");
  const named = asFunction(activation);
  if (named === null) return refusal(layer, exportWords().activation(activation));
  const [features = 1, inside = 1] = weightOf(attention, "query_kernel").shape;
  const heads = given.number("heads", 1);
  const width = weightOf(hidden, "kernel").shape[1] ?? 1;
  const dropped = given.number("dropout", 0);
  const options = [
    ...(given.text("normalization", "post") === "pre" ? ["pre=True"] : []),
    ...(given.flag("causal") ? ["causal=True"] : []),
    ...(dropped > 0 ? [`dropout=${number(dropped)}`] : []),
    `eps=${number(new Arguments(norms[0]!).number("epsilon", 1e-6))}`,
  ];
  return {
    ...nothing,
    init: [`self.${attribute} = Encoder(${[features, heads, inside / heads, width, named, ...options].join(", ")})`],
    forward: [`${output} = self.${attribute}(${x})`],
    state: [
      ...attentionState(attention, `${attribute}.attention`),
      ...norms.flatMap((norm, i) => [
        copied(`${attribute}.norm${i + 1}.weight`, weightOf(norm, "gamma")),
        copied(`${attribute}.norm${i + 1}.bias`, weightOf(norm, "beta")),
      ]),
      ...(
        [
          ["hidden", hidden],
          ["out", last],
        ] as const
      ).flatMap(([name, of]) => [
        transposed(`${attribute}.${name}.weight`, weightOf(of, "kernel")),
        copied(`${attribute}.${name}.bias`, weightOf(of, "bias")),
      ]),
    ],
    helpers: ["Encoder"],
  };
};

export const plainLayers: Readonly<Record<string, Emit>> = {
  inputLayer: statement((x) => x),
  dense,
  einsumDense,
  embedding,
  masking,
  activation,
  softmax: (layer, place) => {
    const axis = new Arguments(layer).number("axis", 1);
    return statement((x) => `F.softmax(${x}, ${axis})`)(layer, place);
  },
  reLU: (layer, place) => {
    const max = new Arguments(layer).number("maxValue", Number.POSITIVE_INFINITY);
    return statement((x) => (Number.isFinite(max) ? `${x}.clamp(0, ${number(max)})` : `F.relu(${x})`))(layer, place);
  },
  leakyReLU: statement((x, layer) => `F.leaky_relu(${x}, ${number(new Arguments(layer).number("alpha", 0.3))})`),
  elu: statement((x) => `F.elu(${x})`),
  elementwise: statement((x, layer) => `torch.${new Arguments(layer).text("function", "abs")}(${x})`),
  power: statement((x, layer) => `${x} ** ${number(new Arguments(layer).number("exponent", 1))}`),
  clip: statement((x, layer) => {
    const given = new Arguments(layer);
    return `${x}.clamp(${number(given.number("low", 0))}, ${number(given.number("high", 0))})`;
  }),
  compare: statement((x, layer) => `(${comparison(x, layer)}).to(${x}.dtype)`),
  where: merging((inputs, layer) => {
    const [condition, value, otherwise] = choiceOf(inputs, layer);
    return `torch.where(${condition} != 0, ${value}, ${otherwise})`;
  }),
  expandDims: statement((x, layer) => `${x}.unsqueeze(${new Arguments(layer).number("axis", 1)})`),
  cumulativeSum: statement((x, layer) => `${x}.cumsum(${new Arguments(layer).number("axis", 1)})`),
  dropout,
  flatten: statement((x) => `${x}.flatten(1)`),
  reshape: statement((x, { outputShape }) => `${x}.reshape(-1, ${sizes(outputShape)})`),
  permute: statement((x, layer) => `${x}.permute(0, ${sizes(new Arguments(layer).list("dims"))})`),
  repeatVector: statement((x, { outputShape }) => `${x}[:, None].expand(-1, ${outputShape[0] ?? 1}, -1)`),
  layerNormalization,
  batchNormalization,
  ...attentionLayers,
  positionalEncoding,
  transformerEncoder,
  globalAveragePooling1d: statement((x) => `${x}.mean(1)`),
  globalMaxPooling1d: statement((x) => `${x}.amax(1)`),
  globalMaxPool1d: statement((x) => `${x}.amax(1)`),
  add: merging((inputs) => inputs.join(" + ")),
  subtract: merging((inputs) => inputs.join(" - ")),
  divide: merging((inputs) => inputs.join(" / ")),
  multiply: merging((inputs) => inputs.join(" * ")),
  average: merging((inputs) => `(${inputs.join(" + ")}) / ${inputs.length}`),
  maximum: folded("torch.maximum"),
  minimum: folded("torch.minimum"),
  concatenate: merging(
    (inputs, layer) => `torch.cat([${inputs.join(", ")}], ${new Arguments(layer).number("axis", -1)})`,
  ),
};
