/** Scales the features of an array to unit scale. */

import type { Scaling } from "../../config/scaling.ts";
import { findPadding, type Sequences, zerosAt } from "./facts/padding.ts";
import { columnScale } from "./scaling.ts";
import type { Indices } from "./split.ts";

/**
 * Scales each feature (index of the last axis) in place, with statistics of the training samples. Padding stays zero
 * and does not count, so that a mask finds it and it does not pull the mean toward zero. Data with one value per
 * feature, or with more axes than timesteps and features, have no padding.
 *
 * @param values `samples × shape`, row-major; written to.
 * @param training indices of the training samples.
 * @returns number of features that are constant over those samples, and so become zeros there.
 */
export function scaleArray(
  scaling: Scaling,
  values: Float32Array,
  shape: readonly number[],
  training: Indices,
): number {
  const width = shape.at(-1) ?? 1;
  const size = shape.reduce((product, n) => product * n, 1);
  const rows = size / width;
  const padded = paddedRows(values, shape, training);
  /** First row of a sample that is not padding, and the row after the last one. */
  const span = (sample: number): readonly [number, number] => padded?.(sample) ?? [0, rows];
  let constant = 0;
  for (let feature = 0; feature < width; feature++) {
    const scale = columnScale(scaling, (visit) => {
      for (const sample of training) {
        const [from, to] = span(sample);
        for (let row = from; row < to; row++) visit(values[sample * size + row * width + feature]!);
      }
    });
    if (scale.constant) constant++;
    const { center, spread } = scale;
    for (let sample = 0; sample * size < values.length; sample++) {
      const [from, to] = span(sample);
      for (let row = from; row < to; row++) {
        const at = sample * size + row * width + feature;
        values[at] = (values[at]! - center) / spread;
      }
    }
  }
  return constant;
}

/** Which rows of a sample are not padding, judged before anything is scaled; null if nothing is padded. */
function paddedRows(
  values: Float32Array,
  shape: readonly number[],
  training: Indices,
): ((sample: number) => readonly [number, number]) | null {
  const [timesteps, features] = shape;
  if (shape.length !== 2 || timesteps === undefined || features === undefined) return null;
  const size = timesteps * features;
  const sequences: Sequences = { values, samples: values.length / size, timesteps, features };
  const padding = findPadding(sequences, training);
  if (padding === null) return null;
  const { at } = padding;
  const lengths = Uint32Array.from({ length: sequences.samples }, (_, i) => timesteps - zerosAt(sequences, i, at));
  return (sample) => {
    const length = lengths[sample] ?? 0;
    return at === "end" ? [0, length] : [timesteps - length, timesteps];
  };
}
