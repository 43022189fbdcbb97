/** Convolutions and poolings: PyTorch wants the channels first, our sequences and images have them last. */

import { exportWords } from "../../messages/exporting.ts";
import { Arguments, copied, hasWeight, nothing, refusal, type StateValue, weightOf } from "../emitted.ts";
import type { ExportedLayer, Refusal } from "../exportedModel.ts";
import { activated } from "./activations.ts";
import { type Emit, penaltiesOf } from "./emitted.ts";

/** Channels last ↔ first, as methods of a tensor. */
const turns = {
  1: { first: "transpose(1, 2)", last: "transpose(1, 2)" },
  2: { first: "permute(0, 3, 1, 2)", last: "permute(0, 2, 3, 1)" },
} as const;

type Dimensions = keyof typeof turns;

/** What keeps a window from being the same in PyTorch. */
function windowFault(layer: ExportedLayer, dimensions: Dimensions): Refusal | null {
  const given = new Arguments(layer);
  if (given.text("dataFormat", "channelsLast") !== "channelsLast") return refusal(layer, exportWords().channelsFirst);
  if (given.number("groups", 1) > 1) return refusal(layer, exportWords().groups);
  const strided = given.numbers("strides", dimensions, 1).some((step) => step !== 1);
  if (given.text("padding", "valid") === "same" && strided) return refusal(layer, exportWords().samePadding);
  return null;
}

function convolution(dimensions: Dimensions): Emit {
  return (layer, { attribute, inputs: [x = "x"], output }) => {
    const fault = windowFault(layer, dimensions);
    if (fault) return fault;
    const given = new Arguments(layer);
    const kernel = weightOf(layer, "kernel");
    const [channels = 1, filters = 1] = kernel.shape.slice(-2);
    const bias = hasWeight(layer, "bias");
    const tuple = (name: string) => tupleOf(given.numbers(name, dimensions, 1));
    const options = [
      `${channels}, ${filters}, ${tupleOf(kernel.shape.slice(0, -2))}`,
      ...(tuple("strides") === tupleOf(ones(dimensions)) ? [] : [`stride=${tuple("strides")}`]),
      ...(given.text("padding", "valid") === "same" ? ['padding="same"'] : []),
      ...(tuple("dilationRate") === tupleOf(ones(dimensions)) ? [] : [`dilation=${tuple("dilationRate")}`]),
      ...(bias ? [] : ["bias=False"]),
    ];
    const name = given.text("activation", "linear");
    const value = activated(name, output);
    if (value === null) return refusal(layer, exportWords().activation(name));
    const { first, last } = turns[dimensions];
    return {
      ...nothing,
      init: [`self.${attribute} = nn.Conv${dimensions}d(${options.join(", ")})`],
      forward: [
        `${output} = self.${attribute}(${x}.${first}).${last}`,
        ...(value === output ? [] : [`${output} = ${value}`]),
      ],
      state: [
        filtersFirst(`${attribute}.weight`, layer),
        ...(bias ? [copied(`${attribute}.bias`, weightOf(layer, "bias"))] : []),
      ],
      penalties: penaltiesOf(layer, { kernel: `${attribute}.weight`, bias: `${attribute}.bias` }),
    };
  };
}

function pool(dimensions: Dimensions, kind: "max" | "avg"): Emit {
  return (layer, { inputs: [x = "x"], output }) => {
    const given = new Arguments(layer);
    if (given.text("padding", "valid") === "same") return refusal(layer, exportWords().samePooling);
    const fault = windowFault(layer, dimensions);
    if (fault) return fault;
    const size = given.numbers("poolSize", dimensions, 2);
    const step = given.numbers("strides", dimensions, size[0] ?? 2);
    const { first, last } = turns[dimensions];
    return {
      ...nothing,
      forward: [`${output} = F.${kind}_pool${dimensions}d(${x}.${first}, ${tupleOf(size)}, ${tupleOf(step)}).${last}`],
    };
  };
}

const ones = (n: number) => Array.from({ length: n }, () => 1);

function tupleOf(values: readonly number[]): string {
  return values.length === 1 ? String(values[0]) : `(${values.join(", ")})`;
}

/** [window…, in, out] as PyTorch's [out, in, window…]. */
function filtersFirst(name: string, layer: ExportedLayer): StateValue {
  const { shape, values } = weightOf(layer, "kernel");
  const [channels = 1, filters = 1] = shape.slice(-2);
  const window = shape.slice(0, -2);
  const taps = window.reduce((product, size) => product * size, 1);
  const result = new Float32Array(values.length);
  for (let tap = 0; tap < taps; tap++)
    for (let i = 0; i < channels; i++)
      for (let j = 0; j < filters; j++)
        result[(j * channels + i) * taps + tap] = values[(tap * channels + i) * filters + j]!;
  return { name, shape: [filters, channels, ...window], values: result };
}

export const convolutionLayers: Readonly<Record<string, Emit>> = {
  conv1d: convolution(1),
  conv2d: convolution(2),
  maxPooling1d: pool(1, "max"),
  maxPool1d: pool(1, "max"),
  maxPooling2d: pool(2, "max"),
  maxPool2d: pool(2, "max"),
  averagePooling1d: pool(1, "avg"),
  avgPool1d: pool(1, "avg"),
  avgPooling1d: pool(1, "avg"),
  averagePooling2d: pool(2, "avg"),
  avgPool2d: pool(2, "avg"),
  avgPooling2d: pool(2, "avg"),
  globalAveragePooling2d: (_, { inputs: [x = "x"], output }) => ({
    ...nothing,
    forward: [`${output} = ${x}.mean((1, 2))`],
  }),
};
