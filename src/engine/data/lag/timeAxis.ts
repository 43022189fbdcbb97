/** How the samples of a data set form sequences: what one timestep is. */

import type { LayerInfo } from "../../../protocol/run.ts";

export interface TimeAxis {
  /** T, the number of timesteps. */
  readonly timesteps: number;
  /** Number of values per timestep. */
  readonly width: number;
}

/**
 * Null for a net without recurrent layers and for samples that are not sequences of at least two timesteps. Samples
 * with one axis (tokens for an embedding, rows that a layer reshapes) have the timesteps of the first recurrent layer.
 *
 * @param inputShape shape of one sample.
 */
export function timeAxis(inputShape: readonly number[], layers: readonly LayerInfo[]): TimeAxis | null {
  const recurrent = layers.find((layer) => layer.recurrent !== null)?.recurrent;
  const values = inputShape.reduce((product, n) => product * n, 1);
  const timesteps = inputShape.length > 1 ? inputShape[0] : recurrent?.timesteps;
  if (!recurrent || timesteps === undefined || timesteps < 2 || values % timesteps !== 0) return null;
  return { timesteps, width: values / timesteps };
}

/**
 * Converts a lag in timesteps of the data to timesteps of a layer whose sequence is shortened (by strides, pooling) or
 * lengthened.
 */
export function lagInLayer(lag: number, dataTimesteps: number, layerTimesteps: number): number {
  if (dataTimesteps === layerTimesteps) return lag;
  return Math.min(layerTimesteps - 1, Math.ceil((lag * layerTimesteps) / dataTimesteps));
}
