/** Sequences for several kinds of entries. */

import type { Random } from "../../../src/engine/data/random.ts";
import { createRandom } from "../../../src/engine/data/random.ts";
import { arrays, choices, type Data, normal, series, table } from "./files.ts";

/**
 * Four tokens drawn at random; the class is the token at position `at` (negative: from the end). One-hot or as indices.
 */
export function tokens(length: number, at: number, { oneHot = true, samples = 800 } = {}): Data {
  return arrays(() => {
    const drawn = choices(samples * length, 21, 4);
    const position = at < 0 ? length + at : at;
    return {
      x: oneHot
        ? {
            shape: [samples, length, 4],
            values: drawn.flatMap((token) => [0, 1, 2, 3].map((k) => Number(k === token))),
          }
        : { shape: [samples, length], values: drawn },
      y: { shape: [samples], values: Array.from({ length: samples }, (_, i) => drawn[i * length + position]!) },
    };
  });
}
export const classify: object = { loss: "sparseCategoricalCrossentropy" };

/** x_t = Σ φ_k x_{t−k} + noise, to be forecast from a window. */
export function autoregressive(phi: readonly number[], window: number, rows = 1400): Data {
  return table(
    () => {
      const x: number[] = [];
      for (const noise of normal(rows, 22)) {
        const past = phi.reduce((sum, p, k) => sum + p * (x.at(-1 - k) ?? 0), 0);
        x.push(past + noise);
      }
      return { x };
    },
    { inputs: ["x"], targets: ["x"], window, standardize: true },
  );
}

/** A target for each row that depends on the inputs of earlier rows: y_t from x up to x_t. */
export function driven(window: number, target: (x: readonly number[], t: number) => number, rows = 1400): Data {
  return table(
    () => {
      const x = normal(rows, 23);
      return { x, y: x.map((_, t) => target(x, t)) };
    },
    { inputs: ["x"], targets: ["y"], window, horizon: 0 },
  );
}

/**
 * Samples of 3 to `longest` timesteps of noise, padded with zeros to `length`; `targets` makes each target from the
 * real timesteps.
 */
export function padded(
  {
    length,
    longest,
    samples = 600,
    atStart = false,
  }: { length: number; longest: number; samples?: number; atStart?: boolean },
  target: (real: readonly number[]) => readonly number[],
): Data {
  return arrays(() => {
    const random: Random = createRandom(24);
    const inputs: number[] = [];
    const targets: number[] = [];
    let width = 0;
    for (let i = 0; i < samples; i++) {
      const real = Array.from({ length: 3 + random.integer(longest - 2) }, () => random.normal() || 1);
      const zeros = Array.from({ length: length - real.length }, () => 0);
      inputs.push(...(atStart ? [...zeros, ...real] : [...real, ...zeros]));
      const answer = target(real);
      width = answer.length === 1 ? 1 : length;
      targets.push(...answer, ...Array.from({ length: width - answer.length }, () => 0));
    }
    return {
      x: { shape: [samples, length, 1], values: inputs },
      y: { shape: width === 1 ? [samples, 1] : [samples, width], values: targets },
    };
  });
}

/** Two columns of noise, and a class or number computed from them. */
export function plane(target: (a: number, b: number, i: number) => number, samples = 600): Data {
  return table(
    () => {
      const a = normal(samples, 25);
      const b = normal(samples, 26);
      return { a, b, y: a.map((v, i) => target(v, b[i]!, i)) };
    },
    { inputs: ["a", "b"], targets: ["y"] },
  );
}

/** Noise with `features` values per timestep, and a number or a sequence computed from it. */
export function noise(
  { length, features = 1, samples = 600 }: { length: number; features?: number; samples?: number },
  target: (sample: readonly number[]) => readonly number[],
): Data {
  return arrays(() => {
    const x = series(samples * length * features, 27, (random) => random.normal());
    const size = length * features;
    const answers = Array.from({ length: samples }, (_, i) => target(x.slice(i * size, (i + 1) * size)));
    const width = answers[0]?.length ?? 1;
    return {
      x: { shape: [samples, length, features], values: x },
      y: { shape: width === length && width > 1 ? [samples, length, 1] : [samples, width], values: answers.flat() },
    };
  });
}
