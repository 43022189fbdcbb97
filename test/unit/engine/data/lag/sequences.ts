/** Data sets with known dependences of the targets on the inputs. */

import { constantBaseline } from "../../../../../src/engine/data/baseline.ts";
import type { Dataset } from "../../../../../src/engine/data/dataset.ts";
import { createRandom, type Random } from "../../../../../src/engine/data/random.ts";

export interface Made {
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
  readonly inputShape: readonly number[];
  readonly targetShape: readonly number[];
  readonly classes?: number | null;
}

export function datasetOf({ inputs, targets, inputShape, targetShape, classes = null }: Made): Dataset {
  const size = inputShape.reduce((a, b) => a * b, 1);
  const samples = inputs.length / size;
  return {
    samples,
    inputs,
    targets,
    inputShape,
    targetShape,
    test: null,
    features: inputShape.at(-1) ?? 1,
    timesteps: inputShape.length > 1 ? inputShape[0]! : null,
    classes,
    requiredLag: null,
    baselineLoss: (loss) => constantBaseline(loss, targets, samples, targetShape.at(-1) ?? 1),
    warnings: [],
  };
}

/** Windows of a series, like a table's: the target is the value after the window. */
export function windows(series: Float64Array, window: number): Dataset {
  const samples = series.length - window;
  const inputs = new Float32Array(samples * window);
  const targets = new Float32Array(samples);
  for (let i = 0; i < samples; i++) {
    inputs.set(series.subarray(i, i + window), i * window);
    targets[i] = series[i + window]!;
  }
  return datasetOf({ inputs, targets, inputShape: [window, 1], targetShape: [1] });
}

/** x_t = Σ coefficient × x_{t − lag} + ε_t, without the first 500 values. */
export function autoregression(
  length: number,
  coefficients: Readonly<Record<number, number>>,
  seed: number,
  noise: (random: Random) => number = (random) => random.normal(),
): Float64Array {
  const random = createRandom(seed);
  const terms = Object.entries(coefficients).map(([lag, c]) => [Number(lag), c] as const);
  const x = new Float64Array(length + 500);
  for (let t = 0; t < x.length; t++) {
    x[t] = noise(random);
    for (const [lag, c] of terms) x[t]! += c * (x[t - lag] ?? 0);
  }
  return x.slice(500);
}

/** Sequences of independent inputs, with a target computed from each whole sequence. */
export function sequences(
  samples: number,
  [timesteps, width]: readonly [number, number],
  value: (random: Random) => number,
  target: (x: (t: number, f?: number) => number, random: Random) => number,
  seed: number,
): Dataset {
  const random = createRandom(seed);
  const inputs = new Float32Array(samples * timesteps * width);
  const targets = new Float32Array(samples);
  for (let s = 0; s < samples; s++) {
    const from = s * timesteps * width;
    for (let i = 0; i < timesteps * width; i++) inputs[from + i] = value(random);
    targets[s] = target((t, f = 0) => inputs[from + t * width + f]!, random);
  }
  return datasetOf({ inputs, targets, inputShape: [timesteps, width], targetShape: [1] });
}

/** Sequences of tokens for an embedding, with a class computed from each. */
export function tokens(
  samples: number,
  timesteps: number,
  vocabulary: number,
  classOf: (x: (t: number) => number, random: Random) => number,
  seed: number,
): Dataset {
  const made = sequences(samples, [timesteps, 1], (random) => random.integer(vocabulary), classOf, seed);
  const classes = made.targets.reduce((a, b) => Math.max(a, b), 0) + 1;
  return datasetOf({ inputs: made.inputs, targets: made.targets, inputShape: [timesteps], targetShape: [1], classes });
}

/** Sequences with a target at every timestep. */
export function everywhere(
  samples: number,
  timesteps: number,
  value: (random: Random, t: number) => number,
  target: (x: (t: number) => number, t: number, random: Random) => number,
  seed: number,
): Dataset {
  const random = createRandom(seed);
  const inputs = new Float32Array(samples * timesteps);
  const targets = new Float32Array(samples * timesteps);
  for (let s = 0; s < samples; s++) {
    for (let t = 0; t < timesteps; t++) inputs[s * timesteps + t] = value(random, t);
    for (let t = 0; t < timesteps; t++)
      targets[s * timesteps + t] = target((at) => (at < 0 ? 0 : inputs[s * timesteps + at]!), t, random);
  }
  return datasetOf({ inputs, targets, inputShape: [timesteps, 1], targetShape: [timesteps, 1] });
}

/** Value and marker at each timestep; the target is the sum of the two marked values (Hochreiter & Schmidhuber 1997). */
export function adding(samples: number, timesteps: number, seed: number): Dataset {
  const random = createRandom(seed);
  const inputs = new Float32Array(samples * timesteps * 2);
  const targets = new Float32Array(samples);
  const half = timesteps >> 1;
  for (let s = 0; s < samples; s++) {
    for (let t = 0; t < timesteps; t++) inputs[(s * timesteps + t) * 2] = random.uniform();
    for (const t of [random.integer(half), half + random.integer(timesteps - half)]) {
      inputs[(s * timesteps + t) * 2 + 1] = 1;
      targets[s]! += inputs[(s * timesteps + t) * 2]!;
    }
  }
  return datasetOf({ inputs, targets, inputShape: [timesteps, 2], targetShape: [1] });
}
