/** Groups layer types by kind, with one list for each kind; the schema is the source of the types themselves. */

import { cellTypes as cells, recurrentLayers } from "./schema/layers/recurrent.ts";

/** Layers that run one cell, or a stack of cells, over the timesteps; `bidirectional` wraps these. */
export const recurrentTypes: readonly string[] = recurrentLayers.map((schema) => schema.shape.type.value);

/** The cells that `rnn` runs. */
export const cellTypes: readonly string[] = cells;

/** Layers that loop over a sequence; `bidirectional` does so twice. */
export const sequenceTypes: readonly string[] = [...recurrentTypes, "externalMemory"];

/** Whether the layer reads a sequence timestep by timestep. */
export function readsInOrder({ type }: { readonly type: string }): boolean {
  return sequenceTypes.includes(type) || type === "bidirectional";
}

/** Recurrent layers with a cell of their own that multiplies vectors by weights: neither `rnn` nor convolutions. */
export const denseRecurrentTypes: readonly string[] = ["simpleRNN", "gru", "lstm"];

/** The gate equations of each gated type. */
export const gatedKinds: { readonly [type: string]: "lstm" | "gru" } = {
  lstm: "lstm",
  lstmCell: "lstm",
  convLstm2d: "lstm",
  convLstm2dCell: "lstm",
  gru: "gru",
  gruCell: "gru",
};

export function isSimple({ type }: { readonly type: string }): boolean {
  return type === "simpleRNN" || type === "simpleRNNCell";
}

/** Whether the layer has an LSTM's gates and multiplies vectors by weights. */
export function isLstm({ type }: { readonly type: string }): boolean {
  return type === "lstm" || type === "lstmCell";
}

/** Whether the layer has gates and multiplies vectors by weights. */
export function isGated({ type }: { readonly type: string }): boolean {
  return isLstm({ type }) || type === "gru" || type === "gruCell";
}

/** Layers that hold other layers or cells. */
export const containerTypes: readonly string[] = ["rnn", "stackedRNNCells", "bidirectional", "timeDistributed"];

/** Layers whose `rate` is the share of values that they drop; recurrent layers have other arguments for it. */
export const droppingTypes: readonly string[] = ["dropout", "spatialDropout1d", "alphaDropout", "gaussianDropout"];

/** Layers whose output at a timestep also depends on later timesteps. */
export const lookAheadTypes: readonly string[] = ["selfAttention", "transformerEncoder", "conv1d"];

/** Layers that leave the values as they are: they rearrange, select, drop or collect them. */
export const rearrangingTypes: ReadonlySet<string> = new Set([
  "inputLayer",
  "reshape",
  "flatten",
  "permute",
  "repeatVector",
  "masking",
  "dropout",
  "spatialDropout1d",
  "gaussianNoise",
  "zeroPadding2d",
  "cropping2d",
  "upSampling2d",
  "resizing",
  "centerCrop",
  "randomWidth",
  "concatenate",
  "maxPooling1d",
  "maxPooling2d",
  "maxPooling3d",
  "averagePooling1d",
  "averagePooling2d",
  "averagePooling3d",
  "globalMaxPooling1d",
  "globalMaxPooling2d",
  "globalAveragePooling1d",
  "globalAveragePooling2d",
]);

/** Layers that only change the shape of their input, or mask it. */
export const shapeTypes: readonly string[] = ["inputLayer", "reshape", "flatten", "permute", "repeatVector", "masking"];

/** Layers that hand values on, rearrange them, or take the largest or a mean. */
export const passingValues =
  /^(dropout|spatialDropout1d|gaussianDropout|gaussianNoise|alphaDropout|flatten|reshape|permute|repeatVector|masking|cropping2D|upSampling2d|attention|(global)?(average|max)Pooling[123]d)$/i;

/** Layers without an activation whose values have no bounds. */
export const boundless =
  /^(batchNormalization|layerNormalization|embedding|selfAttention|transformerEncoder|positionalEncoding)$/;

/** Layers without weights that only apply a function. */
export const functionTypes: readonly string[] = [
  "activation",
  "softmax",
  "reLU",
  "thresholdedReLU",
  "elu",
  "leakyReLU",
];

/** Layers around another layer, which does the work. */
export const wrapperTypes: readonly string[] = ["bidirectional", "timeDistributed"];

/** Layers that pass a mask on, as in tfjs. */
export const passingMasks =
  /^(masking|dense|activation|dropout|spatialDropout1d|gaussianNoise|gaussianDropout|alphaDropout|batchNormalization|layerNormalization|reLU|prelu|positionalEncoding|timeDistributed)$/;
