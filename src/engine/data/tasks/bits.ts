/** Tasks with two classes. Timesteps are counted from 0 here. */

import type { DelayedRecallData, ParityData } from "../../../config/resolved.ts";
import { createRandom } from "../random.ts";
import { type TaskSamples, twoEvenClasses } from "./samples.ts";

/**
 * Delayed recall, the "latch" or "two-sequence problem" of Bengio, Simard & Frasconi 1994 in the form of Hochreiter &
 * Schmidhuber 1997, task 3a: the first `cue` inputs are 1 for class 1 and −1 for class 0, the others Gaussian noise
 * with mean 0. The last timestep of the cue still shows the class, so the gradient has to reach T − `cue` timesteps
 * back.
 */
export function delayedRecall({ length, cue, noiseVariance, samples, seed }: DelayedRecallData): TaskSamples {
  const random = createRandom(seed);
  const deviation = Math.sqrt(noiseVariance);
  const inputs = new Float32Array(samples * length);
  const targets = new Float32Array(samples);
  for (let i = 0; i < samples; i++) {
    const one = random.integer(2);
    targets[i] = one;
    for (let t = 0; t < length; t++) inputs[i * length + t] = t < cue ? 2 * one - 1 : deviation * random.normal();
  }
  return {
    inputs,
    targets,
    targetTimesteps: null,
    classes: 2,
    requiredLag: length - cue,
    overlap: 0,
    baselines: twoEvenClasses,
  };
}

/**
 * Parity (Bengio, Simard & Frasconi 1994, section V): inputs are 1 or −1; the class is 1 if the number of ones is odd.
 * All timesteps but one together say nothing about the class: both classes stay equally probable, so guessing costs ln
 * 2.
 */
export function parity({ length, samples, seed }: ParityData): TaskSamples {
  const random = createRandom(seed);
  const inputs = new Float32Array(samples * length);
  const targets = new Float32Array(samples);
  for (let i = 0; i < samples; i++) {
    let odd = 0;
    for (let t = 0; t < length; t++) {
      const one = random.integer(2);
      odd ^= one;
      inputs[i * length + t] = 2 * one - 1;
    }
    targets[i] = odd;
  }
  return {
    inputs,
    targets,
    targetTimesteps: null,
    classes: 2,
    requiredLag: length - 1,
    overlap: 0,
    baselines: twoEvenClasses,
  };
}
