/** The real lengths of masked sequences. */

import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { Dataset } from "../data/dataset.ts";
import type { MeasuredLayer } from "../instrument/measuredLayers.ts";
import { inputMask, masksOf } from "../model/maskSources.ts";

/**
 * Per layer, the largest number of unmasked timesteps of a training sample. Null if a layer is not recurrent, gets no
 * mask, or gets one whose timesteps differ from its own.
 */
export function longestUnmasked(
  model: LayersModel,
  layers: readonly MeasuredLayer[],
  { inputs, samples, inputShape }: Pick<Dataset, "inputs" | "samples" | "inputShape">,
): (number | null)[] {
  const known = new Map<string, { readonly longest: number; readonly timesteps: number }>();
  return layers.map(({ cell, layer, top }) => {
    // Inside timeDistributed, the time axis is a different one.
    if (!cell || (layer !== top && !["Bidirectional", "RNN"].includes(top.getClassName()))) return null;
    const sources = inputMask(top);
    if (!sources) return null;
    const key = sources.layers.map(({ name }) => name).join();
    const found = known.get(key) ?? lengthsOf(masksOf(sources, model, inputs, samples, inputShape), samples);
    known.set(key, found);
    return cell.timesteps !== null && cell.timesteps !== found.timesteps ? null : found.longest;
  });
}

function lengthsOf(mask: Uint8Array, samples: number): { readonly longest: number; readonly timesteps: number } {
  const timesteps = mask.length / samples;
  let longest = 0;
  for (let i = 0; i < samples; i++) {
    let n = 0;
    for (let t = 0; t < timesteps; t++) n += mask[i * timesteps + t]!;
    longest = Math.max(longest, n);
  }
  return { longest: Math.max(1, longest), timesteps };
}
