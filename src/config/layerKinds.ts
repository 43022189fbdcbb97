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
