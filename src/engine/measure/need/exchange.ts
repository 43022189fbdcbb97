/** Makes inputs whose beginning comes from another sample. */

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
 * @param inputs samples × timesteps × width.
 * @param cut number of timesteps to exchange.
 */
export function exchanged(inputs: Float32Array, from: Uint32Array, cut: number, width: number): Float32Array {
  const size = inputs.length / from.length;
  const result = inputs.slice();
  from.forEach((donor, sample) => {
    result.set(inputs.subarray(donor * size, donor * size + cut * width), sample * size);
  });
  return result;
}
