/** Makes inputs whose beginning comes from another sample. */

import type { InputBlock } from "../../data/lag/jointInputs.ts";
import type { TimeAxis } from "../../data/lag/timeAxis.ts";
import { createRandom, permutation } from "../../data/random.ts";

/** For each sample another one, deterministic; every sample is used exactly once. */
export function donors(samples: number, round: number): Uint32Array {
  const order = permutation(samples, createRandom(31 + round));
  const result = new Uint32Array(samples);
  // Each takes from the next one in a circle, so none takes from itself.
  order.forEach((sample, i) => {
    result[sample] = order[(i + 1) % samples]!;
  });
  return result;
}

/**
 * The whole beginning comes from one sample, so that it is a sequence that occurs (permutation importance, Breiman
 * 2001; Fisher, Rudin & Dominici 2019).
 *
 * @param inputs samples × timesteps × width; or, for several inputs, samples × the values of all of them.
 * @param cut number of timesteps to exchange; inputs without timesteps are exchanged with the last one.
 * @param blocks where the inputs are.
 */
export function exchanged(
  inputs: Float32Array,
  from: Uint32Array,
  cut: number,
  { timesteps, width }: TimeAxis,
  blocks: readonly InputBlock[] = [{ offset: 0, width, sequence: true }],
): Float32Array {
  const size = inputs.length / from.length;
  const result = inputs.slice();
  from.forEach((donor, sample) => {
    for (const block of blocks) {
      const length = block.width * (block.sequence ? cut : cut < timesteps ? 0 : 1);
      const at = donor * size + block.offset;
      result.set(inputs.subarray(at, at + length), sample * size + block.offset);
    }
  });
  return result;
}
