/** How the samples of a data set are sequences: what one timestep is. */

import type { LayerInfo } from "../../../protocol/run.ts";

export interface TimeAxis {
  /** T. */
  readonly timesteps: number;
  /** Values of one timestep. */
  readonly width: number;
}

/**
 * Null for a net without recurrent layers and for samples that are no sequence of at least two timesteps. Samples of one
 * axis (tokens for an embedding, rows that a layer reshapes) have the timesteps of the first recurrent layer.
 *
 * @param inputShape of one sample.
 */
export function timeAxis(inputShape: readonly number[], layers: readonly LayerInfo[]): TimeAxis | null {
  const recurrent = layers.find((layer) => layer.recurrent !== null)?.recurrent;
  const values = inputShape.reduce((product, n) => product * n, 1);
  const timesteps = inputShape.length > 1 ? inputShape[0] : recurrent?.timesteps;
  if (!recurrent || timesteps === undefined || timesteps < 2 || values % timesteps !== 0) return null;
  return { timesteps, width: values / timesteps };
}

/** A lag in timesteps of the data, in those of a layer that reads a sequence shortened (by strides, pooling) or lengthened. */
export function lagInLayer(lag: number, dataTimesteps: number, layerTimesteps: number): number {
  if (dataTimesteps === layerTimesteps) return lag;
  return Math.min(layerTimesteps - 1, Math.ceil((lag * layerTimesteps) / dataTimesteps));
}
