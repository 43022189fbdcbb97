/** Tasks that depend on what was where in the sequence. Timesteps are counted from 0 here. */

import type { AddingProblemData, CopyMemoryData, TemporalOrderData } from "../../../config/resolved.ts";
import { createRandom } from "../random.ts";
import type { TaskSamples } from "./samples.ts";

/**
 * The adding problem (Hochreiter & Schmidhuber 1997, task 4, in the form of Arjovsky et al. 2016): u is uniform in [0,
 * 1), and a marker is 1 at one timestep of each half; the target is the sum of the two marked numbers. Answering 1
 * costs the variance of the sum of two uniform numbers, 2/12. The first marker may be at timestep 0, so the gradient
 * has to reach T − 1 timesteps back.
 */
export function addingProblem({ length, samples, seed }: AddingProblemData): TaskSamples {
  const random = createRandom(seed);
  const inputs = new Float32Array(samples * length * 2);
  const targets = new Float32Array(samples);
  const half = length >> 1;
  for (let i = 0; i < samples; i++) {
    const row = i * length * 2;
    for (let t = 0; t < length; t++) inputs[row + 2 * t] = random.uniform();
    const first = random.integer(half);
    const second = half + random.integer(length - half);
    inputs[row + 2 * first + 1] = 1;
    inputs[row + 2 * second + 1] = 1;
    targets[i] = inputs[row + 2 * first]! + inputs[row + 2 * second]!;
  }
  return {
    inputs,
    targets,
    targetTimesteps: null,
    classes: null,
    requiredLag: length - 1,
    overlap: 0,
    baselines: { meanSquaredError: 2 / 12 },
  };
}

/**
 * Copy memory (Hochreiter & Schmidhuber 1997; Arjovsky et al. 2016, section 4.1): S symbols out of K, `length` − 1
 * blanks, a delimiter, S blanks; the target is blank until the delimiter has passed, then the symbols in order.
 * Classes: 0 blank, 1 … K symbols, K + 1 delimiter. A net without memory writes blanks, then guesses: S·ln K / (length
 * + 2S). Symbol i is written `length` + S timesteps after it was read.
 */
export function copyMemory({ length, symbols, alphabet, samples, seed }: CopyMemoryData): TaskSamples {
  const random = createRandom(seed);
  const timesteps = length + 2 * symbols;
  const classes = alphabet + 2;
  const lag = length + symbols;
  const baseline = (symbols * Math.log(alphabet)) / timesteps;
  const inputs = new Float32Array(samples * timesteps * classes);
  const targets = new Float32Array(samples * timesteps);
  for (let i = 0; i < samples; i++) {
    const input = i * timesteps * classes;
    const target = i * timesteps;
    for (let t = 0; t < timesteps; t++) {
      let symbol = 0;
      if (t < symbols) {
        symbol = 1 + random.integer(alphabet);
        targets[target + t + lag] = symbol;
      } else if (t === lag - 1) {
        symbol = alphabet + 1;
      }
      inputs[input + t * classes + symbol] = 1;
    }
  }
  return {
    inputs,
    targets,
    targetTimesteps: timesteps,
    classes,
    requiredLag: lag,
    overlap: 0,
    baselines: { sparseCategoricalCrossentropy: baseline, categoricalCrossentropy: baseline },
  };
}

/**
 * Temporal order (Hochreiter & Schmidhuber 1997, task 6a, in the form of Pascanu et al. 2013): the inputs are four
 * distractors, except for A or B at one timestep of [0.1 T, 0.2 T) and at one of [0.5 T, 0.6 T). The class says which
 * of AA, AB, BA, BB occurred. Guessing costs ln 4.
 */
export function temporalOrder({ length, samples, seed }: TemporalOrderData): TaskSamples {
  const random = createRandom(seed);
  const features = 6;
  const inputs = new Float32Array(samples * length * features);
  const targets = new Float32Array(samples);
  const earliest = Math.floor(0.1 * length);
  const from = (share: number) => Math.floor(share * length);
  const within = (start: number, end: number) => start + random.integer(Math.max(1, end - start));
  for (let i = 0; i < samples; i++) {
    const first = within(earliest, from(0.2));
    const second = within(from(0.5), from(0.6));
    const a = random.integer(2);
    const b = random.integer(2);
    for (let t = 0; t < length; t++) {
      const symbol = t === first ? a : t === second ? b : 2 + random.integer(4);
      inputs[(i * length + t) * features + symbol] = 1;
    }
    targets[i] = 2 * a + b;
  }
  return {
    inputs,
    targets,
    targetTimesteps: null,
    classes: 4,
    requiredLag: length - 1 - earliest,
    overlap: 0,
    baselines: { sparseCategoricalCrossentropy: Math.log(4), categoricalCrossentropy: Math.log(4) },
  };
}
