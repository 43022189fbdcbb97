/** Which layer types are of one kind, each list once; the schema is the source of the types themselves. */

import { cellTypes as cells, recurrentLayers } from "./schema/layers/recurrent.ts";

/** Layers that run one cell, or a stack of them, over the timesteps: what `bidirectional` wraps. */
export const recurrentTypes: readonly string[] = recurrentLayers.map((schema) => schema.shape.type.value);

/** What `rnn` runs. */
export const cellTypes: readonly string[] = cells;

/** What takes a sequence and loops over it; `bidirectional` does so twice. */
export const sequenceTypes: readonly string[] = [...recurrentTypes, "externalMemory"];

/** Whether it reads a sequence timestep by timestep. */
export function readsInOrder({ type }: { readonly type: string }): boolean {
  return sequenceTypes.includes(type) || type === "bidirectional";
}

/** Recurrent layers with a cell of their own that weighs vectors: neither `rnn` nor convolutions. */
export const denseRecurrentTypes: readonly string[] = ["simpleRNN", "gru", "lstm"];

/** The equations of the gates of each type that has them. */
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

/** Whether it has the gates of an LSTM and weighs vectors. */
export function isLstm({ type }: { readonly type: string }): boolean {
  return type === "lstm" || type === "lstmCell";
}

/** Whether it has gates and weighs vectors. */
export function isGated({ type }: { readonly type: string }): boolean {
  return isLstm({ type }) || type === "gru" || type === "gruCell";
}
